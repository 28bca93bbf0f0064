internal import LedgerSQL
internal import PostgresClient

/// Where in a run a migration stands that goes statement by statement.
struct RunPlace {
  /// Which migration of the run, counted from 1.
  var number: Int
  /// How many migrations the run has.
  var total: Int
  /// Whether the end of each statement is told too.
  var isVerbose: Bool
}

extension Session {
  /// Applies a migration statement by statement.
  ///
  /// - Parameters:
  ///   - file: the migration.
  ///   - newest: what was applied last, which must stand still.
  ///   - runner: does the transactions.
  ///   - run: who runs it.
  ///   - place: where in the run it stands.
  ///   - told: what a person said of a statement whose end nobody saw, and of which.
  ///   - progress: how far it got, whatever happens.
  /// - Returns: how long it took, in microseconds.
  /// - Throws: ``ErrorReport`` that says how far it got.
  func apply(
    _ file: PendingFile, after newest: String?, by runner: TransactionRunner, _ run: RunIdentity,
    _ place: RunPlace, told: (UnseenAnswer, UnseenStatement)?,
    _ progress: inout StatementProgress?
  ) throws -> Int64 {
    let calls = runner.database.calls
    let record = file.record
    var work = StepwiseWork(applying: file)
    work.guards = [
      try calls.guardApply(of: record.name, dependsOn: record.dependsOn, after: newest)
    ]
    work.records = [try calls.recordApply(record, run: run)]
    work.told = told
    return try perform(work, by: runner, run, place, &progress)
  }

  /// Rolls a migration back statement by statement; as ``apply(_:after:by:_:_:told:_:)``.
  func rollBack(
    _ step: RollbackStep, of plan: RollbackPlan, after done: Int, by runner: TransactionRunner,
    _ run: RunIdentity, _ place: RunPlace, _ progress: inout StatementProgress?
  ) throws -> Int64 {
    let transaction = try TransactionWork(
      rollingBack: [step], of: plan, after: done, on: runner.database, run: run,
      tellsStatements: false)
    var work = StepwiseWork(rollingBack: step)
    // What else the guards ask, the first transaction asks by itself.
    work.guards = Array(transaction.guards.dropLast())
    work.removal = transaction.removal
    work.records = transaction.records
    if let answer = plan.request?.unseen, let question = plan.question {
      work.told = (answer, question)
    }
    return try perform(work, by: runner, run, place, &progress)
  }

  /// What of a plan's migrations that run statement by statement only the database can tell: whether
  /// they can run over this connection, and what became of a statement whose end nobody saw.
  func judgeStatements(of plan: inout MigrationPlan) throws {
    guard plan.refusals.isEmpty else { return }
    let database = try database()
    for step in plan.steps where step.file.runsStepwise {
      let work = StepwiseWork(applying: step.file)
      if let refusal = work.refusal(on: database) {
        plan.refusals.append(MigrationPlan.Refusal(name: step.name, error: refusal))
      }
      guard plan.question == nil else { continue }
      let journal = plan.planner.overview.openSteps.rows(of: step.name, .up)
      plan.question = try work.question(after: journal, on: database)
    }
  }

  /// The same of a plan of rollbacks.
  func judgeStatements(of plan: inout RollbackPlan, _ openSteps: OpenSteps) throws {
    guard plan.obstacle == nil else { return }
    let database = try database()
    for (index, step) in plan.steps.enumerated() where step.runsStepwise {
      let work = StepwiseWork(rollingBack: step)
      plan.steps[index].refusal = work.refusal(on: database)
      guard plan.question == nil else { continue }
      plan.question = try work.question(
        after: openSteps.rows(of: step.name, .rollback), on: database)
    }
  }

  /// Waits until no other run is alive that goes statement by statement: what is still running is no
  /// question to anybody.
  ///
  /// - Returns: whether there was one: what was read before may be another now.
  /// - Throws: ``ErrorReport`` that names who is at it, when `--wait` is over.
  func waitForOtherRun() throws -> Bool {
    let database = try database()
    let string = """
      BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;
      \(database.calls.checkLease);
      ROLLBACK
      """
    var waiting = RunnerWait(seconds: try settings().waitSeconds, observe: observe)
    var hasWaited = false
    while true {
      do {
        _ = try database.execute(string)
        return hasWaited
      } catch let error as QueryError {
        if database.isInTransaction { _ = try? database.conclude("ROLLBACK") }
        guard let serverError = error.serverError, LedgerState(serverError) == .lockHeld else {
          throw ErrorReport(error, reading: database.target)
        }
        hasWaited = true
        try waiting.waitForTurn(
          ErrorReport(serverError, target: database.target), holder: LockHolder(serverError))
      }
    }
  }

  private func perform(
    _ work: StepwiseWork, by runner: TransactionRunner, _ run: RunIdentity, _ place: RunPlace,
    _ progress: inout StatementProgress?
  ) throws -> Int64 {
    let schema = runner.database.schema.name
    let stepwise = StepwiseRunner(
      work, runner: runner, options: try settings(), run: run,
      reconnect: { try self.connect(waiting: 0, schema: schema) }, observe: observe
    ) { [observe] unit, microseconds in
      if let microseconds {
        guard place.isVerbose else { return }
        observe(
          .statement(
            migration: work.name, sql: work.words(for: unit), microseconds: microseconds))
      } else {
        observe(
          .unit(
            migration: work.name, statement: unit.number, count: work.units.count,
            words: work.words(for: unit), number: place.number, total: place.total))
      }
    }
    defer { progress = StatementProgress(done: stepwise.done, count: work.units.count) }
    return try stepwise.perform()
  }
}

extension StepwiseWork {
  /// A file that is applied; without what guards and records it.
  init(applying file: PendingFile) {
    self.init(
      name: file.file.name.text, direction: .up, sql: file.sql, inspection: file.inspection,
      units: file.units, origin: file.origin, guards: [], records: [])
  }

  /// A step that is rolled back; without what guards and records it.
  init(rollingBack step: RollbackStep) {
    self.init(
      name: step.name, direction: .rollback, sql: step.sql,
      inspection: step.inspection
        ?? SQLInspection(
          of: step.sql, .rollback, mode: .none, origin: step.origin, name: step.name),
      units: step.units, origin: step.origin, searchPath: step.searchPath,
      sqlChecksum: step.sqlChecksum, guards: [], records: [])
  }
}
