internal import LedgerSQL
internal import Platform
internal import PostgresClient

/// Runs ``TransactionWork`` on the database: steps 4 and 6 to 8 of DESIGN.md section 6.
///
/// Whatever happens, it ends in one of three ways: the work committed and is recorded; it was undone
/// whole, and an error says so; or the server is out of reach, and the error says that the fate is
/// unknown and what will tell.
///
/// One runner does all the work of a run, one transaction after the other. Where a connection was
/// lost and the server turned out to have committed, the next transaction goes over the new one.
final class TransactionRunner {
  /// The open connection.
  private(set) var database: Database
  /// Makes another connection to the same database, to learn the fate after a lost one.
  private let reconnect: () throws -> Database
  /// The migration whose own SQL made the last work fail; nil where it was none's alone.
  private(set) var culprit: String?
  private let options: SessionSettings
  private let run: RunIdentity
  /// Told of waits, retries and what the server says.
  private let observe: (SessionEvent) -> Void
  /// `set_constraints_deferred.sql`, made once for all transactions.
  private lazy var deferral = database.statement(.setConstraintsDeferred).trimmed.droppingLast(";")

  /// Prepares to run.
  ///
  /// - Parameters:
  ///   - database: the open connection, over which the ledger was read.
  ///   - reconnect: makes another one to the same database.
  ///   - options: waits, time-outs and retries.
  ///   - run: who runs it; its uuid tells the fate of each transaction.
  ///   - observe: told of waits, retries and what the server says.
  init(
    database: Database, reconnect: @escaping () throws -> Database, options: SessionSettings,
    run: RunIdentity, observe: @escaping (SessionEvent) -> Void
  ) {
    self.database = database
    self.reconnect = reconnect
    self.options = options
    self.run = run
    self.observe = observe
  }

  /// Does some work in one transaction.
  ///
  /// - Parameters:
  ///   - work: what to do.
  ///   - onProgress: told of each step and each statement that has run, in microseconds, where the
  ///     work says that these are told. A try that met a lock is told of again from its start.
  /// - Returns: how long each step took, in microseconds, in the try that committed.
  /// - Throws: ``ErrorReport``; its `sqlState` is the server's, also where the ledger's own guard
  ///   refused.
  func perform(
    _ work: TransactionWork, onProgress: @escaping (ProgressMark, Int64) -> Void = { _, _ in }
  ) throws -> [Int64] {
    culprit = nil
    return try Interrupts.protected {
      defer { database.onNotice = nil }
      return try attemptUntilDone(work, onProgress)
    }
  }

  /// Goes on over another connection to the same database.
  func goOn(over database: Database) { self.database = database }

  /// Tries until the work is committed: other runners are waited for, locks are tried again.
  private func attemptUntilDone(
    _ work: TransactionWork, _ onProgress: @escaping (ProgressMark, Int64) -> Void
  ) throws -> [Int64] {
    let check = try database.lateCheck(.write)
    let script = try TransactionScript(
      work, calls: database.calls, check: check, settings: database.settings(options),
      deferral: deferral)
    let failure = TransactionFailure(
      work: work, script: script, positionsAreBytes: database.countsBytesInPositions)
    var waiting = RunnerWait(seconds: options.waitSeconds, observe: observe)
    var lockRetries = options.lockRetries
    while true {
      let listener = TransactionListener(work: work, observe: observe, onProgress: onProgress)
      database.onNotice = listener.hear
      do {
        try database.run(script.text, copyData: script.copyData)
        if check != nil { database.noteCheck() }
        return listener.durations
      } catch let interruption as InterruptedError {
        throw ErrorReport(interruptedBy: interruption.signal)
      } catch let error as QueryError {
        guard let serverError = error.serverError else {
          try settleFate(work, error)
          return listener.durations
        }
        let stage = failure.stage(of: error, isInTransaction: database.isInTransaction)
        switch stage.isOfLedger ? LedgerState(serverError) : nil {
        case .lockHeld:
          try abandon(work, stage)
          try waiting.waitForTurn(
            ErrorReport(serverError, target: database.target), holder: LockHolder(serverError))
          continue
        case .some(let state):
          try abandon(work, stage)
          throw refusal(state, serverError, work)
        case nil: break
        }
        if case .sql = stage, work.handsBack.contains(serverError.sqlState) {
          try abandon(work, stage)
          throw StatementNeedsNoTransaction(error: serverError)
        }
        if serverError.sqlState == .lockNotAvailable, lockRetries > 0 {
          try abandon(work, stage)
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

  /// What the ledger's guard says against it.
  private func refusal(
    _ state: LedgerState, _ error: PostgresError, _ work: TransactionWork
  ) -> ErrorReport {
    var report = ErrorReport(error, target: database.target)
    if state == .refused {
      // The rules' own words name none.
      let isNamed = report.message.hasPrefix("migration \"")
      if work.steps.count == 1, !isNamed, let name = work.steps.first?.name {
        report.message += ": '\(name)'"
      }
      report.details.append("the ledger was changed after the plan was made")
    }
    return report
  }

  static func retryWords(after attempt: Int, left: Int) -> String {
    "a lock was not to be had in time: trying again"
      + (left > 0 ? " (\(left) more after this)" : " (the last time)")
  }

  /// Ends a failed transaction without a trace: also what a ROLLBACK leaves of the migrations' SQL
  /// is taken away, where that has begun to run.
  private func abandon(_ work: TransactionWork, _ stage: TransactionStage) throws {
    guard database.isInTransaction else { return }
    let cleanups = stage == .preparation ? [] : work.steps.map(\.inspection.cleanup)
    let statements = ["ROLLBACK"] + SessionCleanup.survivors(of: cleanups)
    do {
      try database.conclude(statements.joined(separator: ";\n"))
    } catch {
      // The transaction ends with its connection: nothing was changed.
      throw ErrorReport(error, reading: database.target)
    }
  }

  /// Records what the migration's own SQL did wrong, and explains it.
  private func settleFailure(
    _ failure: TransactionFailure, _ error: PostgresError, _ stage: TransactionStage
  ) throws -> Never {
    let interruption = error.sqlState == .queryCanceled ? Interrupts.pending : nil
    let steps = failure.work.steps
    let culprit = stage.culprit(of: steps.count).map { steps[$0] }
    guard let culprit else {
      try abandon(failure.work, stage)
      if let interruption { throw ErrorReport(interruptedBy: interruption) }
      if stage == .conclusion {
        throw failure.report(error, stage: stage, culprit: nil, interruption: nil)
      }
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
    self.culprit = culprit.name
    var report = failure.report(
      error, stage: stage, culprit: culprit, interruption: interruption)
    do {
      let recorded = failure.recordedError(error, stage: stage, location: report.location)
      let status = try record(failure.work, culprit, recorded)
      if interruption == nil {
        report.hint = failure.wayOut(error, culprit: culprit, status: status)
      }
    } catch let recording as QueryError {
      // The work itself is undone in any case: its transaction can only end by a ROLLBACK.
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
  /// - Returns: the status that the ledger gives the migration since; nil where it has no row.
  private func record(
    _ work: TransactionWork, _ culprit: TransactionStep, _ error: RecordedError
  ) throws -> String? {
    do {
      return try record(work, culprit, error, by: run)
    } catch let recording as QueryError where recording.serverError?.sqlState == .untranslatable {
      // A path, a host's name or the SQL holds what the database's encoding lacks.
      let bare = RecordedError(sqlstate: error.sqlstate, message: error.message)
      return try record(work, culprit, bare, by: run.withoutWords)
    }
  }

  private func record(
    _ work: TransactionWork, _ culprit: TransactionStep, _ error: RecordedError,
    by run: RunIdentity
  ) throws -> String? {
    let settings = database.settings(options).statements
    var statements: [String] = []
    if database.isInTransaction {
      statements = ["ROLLBACK TO SAVEPOINT \(TransactionScript.savepoint)"]
      statements += SessionCleanup.afterFailure(of: work.steps.map(\.inspection.cleanup))
      statements += settings
    } else {
      statements = ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"] + settings
      statements += [work.lock ?? database.calls.lock] + work.guards
    }
    statements.append(
      try database.calls.recordFailure(
        of: culprit.name, work.direction, error: error, run: run))
    statements.append("COMMIT")
    let results = try database.conclude(statements.joined(separator: ";\n"))
    return results.lazy.compactMap { result in
      result.columnIndex(named: "migration_record_failure").flatMap { column in
        result.rowCount > 0 ? result.value(row: 0, column: column) : nil
      }
    }.first
  }

  /// Learns what became of a transaction whose connection was lost. Where it was committed, the next
  /// goes over the new connection.
  private func settleFate(_ work: TransactionWork, _ error: QueryError) throws {
    // It was no more than a look.
    if work.steps.isEmpty, work.statement == nil {
      throw ErrorReport(error, reading: database.target)
    }
    let words = error.description
    observe(.warning("\(words); asking the server what became of the \(work.direction.noun)"))
    let fate = Fate(
      work: work, run: run, options: options, lost: database, reconnect: reconnect)
    let (outcome, connection) = try fate.learn(after: words)
    database = connection
    switch outcome {
    case .committed:
      observe(.note("the server has committed it"))
    case .undone:
      if let signal = Interrupts.pending {
        var report = ErrorReport(interruptedBy: signal)
        report.details = [words, "the server undid \(work.subject)"]
        throw report
      }
      throw ErrorReport(
        .connection, "the connection was lost, and the server undid \(work.namedSubject)",
        details: [words],
        hint: words.contains("query_timeout")
          ? "nothing was changed: PgBouncer's query_timeout is too short for it; raise that, or "
            + "connect to the server itself"
          : "nothing was changed: try again")
    }
  }
}
