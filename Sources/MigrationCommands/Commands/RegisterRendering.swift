package import MigrationCore

/// What `register` prints.
package enum RegisterRendering {
  /// Prints a block for each migration, named where there are several; what was not recorded is an
  /// error.
  package static func print(_ results: [RegistrationResult], to console: Console) {
    for (index, result) in results.enumerated() {
      if index > 0 { console.print() }
      if results.count > 1 { console.print("Migration: \(result.name)") }
      if let error = result.error {
        console.error(error)
      } else if result.outcome == .skipped {
        console.print(
          console.symbols.mark(false, "Not recorded, because another one was refused"))
      } else {
        print(recorded: result, to: console)
      }
    }
  }

  /// The exit status: of what went wrong the worst.
  package static func status(of results: [RegistrationResult]) -> ExitStatus {
    let statuses = results.compactMap { result -> ExitStatus? in
      result.error.map { ExitStatus.of($0.code, signal: nil) }
    }
    return statuses.max { $0.code < $1.code } ?? .done
  }

  private static func print(recorded result: RegistrationResult, to console: Console) {
    let words =
      result.outcome == .refreshed
      ? "Migration refreshed successfully" : "Migration registered successfully"
    console.print(console.symbols.mark(true, words))
    let symbols = console.symbols
    if let why = result.irreversible {
      console.print("   Rollback SQL: \(symbols.mark(false, "Irreversible: \(why)"))")
    } else if result.hasRollbackSQL {
      console.print("   Rollback SQL: \(symbols.mark(true, "Available"))")
    } else {
      console.print("   Rollback SQL: \(symbols.mark(false, "Not available"))")
    }
    if result.outcome == .registered, !result.evidence.isEmpty {
      console.print("   Evidence: \(result.evidence)")
    }
    for remark in result.remarks { console.note(remark) }
  }
}
