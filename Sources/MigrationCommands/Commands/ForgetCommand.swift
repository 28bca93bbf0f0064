import MigrationCore

/// `forget`: deletes a migration's record; its events stay.
struct ForgetCommand: Command {
  private let name: String
  private let request: LedgerChangeRequest

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
    request = LedgerChangeRequest(line)
  }

  var writes: Bool { !request.isDryRun }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    try request.run("Forgetting: \(shown([name]))", in: session, console: console) {
      try session.planForgetting(name)
    }
  }
}
