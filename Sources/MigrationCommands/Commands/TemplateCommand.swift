import MigrationCore

/// `template`: suggests a rollback section, and writes it into the file.
struct TemplateCommand: Command {
  private let name: String
  private let isWriting: Bool
  private let isCommented: Bool

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
    isWriting = line.isSet(.write)
    isCommented = line.isSet(.commented)
  }

  var writes: Bool { isWriting }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(.record, "Generating rollback template for: \(shown([name]))")
    let result = try session.template(for: name, writing: isWriting, commented: isCommented)
    if console.isJSON {
      console.print(document: TemplatePayload(result))
    } else {
      console.progress()
      TemplateRendering.print(result, to: console)
    }
    return .done
  }
}
