import MigrationCore
import Platform

/// `register`: records migrations that another runner applied, or refreshes their records.
struct RegisterCommand: Command {
  private let names: [String]
  private let force: Bool
  private let reason: String?

  init(_ line: ParsedCommandLine) {
    names = line.arguments
    force = line.isSet(.force)
    reason = line.text(.reason)
  }

  var writes: Bool { true }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    let subject = names.count == 1 ? "Registering migration" : "Registering"
    console.progress(.record, "\(subject): \(shown(names))")
    let results = try session.register(names, force: force, reason: reason)
    Interrupts.settle()
    if console.isJSON {
      console.print(document: OutcomePayload(results.map(MigrationOutcomePayload.init)))
      for case let error? in results.map(\.error) { console.error(error) }
    } else {
      console.showTarget(of: session)
      RegisterRendering.print(results, to: console)
    }
    return RegisterRendering.status(of: results)
  }
}
