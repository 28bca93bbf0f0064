import MigrationCore

/// `rename`: lets a migration's record follow its file to another name.
struct RenameCommand: Command {
  private let name: String
  private let newName: String
  private let force: Bool
  private let request: LedgerChangeRequest

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
    newName = line.arguments.last ?? ""
    force = line.isSet(.force)
    request = LedgerChangeRequest(line)
  }

  var writes: Bool { !request.isDryRun }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    try request.run(
      "Renaming: \(shown([name])) -> \(shown([newName]))", in: session, console: console
    ) {
      try session.planRename(of: name, to: newName, force: force)
    }
  }
}
