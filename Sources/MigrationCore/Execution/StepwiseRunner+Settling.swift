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
    if case .refused(let report) = point { throw report }
    let open = journal.filter { !$0.isFinished }
    for row in open { try awaitEnd(of: row) }
    var settled: Int?
    switch point {
    case .from, .finished, .refused: break
    case .failed(let unit, let before):
      // An error may come when the work is done, or nearly: a wait for others was cancelled.
      guard isUnchanged(unit) else { break }
      settled = unit.number
      _ = try isSettled(unit, work.lone(unit), before)
    case .unseen(let unit, let before):
      settled = unit.number
      let statement = work.lone(unit)
      switch try verdict(on: unit, statement, before) {
      case .done, .again: _ = try isSettled(unit, statement, before)
      case .running, .ask:
        switch work.answer(about: unit) {
        case .done?:
          guard try !leavesInvalidIndex(unit, statement, before, isSecondTime: true) else { break }
          try keep(.done, about: unit)
          try finish(unit)
        case .again?: try keep(.again, about: unit)
        case nil: throw work.question(about: unit)
        }
      }
    }
    // What failed left its remains, wherever its statement stands now, and whatever stands in its place.
    for row in open where row.error != nil && row.number != settled {
      if let before = row.observation { try clearRemains(before) }
    }
  }

  /// Writes into the audit trail what a person said of a statement, before anything is done on that word.
  private func keep(_ answer: UnseenAnswer, about unit: MigrationUnit) throws {
    try note(
      [try database.calls.recordAnswer(answer, about: unit, of: work, run: run)], for: unit.number)
  }

  /// Waits until the server has done with a statement that the journal has as begun, whatever became of
  /// its client; nothing is judged before that.
  ///
  /// - Throws: ``ErrorReport`` of code `lock` where it lasts longer than `--wait`.
  private func awaitEnd(of row: JournalRow) throws {
    guard row.run != run.id else { return }
    try waitUntil(
      "statement \(row.number) of \(row.count) of '\(work.name)'",
      at: min(done + 1, max(work.units.count, 1))
    ) {
      try !isAtWork(run: row.run)
    }
  }

  /// Whether the server is at a statement of a run.
  ///
  /// - Throws: `QueryError`.
  func isAtWork(run id: String) throws -> Bool {
    let results = try database.conclude(
      database.statement(.runAtWork, ["run": database.quote(id)]))
    return results.last.map { $0.text(row: 0, column: 0) } != "f"
  }

  /// Waits as long as `--wait` says for what the server is at, and keeps the lease meanwhile.
  private func waitUntil(
    _ subject: String, at number: Int, _ isOver: () throws -> Bool
  ) throws {
    let deadline = MonotonicClock.nowMicroseconds + options.waitSeconds * 1_000_000
    var isAnnounced = false
    while try !isOver() {
      guard MonotonicClock.nowMicroseconds < deadline else {
        throw ErrorReport(
          .lock, "\(subject) is still at work on the server",
          hint: "wait until it has ended, or give a longer --wait")
      }
      if !isAnnounced {
        isAnnounced = true
        observe(.note("waiting: \(subject) is still at work on the server"))
      }
      try pause(milliseconds: 200, at: number)
    }
  }

  /// What became of a statement whose end nobody saw; waits while a session is at it still.
  ///
  /// - Throws: ``ErrorReport`` of code `lock` where it is at it for longer than `--wait`.
  func verdict(
    on unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?
  ) throws -> LoneVerdict {
    var verdict = LoneVerdict.running
    try waitUntil(
      "statement \(unit.number) of \(work.units.count) of '\(work.name)'", at: unit.number
    ) {
      verdict = LoneVerdict.judge(
        statement, before: before, now: try observation(of: unit, statement))
      return verdict != .running
    }
    return verdict
  }

  /// Puts right what a try left of a statement that is the same still.
  ///
  /// - Returns: whether it was carried out; then that is noted.
  /// - Throws: `QueryError` where the server takes one of the statements ill that clear it.
  func isSettled(
    _ unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?
  ) throws -> Bool {
    switch try verdict(on: unit, statement, before) {
    case .done(let cleanup):
      try clear(cleanup, at: unit.number, before)
      observe(
        .note("statement \(unit.number) of \(work.units.count) was found carried out"))
      try finish(unit)
      return true
    case .again(let cleanup): try clear(cleanup, at: unit.number, before)
    case .running, .ask: if let before { try clearRemains(before) }
    }
    return false
  }

  /// Takes away what a statement left that failed: by what was noted then, and of the objects that it was
  /// about, whatever the file says since.
  ///
  /// - Throws: `QueryError` where the server takes one of the statements ill.
  func clearRemains(_ before: Observation) throws {
    guard let question = ObservationQuestion(again: before) else { return }
    var remains: [Observation.Index] = []
    try waitUntil("what builds an index", at: min(done + 1, max(work.units.count, 1))) {
      guard let now = try database.observation(question) else { return true }
      remains = LoneVerdict.remains(before: before, now: now)
      return !remains.contains(where: \.isBuilding)
    }
    try clear(remains.map(\.removal), at: min(done + 1, max(work.units.count, 1)), before)
  }

  /// Sends statements that end what a statement began, or take it away, each alone and under its roles.
  ///
  /// - Throws: `QueryError` where the server takes one of them ill.
  func clear(_ cleanup: [String], at number: Int, _ before: Observation?) throws {
    for sql in cleanup {
      observe(.note("clearing what an earlier try left: \(sql)"))
      try send(sql, at: number, roles: before?.roles ?? [])
    }
  }

  /// Whether `IF NOT EXISTS` has passed over an index that this migration itself left INVALID: then it
  /// is dropped, and the statement runs once more.
  ///
  /// - Throws: ``LoneFailure`` where the index is another's.
  func leavesInvalidIndex(
    _ unit: MigrationUnit, _ statement: LoneStatement, _ before: Observation?, isSecondTime: Bool
  ) throws -> Bool {
    guard case .createIndex = statement,
      let now = try observation(of: unit, statement, isConcluding: true),
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
