internal import LedgerSQL
internal import Platform
internal import PostgresClient

extension Session {
  /// Steps 4 to 8: runs a plan, in one transaction or in one for each step.
  ///
  /// Where no more than a selection was asked for, such as all after a point, it is looked at again
  /// under the lock: others may have applied migrations or rolled some back since the plan was made.
  /// Where it means others now, nothing of that transaction runs; the plan is made again, where nobody
  /// agreed to the old one, or refused.
  ///
  /// - Parameters:
  ///   - plan: what ``planRollback(_:)`` gave. Without steps, no more than that is looked at.
  ///   - reason: `--reason`, kept with the events.
  ///   - tellsStatements: whether the end of each statement is told as it comes.
  ///   - onNewPlan: told of each plan that takes the place of the one before; nil where someone
  ///     agreed to `plan` itself.
  /// - Returns: what was rolled back and, where something stopped it, what and where. Only an error
  ///   of code `fateUnknown` leaves open whether the step that it names was committed.
  /// - Throws: the plan's obstacle or impediment; ``ErrorReport`` where nothing was begun.
  public func rollback(
    _ plan: RollbackPlan, reason: String?, tellsStatements: Bool = false,
    onNewPlan: ((RollbackPlan) -> Void)? = nil
  ) throws -> RollbackOutcome {
    if let obstacle = plan.obstacle { throw obstacle }
    if plan.steps.isEmpty, plan.request?.selection.isOpen != true || plan.impediment != nil {
      return RollbackOutcome(plan: plan)
    }
    if let impediment = plan.impediment { throw impediment }
    if plan.request?.unseen == nil, let question = plan.question { throw question.refusal }
    let run = newRun(reason: reason)
    var outcome = RollbackOutcome(plan: plan)
    var current = plan
    for attempt in 1... {
      try perform(current, run: run, tellsStatements: tellsStatements, adding: &outcome)
      guard let error = outcome.error, error.sqlState == LedgerState.selectionChanged.rawValue,
        let onNewPlan, let request = current.request, attempt < Self.plansAtMost
      else { break }
      let done = outcome.results.map(\.name)
      do {
        observe(
          .note("\(error.message) (\(error.details.joined(separator: "; "))): planning again"))
        current = try planRollback(request.remaining(after: done.suffix(outcome.doneInPlan)))
      } catch let report as ErrorReport {
        outcome.error = report
        break
      }
      outcome.adopt(current)
      // The event of this run on a migration tells its fate: there can be but one.
      if !Set(done).isDisjoint(with: current.steps.map(\.name)) { break }
      // An answer is about what was asked when it was given.
      outcome.error =
        current.obstacle
        ?? (current.question == plan.question ? nil : current.question?.refusal)
      if outcome.error != nil { break }
      onNewPlan(current)
    }
    return outcome
  }

  /// How often others may change what is meant before it is given up.
  private static let plansAtMost = 20

  /// Runs one plan.
  private func perform(
    _ plan: RollbackPlan, run: RunIdentity, tellsStatements: Bool,
    adding outcome: inout RollbackOutcome
  ) throws {
    let database = try livingDatabase()
    let schema = database.schema.name
    let runner = TransactionRunner(
      database: database, reconnect: { try self.connect(waiting: 0, schema: schema) },
      options: try settings(), run: run, observe: observe)
    defer { adopt(runner.database) }
    let total = outcome.plan.steps.count
    let transactions =
      plan.isEach && !plan.steps.isEmpty ? plan.steps.map { [$0] } : [plan.steps]
    for steps in transactions {
      let done = outcome.results.count
      if let step = steps.first, steps.count == 1, step.runsStepwise {
        let place = RunPlace(number: done + 1, total: total, isVerbose: tellsStatements)
        guard rollBack(step, of: plan, by: runner, run, place, adding: &outcome) else { return }
        continue
      }
      do {
        let work = try TransactionWork(
          rollingBack: steps, of: plan, after: outcome.doneInPlan, on: runner.database, run: run,
          tellsStatements: tellsStatements)
        let durations = try runner.perform(work) { [observe] mark, microseconds in
          switch mark {
          case .begun: break
          case .step(let step):
            observe(
              .done(
                migration: steps[step].name, number: done + step + 1, total: total,
                microseconds: microseconds))
          case .statement(let step, let statement):
            let sql = work.steps[step].inspection.shownStatement(statement) ?? ""
            observe(
              .statement(migration: steps[step].name, sql: sql, microseconds: microseconds))
          }
        }
        for (step, duration) in zip(steps, durations) {
          outcome.results.append(
            RollbackResult(
              name: step.name, sql: step.sql, durationMicroseconds: duration,
              runnerLedgers: step.runnerLedgers))
        }
        if plan.isEach, let last = outcome.results.last {
          observe(
            .done(
              migration: last.name, number: done + 1, total: total,
              microseconds: last.durationMicroseconds))
        }
      } catch let report as ErrorReport {
        outcome.error = report
        let isOfAll = report.sqlState == LedgerState.selectionChanged.rawValue
        outcome.culprit =
          runner.culprit ?? (steps.count == 1 && !isOfAll ? steps[0].name : nil)
        return
      }
    }
  }

  /// Runs one step statement by statement.
  ///
  /// - Returns: whether it is done.
  private func rollBack(
    _ step: RollbackStep, of plan: RollbackPlan, by runner: TransactionRunner, _ run: RunIdentity,
    _ place: RunPlace, adding outcome: inout RollbackOutcome
  ) -> Bool {
    var statements: StatementProgress?
    do {
      let duration = try rollBack(
        step, of: plan, after: outcome.doneInPlan, by: runner, run, place, &statements)
      outcome.results.append(
        RollbackResult(
          name: step.name, sql: step.sql, durationMicroseconds: duration,
          runnerLedgers: step.runnerLedgers, statements: statements))
      if plan.isEach {
        observe(
          .done(
            migration: step.name, number: place.number, total: place.total, microseconds: duration))
      }
      return true
    } catch {
      let report =
        error as? ErrorReport ?? ErrorReport(.internalError, "unexpected error: \(error)")
      outcome.error = report
      outcome.statements = statements
      let isOfAll = report.sqlState == LedgerState.selectionChanged.rawValue
      outcome.culprit = isOfAll ? nil : step.name
      return false
    }
  }
}
