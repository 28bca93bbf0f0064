internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

/// A statement that ran alone and failed; nothing of it is recorded yet.
struct LoneFailure: Error {
  /// The statement.
  var unit: MigrationUnit
  /// The failure in words.
  var report: ErrorReport
  /// What the ledger keeps of it.
  var recorded: RecordedError
}

/// The connection was lost under a statement that ran alone. The journal keeps it as begun: the next
/// run finds out what became of it.
struct UnseenEnd: Error {
  /// What is known, in words.
  var report: ErrorReport
}

extension StepwiseRunner {
  /// Runs a statement that cannot run in a transaction: journalled before, with what the catalog holds
  /// of its objects, and after.
  func runAlone(_ unit: MigrationUnit, _ statement: LoneStatement) throws {
    var retries = options.lockRetries
    var isAgain = false
    let before = try observation(of: unit, statement)
    try journal(
      [try database.calls.startStep(unit, before, of: work, run: run)],
      as: work.position(unit.number))
    while true {
      do {
        if isAgain { try clearRemains(of: unit, statement, before) }
        try send(unit)
        guard try leavesInvalidIndex(unit, statement, before, isSecondTime: isAgain) else {
          return try finish(unit)
        }
      } catch let error as QueryError {
        guard let serverError = error.serverError else {
          throw try settleLost(unit, statement, before, error)
        }
        guard serverError.sqlState == .lockNotAvailable, retries > 0, Interrupts.pending == nil
        else { throw failure(of: unit, serverError) }
        let attempt = options.lockRetries - retries
        retries -= 1
        observe(.note(TransactionRunner.retryWords(after: attempt, left: retries)))
        try RunnerWait.pause(milliseconds: 500 << min(attempt, 6))
      }
      isAgain = true
    }
  }

  /// Sends a statement alone, under its settings.
  private func send(_ unit: MigrationUnit) throws {
    let transaction = lone(unit)
    let script = TransactionScript(alone: transaction, at: unit.range, run: run)
    let settings = try sessionSettings(for: unit)
    let listener = TransactionListener(work: transaction, observe: observe) { _, _ in }
    database.onNotice = listener.hear
    defer { database.onNotice = nil }
    try withSession(settings) { try database.run(script.text) }
  }

  /// A statement as the work that its failure is explained by.
  private func lone(_ unit: MigrationUnit) -> TransactionWork {
    var transaction = TransactionWork(
      direction: work.direction, guards: [], steps: [work.step(unit)], removal: nil, records: [])
    transaction.statement = work.position(unit.number)
    return transaction
  }

  /// Runs something in a session with settings, and takes them back whatever happens.
  private func withSession(_ settings: [String], _ body: () throws -> Void) throws {
    guard !settings.isEmpty else { return try body() }
    let reset = SessionCleanup.always.joined(separator: ";\n")
    do {
      do {
        _ = try database.execute(settings.joined(separator: ";\n"))
      } catch var error as QueryError {
        // Its place would be one in the statement.
        if var serverError = error.serverError {
          serverError.position = nil
          error.cause = .server(serverError)
        }
        throw error
      }
      try body()
    } catch {
      _ = try? database.conclude(reset)
      throw error
    }
    try database.conclude(reset)
  }

  /// The timeouts that were asked for; the session's own hold where none were, and where it is pooled.
  private var timeouts: [String] {
    guard database.isDirect else { return [] }
    var settings: [String] = []
    if options.isLockTimeoutSet {
      settings.append("SET lock_timeout = \(options.lockTimeoutMilliseconds)")
    }
    if let timeout = options.statementTimeoutMilliseconds {
      settings.append("SET statement_timeout = \(timeout)")
    }
    return settings
  }

  /// Sends a statement of ours that cannot run in a transaction either.
  ///
  /// - Throws: `QueryError`.
  func send(_ sql: String, for unit: MigrationUnit) throws {
    let title = work.position(unit.number).title
    try withSession(timeouts) {
      try database.run(TransactionScript.comment(on: title, run) + sql)
    }
  }

  /// What a statement runs under that is not the session's own. A pooled session has none: what would
  /// need some was refused.
  private func sessionSettings(for unit: MigrationUnit) throws -> [String] {
    guard database.isDirect else { return [] }
    var settings = timeouts
    if let path = work.searchPath, !database.hasSearchPath(path) {
      settings.append(try database.calls.setSessionSearchPath(path))
    }
    return settings + unit.settings.map(\.sql)
  }

  /// What the catalog holds of a statement's objects; nil where it does not tell of such a statement.
  func observation(of unit: MigrationUnit, _ statement: LoneStatement) throws -> Observation? {
    do {
      return try database.observation(of: statement, unit, in: work)
    } catch let error as QueryError {
      if let serverError = error.serverError { throw failure(of: unit, serverError) }
      throw ErrorReport(error, reading: database.target)
    }
  }

  /// Explains a server's error.
  func failure(of unit: MigrationUnit, _ error: PostgresError) -> LoneFailure {
    let transaction = lone(unit)
    let failure = TransactionFailure(
      work: transaction, script: TransactionScript(alone: transaction, at: unit.range, run: run),
      positionsAreBytes: database.countsBytesInPositions)
    let stage = TransactionStage.sql(step: 0, statement: 0)
    let interruption = error.sqlState == .queryCanceled ? Interrupts.pending : nil
    let report = failure.report(
      error, stage: stage, culprit: transaction.steps.first, interruption: interruption)
    return LoneFailure(
      unit: unit, report: report,
      recorded: failure.recordedError(error, stage: stage, location: report.location))
  }
}
