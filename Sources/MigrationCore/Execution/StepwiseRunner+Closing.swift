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
      work: work, done: done, number: number, ranAlone: lone != nil || unseen != nil,
      mayBeHalfDone: lone.map(mayBeHalfDone) ?? false
    ).report(cause)
    // Whoever has the lease now goes on. Who may be at work on the server keeps it, with its process.
    guard cause.sqlState != LedgerState.leaseLost.rawValue, unseen?.mayBeAtWork != true
    else { return report }
    do {
      var statements = [try database.calls.keepLease(for: number, of: work, run: run)]
      // What was not begun by this run is as the journal has it: of a statement whose end nobody saw, an
      // error would make one that is known to have failed.
      let isUnseen = unseen != nil || (lone == nil && stage == .sent)
      if !isUnseen, let current {
        statements.append(
          stage == .carriedOut && lone == nil
            ? try database.calls.finishStep(current, of: work, run: run)
            : try database.calls.failStep(
              current, of: work, error: StepwiseFailure.journalled(cause),
              left: left(by: current, lone), run: run))
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
      try conclude(
        statements, at: number, until: MonotonicClock.nowMicroseconds + Self.patienceMicroseconds)
    } catch let error as QueryError where LedgerState(error.serverError) == .leaseLost {
      // It was given up when the connection was lost.
    } catch {
      report.details.append(
        "where it stopped was not recorded: "
          + ((error as? ErrorReport)?.message ?? (error as? QueryError)?.description ?? "\(error)"))
    }
    return report
  }

  /// Whether a failure may have left a part of what its statement does, which no catalog shows.
  private func mayBeHalfDone(_ failure: LoneFailure) -> Bool {
    stage == .sent && !failure.isHarmless && work.lone(failure.unit) == .unknowable
  }

  /// What a statement left that failed, as the journal keeps it; nil where that is not known.
  func left(by unit: MigrationUnit, _ failure: LoneFailure?) -> [Observation.Index]? {
    let isUntouched = failure?.isHarmless ?? (stage == .notSent)
    guard let before, work.lone(unit) != .unknowable else { return isUntouched ? [] : nil }
    guard let now = try? observation(of: unit, work.lone(unit), isConcluding: true)
    else { return nil }
    // What another session is at is not this one's.
    return LoneVerdict.remains(before: before, now: now).filter { !$0.isBuilding }
  }

  /// Runs statements of ours in a transaction, also after a signal; where the connection is gone, over
  /// another one.
  ///
  /// - Parameters:
  ///   - statements: the statements, which do no harm when they are sent twice.
  ///   - number: the statement that it is at, counted from 1.
  ///   - deadline: until when it is tried, by the monotonic clock.
  /// - Throws: the last error.
  func conclude(_ statements: [String], at number: Int, until deadline: Int) throws {
    while true {
      do {
        if !database.isAlive {
          let other = try reconnect()
          other.takeOver(database)
          runner.goOn(over: other)
        }
        let check = try database.lateCheck(.write)
        let string =
          [
            "\(TransactionScript.mark)\(work.position(number).title)\n"
              + "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
          ]
          + database.settings(options).statements + [check].compactMap { $0 } + statements
          + ["COMMIT"]
        try database.conclude(string.joined(separator: ";\n"))
        if check != nil { database.noteCheck() }
        return
      } catch let error as QueryError {
        if database.isInTransaction { _ = try? database.conclude("ROLLBACK") }
        // A request to cancel the statement before may come late.
        let mayPass =
          LedgerState(error.serverError) == .lockHeld || error.isConnectionLost
          || error.serverError?.sqlState == .queryCanceled
        guard mayPass, MonotonicClock.nowMicroseconds < deadline else { throw error }
      } catch let report as ErrorReport {
        guard report.code == .connection, MonotonicClock.nowMicroseconds < deadline
        else { throw report }
      }
      MonotonicClock.sleep(milliseconds: 100)
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
    var report = ErrorReport(
      .connection, "the connection to \(database.target.description) was lost",
      details: [error.description])
    if let signal = Interrupts.pending {
      report = ErrorReport(interruptedBy: signal)
      report.details = [error.description]
    }
    let verdict: LoneVerdict
    do {
      verdict = try self.verdict(on: unit, statement, before)
    } catch let obstacle as ErrorReport {
      report.details.append(obstacle.message)
      return UnseenEnd(report: report, mayBeAtWork: true)
    }
    switch verdict {
    case .done(let cleanup):
      report.details.append("the server has carried the statement out")
      do {
        try clear(cleanup, at: unit.number, before)
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
  private func reconnectAndWait(_ error: QueryError) throws {
    let lost = database
    var deadline = MonotonicClock.nowMicroseconds + max(options.waitSeconds, 1) * 1_000_000
    var isInterrupted = false
    var last = ErrorReport(error, reading: lost.target)
    while true {
      do {
        if !database.isAlive {
          let other = try reconnect()
          other.takeOver(database)
          runner.goOn(over: other)
        }
        guard try isAtWork(run: run.id) else { return }
        last = ErrorReport(
          .connection, "the connection to \(lost.target.description) was lost",
          details: [error.description, "the server is still at the statement"])
      } catch let report as ErrorReport {
        last = report
      } catch let error as QueryError {
        last = ErrorReport(error, reading: lost.target)
      }
      if Interrupts.pending != nil {
        lost.cancel()
        if !isInterrupted {
          isInterrupted = true
          deadline = min(deadline, MonotonicClock.nowMicroseconds + Self.patienceMicroseconds)
        }
      }
      guard MonotonicClock.nowMicroseconds < deadline else {
        last.hint = "the same command again finds out what became of it, and goes on from there"
        throw UnseenEnd(report: last, mayBeAtWork: true)
      }
      MonotonicClock.sleep(milliseconds: 200)
    }
  }
}
