import MigrationCore
import Platform

/// `init`: creates or upgrades the ledger, and gives roles their rights.
struct InitCommand: Command {
  private let readers: [String]
  private let operators: [String]

  init(_ line: ParsedCommandLine) {
    readers = line.texts(.reader)
    operators = line.texts(.operator)
  }

  var writes: Bool { true }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(.refresh, "Preparing the ledger...")
    let result = try session.initialize(readers: readers, operators: operators)
    Interrupts.settle()
    if console.isJSON {
      console.print(document: InitPayload(result))
    } else {
      console.showTarget(of: session)
      InitRendering.print(result, to: console)
    }
    return .done
  }
}
