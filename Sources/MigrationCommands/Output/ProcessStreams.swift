import Platform

/// The standard streams of this process.
package final class ProcessStreams: ProgramStreams {
  /// The streams; there is one set of them.
  package init() {}

  /// Writes bytes to standard output.
  package func writeOutput(_ bytes: [UInt8]) -> OutputDelivery {
    do throws(StreamError) {
      try StandardStreams.write(bytes, to: .standardOutput)
      return .delivered
    } catch {
      return switch error {
      case .closed: .closed
      case .failed(let reason): .failed(reason)
      }
    }
  }

  /// Writes bytes to standard error.
  package func writeError(_ bytes: [UInt8]) {
    // There is nowhere left to report a failure to; the exit status says what became of the work.
    try? StandardStreams.write(bytes, to: .standardError)
  }

  /// Reads a line from standard input.
  package func readLine() -> String? { StandardStreams.readLine() }
}

extension Surroundings {
  /// What this process runs in, as its streams and environment say.
  package static var ofThisProcess: Surroundings {
    // A terminal that does not say how wide it is gets the width of the paper ones.
    let width = Terminal.width ?? 80
    let isDumb = Environment.value(for: "TERM") == "dumb"
    // no-color.org: set and not empty.
    let refusesColour = Environment.value(for: "NO_COLOR").map { !$0.isEmpty } ?? false
    return Surroundings(
      inputIsTerminal: Terminal.inputIsTerminal,
      outputWidth: Terminal.isTerminal(.standardOutput) ? width : nil,
      errorWidth: Terminal.isTerminal(.standardError) ? width : nil,
      usesUTF8: Terminal.usesUTF8,
      allowsColour: !isDumb && !refusesColour)
  }
}
