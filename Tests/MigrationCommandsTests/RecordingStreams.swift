import MigrationCommands
import MigrationCore

/// Streams that remember what was printed, and answer from a list of lines.
final class RecordingStreams: ProgramStreams {
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private var answers: [String]
  private let delivery: OutputDelivery

  init(answers: [String] = [], delivery: OutputDelivery = .delivered) {
    self.answers = answers
    self.delivery = delivery
  }

  var outputText: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: errors, as: UTF8.self) }

  func writeOutput(_ bytes: [UInt8]) -> OutputDelivery {
    if delivery == .delivered { output += bytes }
    return delivery
  }

  func writeError(_ bytes: [UInt8]) { errors += bytes }

  func readLine() -> String? { answers.isEmpty ? nil : answers.removeFirst() }
}

extension Surroundings {
  /// Pipes everywhere, in a UTF-8 locale.
  static let pipes = Surroundings(
    inputIsTerminal: false, outputWidth: nil, errorWidth: nil, usesUTF8: true, allowsColour: true)

  /// Pipes everywhere, in the C locale.
  static let asciiPipes = Surroundings(
    inputIsTerminal: false, outputWidth: nil, errorWidth: nil, usesUTF8: false, allowsColour: true)

  /// A terminal on every stream.
  static func terminal(width: Int, usesUTF8: Bool = true, allowsColour: Bool = false) -> Self {
    Surroundings(
      inputIsTerminal: true, outputWidth: width, errorWidth: width, usesUTF8: usesUTF8,
      allowsColour: allowsColour)
  }
}

/// What a rendering prints, to standard output and to standard error.
func printed(
  in surroundings: Surroundings = .pipes, _ verbosity: Console.Verbosity = .normal,
  isJSON: Bool = false, answers: [String] = [], _ render: (Console) -> Void
) -> (output: String, errors: String) {
  let streams = RecordingStreams(answers: answers)
  let console = Console(
    streams: streams, surroundings: surroundings, verbosity: verbosity, isJSON: isJSON)
  render(console)
  console.flush()
  return (streams.outputText, streams.errorText)
}

/// The JSON text of a document.
func json(_ document: some JSONDocument) -> String {
  var writer = JSONWriter()
  writer.value(document)
  return String(decoding: writer.bytes, as: UTF8.self)
}
