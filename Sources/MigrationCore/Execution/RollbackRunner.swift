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
      let started = MonotonicClock.nowMicroseconds
      database.onNotice = { notice in
        guard !notice.message.hasPrefix(Self.ownNoticePrefix) else { return }
        observe(
          .serverNotice(migration: plan.name, severity: notice.severity, message: notice.message))
      }
      defer { database.onNotice = nil }
      try attemptUntilDone(plan)
      return RollbackResult(
        name: plan.name, sql: plan.sql,
        durationMicroseconds: Int64(MonotonicClock.nowMicroseconds - started))
    }
  }

  /// What begins the messages that the ledger's functions send to this program, not to people.
  static let ownNoticePrefix = "migration-manager: "

  /// Tries until the rollback is committed: other runners are waited for, locks are tried again.
  private func attemptUntilDone(_ plan: RollbackPlan) throws {
    let settings = TransactionSettings(options)
    let script = try RollbackScript(
      plan: plan, calls: database.calls, settings: settings, run: run)
    let inspection = RollbackInspection(of: plan.sql, origin: plan.origin, name: plan.name)
    let failure = RollbackFailure(plan: plan, inspection: inspection, script: script)
    var waiting = RunnerWait(seconds: options.waitSeconds, observe: observe)
    var lockRetries = options.lockRetries
    while true {
      do {
        _ = try database.execute(script.text)
        return
      } catch let interruption as InterruptedError {
        throw ErrorReport(interruptedBy: interruption.signal)
      } catch let error as QueryError {
        guard let serverError = error.serverError else {
          try settleFate(plan, error)
          return
        }
        switch LedgerState(serverError) {
        case .lockHeld:
          try abandon(plan)
          try waiting.waitForTurn(ErrorReport(serverError, target: database.target))
          continue
        case .some(let state):
          try abandon(plan)
          var report = ErrorReport(serverError, target: database.target)
          if state == .refused {
            report.message += ": '\(plan.name)'"
            report.details.append("the ledger was changed after the plan was made")
          }
          throw report
        case nil: break
        }
        if serverError.sqlState == .lockNotAvailable, lockRetries > 0 {
          try abandon(plan)
          let attempt = options.lockRetries - lockRetries
          lockRetries -= 1
          observe(.note(Self.retryWords(after: attempt, left: lockRetries)))
          try pause(milliseconds: 500 << min(attempt, 6))
          continue
        }
        try settleFailure(failure, error, serverError)
      }
    }
  }

  private static func retryWords(after attempt: Int, left: Int) -> String {
    "a lock was not to be had in time: trying again"
      + (left > 0 ? " (\(left) more after this)" : " (the last time)")
  }

  /// Waits without a transaction; a signal ends it.
  private func pause(milliseconds: Int) throws {
    try RunnerWait.pause(milliseconds: milliseconds)
  }

  /// Ends a failed transaction without a trace.
  private func abandon(_ plan: RollbackPlan) throws {
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
    _ failure: RollbackFailure, _ error: QueryError, _ serverError: PostgresError
  ) throws -> Never {
    let stage = failure.stage(of: error, isInTransaction: database.isInTransaction)
    let interruption = serverError.sqlState == .queryCanceled ? Interrupts.pending : nil
    guard stage.isOfMigration else {
      try abandon(failure.plan)
      throw interruption.map(ErrorReport.init(interruptedBy:))
        ?? ErrorReport(serverError, target: database.target)
    }
    var report = failure.report(serverError, stage: stage, interruption: interruption)
    let recorded = failure.recordedError(serverError, report: report)
    do {
      let settings = TransactionSettings(options).statements
      var statements: [String] = []
      if database.isInTransaction {
        statements = ["ROLLBACK TO SAVEPOINT \(RollbackScript.savepoint)"]
        statements += RollbackScript.hygiene + settings
      } else {
        statements = ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"] + settings
        statements.append(database.calls.lock)
      }
      statements.append(
        try database.calls.recordFailure(of: failure.plan.name, error: recorded, run: run))
      statements.append("COMMIT")
      try database.conclude(statements.joined(separator: ";\n"))
    } catch let recordingError as QueryError {
      // The rollback itself is undone in any case: its transaction can only end by a ROLLBACK.
      if database.isInTransaction { _ = try? database.conclude("ROLLBACK") }
      report.details.append("the failure could not be recorded: \(recordingError.description)")
      if !serverError.sqlState.isTransient {
        report.hint =
          "nothing of it remains: mend the rollback section of '\(failure.plan.name)', "
          + "run 'migration-manager register \(failure.plan.name)', then roll back again"
      }
    }
    throw report
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
