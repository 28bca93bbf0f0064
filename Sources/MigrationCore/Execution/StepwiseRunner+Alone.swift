internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

/// How far a statement that runs alone got.
enum LoneStage {
  /// Nothing of it was sent.
  case notSent
  /// It was sent; whether it was carried out is not known, or it was not.
  case sent
  /// The server said that it was carried out.
  case carriedOut
}

/// A statement that ran alone and failed; nothing of it is recorded yet.
struct LoneFailure: Error {
  /// The statement.
  var unit: MigrationUnit
  /// The failure in words.
  var report: ErrorReport
  /// What the ledger keeps of it.
  var recorded: RecordedError
  /// Whether nothing of the statement can have been done, whatever it is.
  var isHarmless = false
}

/// The connection was lost under a statement that ran alone. The journal keeps it as begun: the next
/// run finds out what became of it.
struct UnseenEnd: Error {
  /// What is known, in words.
  var report: ErrorReport
  /// Whether the server may be at it still: then the lease must stay as it is.
  var mayBeAtWork = false
}

extension StepwiseRunner {
  /// Runs a statement that cannot run in a transaction: journalled before, with what the catalog holds
  /// of its objects, and after.
  func runAlone(_ unit: MigrationUnit, _ statement: LoneStatement) throws {
    var retries = options.lockRetries
    var isAgain = false
    let before = try observation(of: unit, statement)
    self.before = before
    if let signal = Interrupts.pending { throw ErrorReport(interruptedBy: signal) }
    try note([try database.calls.startStep(unit, before, of: work, run: run)], for: unit.number)
    while true {
      do {
        if isAgain, try isSettled(unit, statement, self.before) { return }
        try send(unit)
        guard try leavesInvalidIndex(unit, statement, before, isSecondTime: isAgain) else {
          return try finish(unit)
        }
      } catch let error as QueryError {
        guard let serverError = error.serverError else {
          guard stage != .notSent else { throw ErrorReport(error, reading: database.target) }
          throw try settleLost(unit, statement, before, error)
        }
        let failure = failure(of: unit, serverError)
        guard serverError.sqlState == .lockNotAvailable, retries > 0, Interrupts.pending == nil,
          statement != .unknowable || failure.isHarmless
        else { throw failure }
        let remains = left(by: unit, failure)
        self.before?.left = remains
        if statement == .unknowable { stage = .notSent }
        let attempt = options.lockRetries - retries
        retries -= 1
        observe(.note(TransactionRunner.retryWords(after: attempt, left: retries)))
        try pause(milliseconds: 500 << min(attempt, 6), at: unit.number)
      }
      isAgain = true
    }
  }

  /// Waits, and keeps the lease meanwhile.
  func pause(milliseconds: Int, at number: Int) throws {
    var left = milliseconds
    while left > 0 {
      try RunnerWait.pause(milliseconds: min(left, 1_000))
      left -= 1_000
      try keepLease(for: number, seenWithin: 10)
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
    try holdingLease(for: unit.number, seenWithin: 1, settings) {
      stage = .sent
      do {
        try database.run(script.text)
      } catch let error as InterruptedError {
        stage = .notSent
        throw error
      }
      stage = .carriedOut
    }
  }

  /// A statement as the work that its failure is explained by.
  private func lone(_ unit: MigrationUnit) -> TransactionWork {
    var transaction = TransactionWork(
      direction: work.direction, guards: [], steps: [work.step(unit)], removal: nil, records: [])
    transaction.statement = work.position(unit.number)
    return transaction
  }

  /// Runs something in a session with settings, which may lend it another role, when the lease was seen
  /// to be this run's a moment ago.
  private func holdingLease(
    for number: Int, seenWithin seconds: Int, _ settings: [String], _ body: () throws -> Void
  ) throws {
    var isFresh = false
    while !isFresh {
      try keepLease(for: number, seenWithin: seconds)
      try withSession(settings) {
        isFresh = MonotonicClock.nowMicroseconds - leaseSeenAt < 5_000_000
        if isFresh { try body() }
      }
    }
  }

  /// Runs something in a session with settings, and takes them back whatever happens.
  private func withSession(_ settings: [String], _ body: () throws -> Void) throws {
    guard !settings.isEmpty else { return try body() }
    // What was carried out is so, whatever becomes of its settings: they end with a lost connection. A
    // request to cancel that comes late may meet them.
    defer {
      let reset = SessionCleanup.always.joined(separator: ";\n")
      var attempts = 3
      while attempts > 0, (try? database.conclude(reset)) == nil, database.isAlive { attempts -= 1 }
    }
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
  func send(_ sql: String, at number: Int, roles: [String]) throws {
    let title = work.position(number).title
    let settings = timeouts + (database.isDirect ? roles : [])
    try holdingLease(for: number, seenWithin: 0, settings) {
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

  /// What the catalog holds of a statement's objects.
  ///
  /// - Parameters:
  ///   - unit: where the statement stands.
  ///   - statement: the statement.
  ///   - isConcluding: whether it is to be told also after a signal.
  /// - Returns: what is there; nil where the catalog does not tell of such a statement.
  /// - Throws: ``LoneFailure`` for an error of the server; where the connection is lost, `QueryError`
  ///   if it is concluding, else ``ErrorReport``.
  func observation(
    of unit: MigrationUnit, _ statement: LoneStatement, isConcluding: Bool = false
  ) throws -> Observation? {
    do {
      return try database.observation(of: statement, unit, in: work, isConcluding: isConcluding)
    } catch let error as QueryError {
      if let serverError = error.serverError { throw failure(of: unit, serverError) }
      if isConcluding { throw error }
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
      recorded: failure.recordedError(error, stage: stage, location: report.location),
      // What its procedure or block had begun, the server names: a stack of calls.
      isHarmless: error.context == nil)
  }
}
