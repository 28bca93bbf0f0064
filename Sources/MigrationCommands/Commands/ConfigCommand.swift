import MigrationCore

/// `config`: what is in force, and where each value comes from.
struct ConfigCommand: Command {
  init(_ line: ParsedCommandLine) {}

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    let report = try session.configurationReport()
    if console.isJSON {
      console.print(document: ConfigPayload(report))
    } else {
      ConfigRendering.print(report, to: console)
    }
    return .done
  }
}
