internal import LedgerSQL
internal import Platform
internal import PostgresClient

/// Learns after a lost connection whether the server committed: DESIGN.md section 6, step 7.
///
/// The lock of all runners is held by the old transaction for as long as it lives. Once it is got,
/// the old one has ended, and the event of this run on the first of its migrations is there if and
/// only if it committed: one run may write many transactions, but a migration in one of them.
///
/// Where it is not there, a `fail` event takes its place: the query string may still be on its way,
/// and the functions that record refuse a run that has been given up.
struct Fate {
  let work: TransactionWork
  let run: RunIdentity
  let options: SessionSettings
  /// The connection that was lost.
  let lost: Database
  /// Makes another one to the same database.
  let reconnect: () throws -> Database

  /// What became of the transaction.
  enum Outcome: Equatable {
    /// It committed.
    case committed
    /// It was rolled back.
    case undone
  }

  /// How long a person who pressed Ctrl-C still waits for the answer.
  private static let patienceMicroseconds = 5_000_000

  /// Asks until the server answers, for as long as `--wait` says.
  ///
  /// A signal cancels what the old transaction is at, should it still run, and shortens the wait.
  ///
  /// - Parameter words: why the connection was lost.
  /// - Returns: what became of the transaction, and the connection that told it.
  /// - Throws: ``ErrorReport`` of code `fateUnknown` when the server stays away, or the lock is
  ///   never free.
  func learn(after words: String) throws -> (Outcome, Database) {
    var deadline = MonotonicClock.nowMicroseconds + max(options.waitSeconds, 1) * 1_000_000
    var isInterrupted = false
    while true {
      let report: ErrorReport
      do {
        let database = try reconnect()
        return (try ask(database, after: words), database)
      } catch let error as QueryError {
        report = ErrorReport(error, reading: lost.target)
      } catch let error as ErrorReport {
        report = error
      }
      if Interrupts.pending != nil {
        lost.cancel()
        if !isInterrupted {
          isInterrupted = true
          deadline = min(deadline, MonotonicClock.nowMicroseconds + Self.patienceMicroseconds)
        }
      }
      guard MonotonicClock.nowMicroseconds < deadline else { throw unknown(report) }
      MonotonicClock.sleep(milliseconds: 200)
    }
  }

  /// Asks once, over a new connection.
  ///
  /// - Throws: `QueryError` or ``ErrorReport`` where there is no answer yet.
  private func ask(_ database: Database, after words: String) throws -> Outcome {
    let question =
      ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"]
      + lost.settings(options).statements.map { "\($0);" }
      + [try database.check(.write), database.statement(.setSearchPath)]
    let lock = "\(work.lock ?? database.calls.lock);"
    let witness = try witness(over: database)
    var isOurs = true
    let results: [QueryResult]
    do {
      results = try database.conclude((question + [lock, witness]).joined(separator: "\n"))
    } catch {
      guard LedgerState(error.serverError) == .leaseLost else { throw error }
      // Another run has had the lock since: the old transaction has ended, and what may still be on
      // its way finds the lease gone.
      isOurs = false
      try database.conclude("ROLLBACK")
      results = try database.conclude((question + [witness]).joined(separator: "\n"))
    }
    guard let outcomes = results.lazy.compactMap(Self.outcomes).first else {
      throw ErrorReport(.internalError, "the server gave fewer results than it was asked for")
    }
    var conclusion: [String] = []
    if outcomes.isEmpty, isOurs {
      conclusion.append(
        try database.calls.recordFailure(
          of: name, work.direction,
          error: RecordedError(sqlstate: SQLState.connectionFailure.rawValue, message: words),
          run: run))
      if work.statement != nil { conclusion.append(try database.calls.releaseLease(run: run)) }
    }
    try database.conclude((conclusion + ["COMMIT"]).joined(separator: ";\n"))
    database.takeOver(lost)
    return outcomes.contains { $0 != "fail" } ? .committed : .undone
  }

  /// What tells it: the outcomes of `run_event.sql`, or `step_fate.sql` as if it were one of those.
  private static func outcomes(in result: QueryResult) -> [String]? {
    if let column = result.columnIndex(named: "outcome") {
      return (0..<result.rowCount).map { result.text(row: $0, column: column) }
    }
    return result.columnIndex(named: "is_finished").map { column in
      result.text(row: 0, column: column) == "t" ? ["done"] : []
    }
  }

  /// The statement that asks what tells it.
  private func witness(over database: Database) throws -> String {
    var values = ["run": try database.quote(run.id), "name": try database.quote(name)]
    guard let statement = work.statement, !statement.isFinal else {
      return database.statement(.runEvent, values)
    }
    values["direction"] = try database.quote(statement.direction.rawValue)
    values["statement"] = String(statement.number)
    return database.statement(.stepFate, values)
  }

  /// The migration whose event tells: all of a transaction are recorded, or none.
  private var name: String { work.statement?.migration ?? work.steps.first?.name ?? "" }

  private func unknown(_ last: ErrorReport) -> ErrorReport {
    let isRunning = last.sqlState == LedgerState.lockHeld.rawValue
    return ErrorReport(
      .fateUnknown,
      "the connection to \(lost.target.description) was lost, and "
        + (isRunning ? "what it ran may still be running" : "the server stays away"),
      details: [last.message] + last.details + [
        "whether \(work.subject) was committed is not known; "
          + (isRunning ? "when the lock is free" : "when the server is back") + ", this tells:",
        "SELECT outcome FROM \(lost.schema.quotedIdentifier).migration_events "
          + "WHERE run_id = '\(run.id)'"
          + " AND migration_name = \((try? lost.quote(name)) ?? "'\(name)'")",
        "a row '\(work.direction == .up ? "applied" : "done")' means committed; "
          + "anything else means that nothing was changed",
      ],
      hint: (isRunning ? "wait until it is done" : "bring the server back")
        + " and run the query, or 'migration-manager list --all'")
  }
}
