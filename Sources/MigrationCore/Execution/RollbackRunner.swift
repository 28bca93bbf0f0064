internal import LedgerSQL
internal import Platform
internal import PostgresClient

/// Runs a ``RollbackPlan`` on the database: steps 4 and 6 to 8 of DESIGN.md section 6.
///
/// Whatever happens, it ends in one of three ways: the rollback committed and is recorded; it was
/// undone whole, and an error says so; or the server is out of reach, and the error says that the
/// fate is unknown and what will tell.
struct RollbackRunner {
  /// The open connection.
  let database: Database
  /// Makes another connection to the same database, to learn the fate after a lost one.
  let reconnect: () throws -> Database
  let options: SessionOptions
  let run: RunIdentity
  /// Told of waits and retries.
  let observe: (SessionEvent) -> Void

  /// Runs a plan.
  ///
  /// - Parameter plan: a plan that is not refused.
  /// - Returns: what ran and how long it took.
  /// - Throws: ``ErrorReport``.
  func execute(_ plan: RollbackPlan) throws -> RollbackResult {
    try Interrupts.protected {
      database.onNotice = { notice in
        guard !notice.message.hasPrefix(Self.ownNoticePrefix) else { return }
        observe(
          .serverNotice(migration: plan.name, severity: notice.severity, message: notice.message))
      }
      defer { database.onNotice = nil }
      return RollbackResult(
        name: plan.name, sql: plan.sql, durationMicroseconds: try attemptUntilDone(plan),
        runnerLedgers: plan.runnerLedgers)
    }
  }

  /// What begins the messages that the ledger's functions send to this program, not to people.
  static let ownNoticePrefix = "migration-manager: "

  /// Tries until the rollback is committed: other runners are waited for, locks are tried again.
  ///
  /// - Returns: how long the try that committed took, in microseconds.
  private func attemptUntilDone(_ plan: RollbackPlan) throws -> Int64 {
    let inspection = RollbackInspection(of: plan.sql, origin: plan.origin, name: plan.name)
    let script = try RollbackScript(
      plan: plan, calls: database.calls, check: try database.lateCheck(.write),
      settings: TransactionSettings(options), cleanup: inspection.cleanup,
      removal: try removal(plan), run: run)
    let failure = RollbackFailure(
      plan: plan, inspection: inspection, script: script,
      positionsAreBytes: database.countsBytesInPositions)
    var waiting = RunnerWait(seconds: options.waitSeconds, observe: observe)
    var lockRetries = options.lockRetries
    while true {
      let started = MonotonicClock.nowMicroseconds
      do {
        try database.run(script.text)
        return Int64(MonotonicClock.nowMicroseconds - started)
      } catch let interruption as InterruptedError {
        throw ErrorReport(interruptedBy: interruption.signal)
      } catch let error as QueryError {
        guard let serverError = error.serverError else {
          try settleFate(plan, error)
          return Int64(MonotonicClock.nowMicroseconds - started)
        }
        let stage = failure.stage(of: error, isInTransaction: database.isInTransaction)
        switch stage.isOfLedger ? LedgerState(serverError) : nil {
        case .lockHeld:
          try abandon()
          try waiting.waitForTurn(ErrorReport(serverError, target: database.target))
          continue
        case .some(let state):
          try abandon()
          var report = ErrorReport(serverError, target: database.target)
          if state == .refused {
            report.message += ": '\(plan.name)'"
            report.details.append("the ledger was changed after the plan was made")
          }
          throw report
        case nil: break
        }
        if serverError.sqlState == .lockNotAvailable, lockRetries > 0 {
          try abandon()
          let attempt = options.lockRetries - lockRetries
          lockRetries -= 1
          observe(.note(Self.retryWords(after: attempt, left: lockRetries)))
          try RunnerWait.pause(milliseconds: 500 << min(attempt, 6))
          continue
        }
        try settleFailure(failure, serverError, stage)
      }
    }
  }

  /// The statement that takes the migration off other runners' ledgers; nil where it stays there.
  private func removal(_ plan: RollbackPlan) throws -> String? {
    let rows = plan.runnerLedgers.filter { $0.action == .remove }.map {
      RemovedRunnerRow(migration: plan.name, $0)
    }
    guard !rows.isEmpty else { return nil }
    let sql = database.statement(
      .removeRunnerRows, ["rows": try database.quote(encodedJSON(rows))])
    return sql.trimmed.droppingLast(";")
  }

  private static func retryWords(after attempt: Int, left: Int) -> String {
    "a lock was not to be had in time: trying again"
      + (left > 0 ? " (\(left) more after this)" : " (the last time)")
  }

  /// Ends a failed transaction without a trace.
  private func abandon() throws {
    guard database.isInTransaction else { return }
    do {
      try database.conclude("ROLLBACK")
    } catch {
      // The transaction ends with its connection: nothing was changed.
      throw ErrorReport(error, reading: database.target)
    }
  }

  /// Records what the migration's own SQL did wrong, and explains it.
  private func settleFailure(
    _ failure: RollbackFailure, _ error: PostgresError, _ stage: RollbackScript.Stage
  ) throws -> Never {
    let interruption = error.sqlState == .queryCanceled ? Interrupts.pending : nil
    guard stage.isOfMigration else {
      try abandon()
      if let interruption { throw ErrorReport(interruptedBy: interruption) }
      var report = ErrorReport(error, target: database.target)
      if stage == .runnerLedgers {
        report.details.append("when it was taken off the other runner's ledger")
        report.hint =
          error.sqlState == .lockNotAvailable
          ? "nothing was changed: try again, or give a longer --lock-timeout or more --lock-retries"
          : "nothing was changed: give --runner-ledger keep, or put that ledger right first"
      }
      throw report
    }
    var report = failure.report(error, stage: stage, interruption: interruption)
    do {
      let status = try record(failure, error, stage, location: report.location)
      if interruption == nil { report.hint = failure.wayOut(error, status: status) }
    } catch let recording as QueryError {
      // The rollback itself is undone in any case: its transaction can only end by a ROLLBACK.
      if database.isInTransaction { _ = try? database.conclude("ROLLBACK") }
      report.details.append(
        "the failure was not recorded: "
          + (recording.serverError?.message ?? recording.description))
    }
    throw report
  }

  /// Records a failure in the transaction that it left behind or, where none was open, in a new one
  /// behind lock and guard: a row that was mended meanwhile is none of this failure's business.
  ///
  /// - Returns: the status that the ledger gives the migration since.
  private func record(
    _ failure: RollbackFailure, _ error: PostgresError, _ stage: RollbackScript.Stage,
    location: ErrorReport.Location?
  ) throws -> String? {
    let full = failure.recordedError(error, stage: stage, location: location)
    do {
      return try record(failure, full, by: run)
    } catch let recording as QueryError where recording.serverError?.sqlState == .untranslatable {
      // A path, a host's name or the SQL holds what the database's encoding lacks.
      let bare = RecordedError(sqlstate: full.sqlstate, message: full.message)
      return try record(failure, bare, by: run.withoutWords)
    }
  }

  private func record(
    _ failure: RollbackFailure, _ error: RecordedError, by run: RunIdentity
  ) throws -> String? {
    let settings = TransactionSettings(options).statements
    let calls = database.calls
    var statements: [String] = []
    if database.isInTransaction {
      statements = ["ROLLBACK TO SAVEPOINT \(RollbackScript.savepoint)"]
      statements += failure.inspection.cleanup.afterFailure + settings
    } else {
      statements = ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"] + settings
      statements.append(calls.lock)
      statements.append(
        try calls.guardRollback(of: failure.plan.name, sqlChecksum: failure.plan.sqlChecksum))
    }
    statements.append(try calls.recordFailure(of: failure.plan.name, error: error, run: run))
    statements.append("COMMIT")
    let results = try database.conclude(statements.joined(separator: ";\n"))
    return results.lazy.compactMap { result in
      result.columnIndex(named: "migration_record_failure").flatMap { column in
        result.rowCount > 0 ? result.value(row: 0, column: column) : nil
      }
    }.first
  }

  /// Learns what became of a rollback whose connection was lost.
  private func settleFate(_ plan: RollbackPlan, _ error: QueryError) throws {
    let words = error.description
    observe(.warning("\(words); asking the server what became of the rollback"))
    let fate = Fate(
      plan: plan, run: run, options: options, lost: database, reconnect: reconnect)
    switch try fate.learn(after: words) {
    case .committed:
      observe(.note("the server has committed it"))
    case .undone:
      if let signal = Interrupts.pending {
        var report = ErrorReport(interruptedBy: signal)
        report.details = [words, "the server undid the rollback"]
        throw report
      }
      throw ErrorReport(
        .connection, "the connection was lost, and the server undid the rollback of '\(plan.name)'",
        details: [words], hint: "nothing was changed: try again")
    }
  }
}
