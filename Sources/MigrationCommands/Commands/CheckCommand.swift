import MigrationCore

/// `check`: whether migrations can be rolled back, and why not.
struct CheckCommand: Command {
  private let names: [String]

  init(_ line: ParsedCommandLine) { names = line.arguments }

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(.search, "Checking rollback status for: \(shown(names))")
    console.progress()
    let checks = try session.check(names)
    if console.isJSON {
      console.print(document: CheckPayload(checks))
    } else {
      if console.verbosity == .verbose { console.showTarget(of: session) }
      CheckRendering.print(checks, to: console)
    }
    return checks.allSatisfy { $0.canRollback } ? .done : .refused
  }
}
