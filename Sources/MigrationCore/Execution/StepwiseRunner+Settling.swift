internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

extension StepwiseRunner {
  /// Puts right what an earlier run left, before it goes on.
  func settle(_ point: ResumePoint) throws {
    do {
      try settleUnit(of: point)
    } catch let error as QueryError {
      guard let serverError = error.serverError, done < work.units.count else {
        throw ErrorReport(error, reading: database.target)
      }
      throw failure(of: work.units[done], serverError)
    }
  }

  private func settleUnit(of point: ResumePoint) throws {
    switch point {
    case .from, .finished: break
    case .refused(let report): throw report
    case .failed(let unit, let before):
      // An error may come when the work is done, or nearly: a wait for others was cancelled.
      if isUnchanged(unit), case .done(let cleanup) = try verdict(on: unit, work.lone(unit), before)
      {
        try clear(cleanup, of: unit)
        try finish(unit)
      } else {
        try clearRemains(of: unit, work.lone(unit), before)
      }
    case .unseen(let unit, let before):
      switch try verdict(on: unit, work.lone(unit), before) {
      case .done(let cleanup):
        try clear(cleanup, of: unit)
        try finish(unit)
      case .again(let cleanup): try clear(cleanup, of: unit)
      case .running, .ask:
        switch work.unseen {
        case .done?:
          try keep(.done, about: unit)
          try finish(unit)
        case .again?: try keep(.again, about: unit)
        case nil: throw work.question(about: unit)
        }
      }
    }
  }

  /// Writes into the audit trail what a person said of a statement, before anything is done on that word.
  private func keep(_ answer: UnseenAnswer, about unit: MigrationUnit) throws {
    try journal(
      [try database.calls.recordAnswer(answer, about: unit, of: work, run: run)],
      as: work.position(unit.number))
  }

  /// What became of a statement whose end nobody saw; waits while a session is at it still.
  func verdict(
    on unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?
  ) throws -> LoneVerdict {
    let deadline = MonotonicClock.nowMicroseconds + options.waitSeconds * 1_000_000
    while true {
      let now = try observation(of: unit, statement)
      let verdict = LoneVerdict.judge(statement, before: before, now: now)
      guard verdict == .running, MonotonicClock.nowMicroseconds < deadline else { return verdict }
      try RunnerWait.pause(milliseconds: 200)
    }
  }

  /// Takes away what a statement left that failed.
  ///
  /// - Throws: `QueryError` where the server takes one of the statements ill.
  func clearRemains(
    of unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?
  ) throws {
    guard let before, let now = try observation(of: unit, statement) else { return }
    try clear(LoneVerdict.cleanup(before: before, now: now), of: unit)
  }

  /// Sends statements that end what a statement began, or take it away, each alone.
  ///
  /// - Throws: `QueryError` where the server takes one of them ill.
  func clear(_ cleanup: [String], of unit: MigrationUnit) throws {
    for sql in cleanup {
      observe(.note("clearing what an earlier try left: \(sql)"))
      try send(sql, for: unit)
    }
  }

  /// Whether `IF NOT EXISTS` has passed over an index that this migration itself left INVALID: then it
  /// is dropped, and the statement runs once more.
  ///
  /// - Throws: ``LoneFailure`` where the index is another's.
  func leavesInvalidIndex(
    _ unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?, isSecondTime: Bool
  ) throws -> Bool {
    guard case .createIndex = statement, let now = try observation(of: unit, statement),
      let (index, isOwn) = LoneVerdict.invalidIndex(after: statement, before: before, now: now)
    else { return false }
    guard isOwn, !isSecondTime else {
      let report = ErrorReport.invalidIndex(index, at: unit.location(in: work.origin))
      throw LoneFailure(
        unit: unit, report: report,
        recorded: RecordedError(
          sqlstate: SQLState.successfulCompletion.rawValue, message: report.message,
          location: report.location?.description))
    }
    return true
  }
}
