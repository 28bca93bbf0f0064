internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

extension StepwiseRunner {
  /// Journals what stopped it, gives the lease back, and says how far it got.
  ///
  /// - Parameters:
  ///   - error: what stopped it.
  ///   - number: the statement that it was at, counted from 1.
  /// - Returns: the error in words.
  func close(_ error: any Error, at number: Int) -> ErrorReport {
    let lone = error as? LoneFailure
    let unseen = error as? UnseenEnd
    let cause = lone?.report ?? unseen?.report ?? Self.report(of: error, on: database)
    var report = StepwiseFailure(
      work: work, done: done, number: number, ranAlone: lone != nil || unseen != nil
    ).report(cause)
    // Whoever has the lease now goes on.
    guard cause.sqlState != LedgerState.leaseLost.rawValue else { return report }
    do {
      var statements = [try database.calls.keepLease(for: number, of: work, run: run)]
      // What was not begun by this run is as the journal has it: of a statement whose end nobody saw, an
      // error would make one that is known to have failed.
      if unseen == nil, let current {
        statements.append(
          try database.calls.failStep(
            current, of: work, error: StepwiseFailure.journalled(cause), run: run))
      }
      let recorded =
        lone?.recorded
        ?? unseen.map {
          RecordedError(
            sqlstate: SQLState.connectionFailure.rawValue, message: $0.report.message)
        }
      if let recorded {
        statements.append(
          try database.calls.recordFailure(
            of: work.name, work.direction, error: recorded, run: run))
      }
      statements.append(try database.calls.releaseLease(run: run))
      try conclude(statements)
    } catch {
      report.details.append(
        "where it stopped was not recorded: "
          + ((error as? ErrorReport)?.message ?? (error as? QueryError)?.description ?? "\(error)"))
    }
    return report
  }

  /// Runs statements of ours in a transaction, also after a signal; where the connection is gone, over
  /// another one.
  private func conclude(_ statements: [String]) throws {
    let deadline = MonotonicClock.nowMicroseconds + Self.patienceMicroseconds
    while true {
      if !database.isAlive {
        let other = try reconnect()
        other.takeOver(database)
        runner.goOn(over: other)
      }
      let string =
        ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"]
        + database.settings(options).statements + statements + ["COMMIT"]
      do {
        try database.conclude(string.joined(separator: ";\n"))
        return
      } catch {
        if database.isInTransaction { _ = try? database.conclude("ROLLBACK") }
        // It was given up when the connection was lost.
        if LedgerState(error.serverError) == .leaseLost { return }
        let mayPass = LedgerState(error.serverError) == .lockHeld || error.isConnectionLost
        guard mayPass, MonotonicClock.nowMicroseconds < deadline else { throw error }
        MonotonicClock.sleep(milliseconds: 100)
      }
    }
  }

  /// How long the last words to the journal may take; the lease ends by itself.
  private static let patienceMicroseconds = 3_000_000

  private static func report(of error: any Error, on database: Database) -> ErrorReport {
    switch error {
    case let report as ErrorReport: report
    case let error as InterruptedError: ErrorReport(interruptedBy: error.signal)
    case let error as QueryError: ErrorReport(error, reading: database.target)
    default: ErrorReport(.internalError, "unexpected error: \(error)")
    }
  }

  /// After the connection was lost under a statement that ran alone: waits until it has ended on the
  /// server, and asks the catalog what became of it.
  ///
  /// - Returns: what to say.
  /// - Throws: ``UnseenEnd`` where the server stays away, or at it.
  func settleLost(
    _ unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?, _ error: QueryError
  ) throws -> UnseenEnd {
    observe(.warning("\(error.description); asking the server what became of the statement"))
    try reconnectAndWait(error)
    let verdict = try verdict(on: unit, statement, before)
    var report = ErrorReport(
      .connection, "the connection to \(database.target.description) was lost",
      details: [error.description])
    if let signal = Interrupts.pending {
      report = ErrorReport(interruptedBy: signal)
      report.details = [error.description]
    }
    switch verdict {
    case .done(let cleanup):
      report.details.append("the server has carried the statement out")
      do {
        try clear(cleanup, of: unit)
        try finish(unit)
      } catch let error as ErrorReport where error.sqlState == LedgerState.leaseLost.rawValue {
        // Whoever has the lease now sees it too.
      }
    case .again: report.details.append("the server has not carried the statement out")
    case .running: report.details.append("the server is still at it")
    case .ask: report.details.append("whether the statement was carried out cannot be told")
    }
    return UnseenEnd(report: report)
  }

  /// Makes another connection, and waits until nothing of this run is at work over an old one.
  private func reconnectAndWait(_ lost: QueryError) throws {
    let target = database.target
    let deadline = MonotonicClock.nowMicroseconds + max(options.waitSeconds, 1) * 1_000_000
    var last = ErrorReport(lost, reading: target)
    while true {
      do {
        if !database.isAlive {
          let other = try reconnect()
          other.takeOver(database)
          runner.goOn(over: other)
        }
        let isAtWork = try database.statement(.runAtWork, ["run": database.quote(run.id)])
        let results = try database.conclude(isAtWork)
        if results.last.map({ $0.text(row: 0, column: 0) }) == "f" { return }
      } catch let report as ErrorReport {
        last = report
      } catch let error as QueryError {
        last = ErrorReport(error, reading: target)
      }
      guard MonotonicClock.nowMicroseconds < deadline, Interrupts.pending == nil else {
        last.hint = "the same command again finds out what became of it, and goes on from there"
        throw UnseenEnd(report: last)
      }
      MonotonicClock.sleep(milliseconds: 200)
    }
  }
}
