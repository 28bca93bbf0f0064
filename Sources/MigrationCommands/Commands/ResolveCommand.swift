import MigrationCore

/// `resolve`: sets a migration's status by hand.
struct ResolveCommand: Command {
  private let name: String
  private let status: MigrationStatus
  private let request: LedgerChangeRequest

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
    status = line.isSet(.applied) ? .applied : .rolledBack
    request = LedgerChangeRequest(line)
  }

  var writes: Bool { !request.isDryRun }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    try request.run("Resolving: \(shown([name]))", in: session, console: console) {
      try session.planResolution(of: name, as: status)
    }
  }
}
