internal import LedgerSQL
internal import Platform
internal import PostgresClient

/// Learns after a lost connection whether the server committed: DESIGN.md section 6, step 7.
///
/// The lock of all runners is held by the old transaction for as long as it lives. Once it is got,
/// the old one has ended, and the event of this run is there if and only if it committed.
struct Fate {
  let run: RunIdentity
  let options: SessionOptions
  let reconnect: () throws -> Database
  let target: DatabaseTarget
  /// The ledger's schema, quoted.
  let schema: String

  /// What became of the transaction.
  enum Outcome: Equatable {
    /// It committed.
    case committed
    /// It was rolled back.
    case undone
  }

  /// Asks until the server answers, for as long as `--wait` says.
  ///
  /// - Throws: ``ErrorReport`` of code `fateUnknown` when the server stays away, the lock is never
  ///   free, or a signal ends the waiting.
  func learn() throws -> Outcome {
    let deadline = MonotonicClock.nowMicroseconds + max(options.waitSeconds, 1) * 1_000_000
    var lastWords = ""
    while true {
      do {
        let database = try reconnect()
        return try ask(database)
      } catch let error as QueryError {
        lastWords = error.description
      } catch let error as ErrorReport {
        lastWords = ([error.message] + error.details).joined(separator: ": ")
      }
      guard MonotonicClock.nowMicroseconds < deadline, Interrupts.pending == nil else {
        throw unknown(lastWords)
      }
      MonotonicClock.sleep(milliseconds: 200)
    }
  }

  private func ask(_ database: Database) throws -> Outcome {
    let statements = [
      "BEGIN ISOLATION LEVEL READ COMMITTED",
      database.calls.lock,
      try query(database),
      "COMMIT",
    ]
    let results = try database.conclude(statements.joined(separator: ";\n"))
    let isCommitted = results.contains { result in
      result.columnIndex(named: "outcome").map { column in
        (0..<result.rowCount).contains { result.text(row: $0, column: column) == "done" }
      } ?? false
    }
    return isCommitted ? .committed : .undone
  }

  private func query(_ database: Database) throws -> String {
    let text = try database.statement(.runEvent, ["run": database.quote(run.id)]).trimmed
    return text.hasSuffix(";") ? String(text.dropLast()) : text
  }

  private func unknown(_ words: String) -> ErrorReport {
    ErrorReport(
      .fateUnknown, "the connection to \(target.description) was lost, and the server stays away",
      details: [
        words,
        "whether the rollback was committed is not known; when the server is back, this tells:",
        "SELECT outcome FROM \(schema).migration_events WHERE run_id = '\(run.id)'",
        "a row 'done' means committed; no row means that nothing was changed",
      ],
      hint: "bring the server back and run the query, or 'migration-manager list --all'")
  }
}
