import MigrationCore
import Platform

/// `init`: creates or upgrades the ledger, and gives roles their rights; with `--drop` drops it.
struct InitCommand: Command {
  private let readers: [String]
  private let operators: [String]
  private let drops: Bool
  private let confirmation: Confirmation

  init(_ line: ParsedCommandLine) {
    readers = line.texts(.reader)
    operators = line.texts(.operator)
    drops = line.isSet(.drop)
    confirmation = Confirmation(line)
  }

  var writes: Bool { true }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    if drops { return try drop(in: session, console: console) }
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

  private func drop(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(.warning, "Dropping the ledger...")
    let found = try session.inventory()
    console.showTarget(of: session)
    guard !found.isEmpty else {
      LedgerDropRendering.print(.absent, found, to: console)
      return .done
    }
    console.progress()
    if let objection = confirmation.objection(on: session.target) { throw objection }
    if confirmation.isGiven {
      LedgerDropRendering.announce(found, to: console)
    } else if !LedgerDropRendering.confirm(found, target: session.target, on: console) {
      let error = ErrorReport.declined(
        "dropping the ledger in schema '\(found.schema)'", on: session.target)
      if console.isJSON {
        console.print(document: LedgerDropPayload(.declined, found, error: error))
      }
      console.error(error)
      return Program.status(of: error)
    }
    let dropped = try Interrupts.protected {
      defer { Interrupts.settle() }
      return try session.dropLedger()
    }
    LedgerDropRendering.print(dropped.isEmpty ? .absent : .dropped, dropped, to: console)
    return .done
  }
}
