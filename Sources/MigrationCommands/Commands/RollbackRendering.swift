package import MigrationCore

/// What `rollback` prints.
package enum RollbackRendering {
  /// Says what is about to be done.
  package static func announce(_ subject: String, isDryRun: Bool, to console: Console) {
    if isDryRun {
      console.progress(.search, "DRY RUN: Rolling back: \(subject)")
    } else {
      console.progress(.warning, "Rolling back: \(subject)")
    }
    console.progress()
  }

  /// Shows what there is to know of a plan.
  package static func showRemarks(on plan: RollbackPlan, to console: Console) {
    for warning in plan.warnings { console.warning(warning) }
    for step in plan.steps {
      for warning in step.warnings { console.warning(warning) }
    }
    // The same choice for all: said once.
    if let hint = plan.steps.lazy.compactMap(\.hint).first { console.hint(hint) }
  }

  /// Shows what will happen and where, and asks.
  ///
  /// - Parameters:
  ///   - plan: what will happen.
  ///   - target: where; shown here only when progress, which says it too, is silent.
  ///   - console: whom to ask.
  /// - Returns: true only for the answer `yes`.
  package static func confirm(
    _ plan: RollbackPlan, target: DatabaseTarget?, on console: Console
  ) -> Bool {
    let count = plan.steps.count
    let action =
      count == 1 ? "rollback this migration" : "rollback these \(count) migrations"
    return console.confirm(action, on: target) { console in
      if count > 1 {
        console.preview("Migrations to be rolled back, in this order:")
        for line in order(of: plan) { console.preview(line) }
        console.preview("")
      }
      for line in stepwise(plan) { console.preview(line) }
      console.preview("SQL to be executed:")
      console.preview(sqlBetweenRules: sql(of: plan.steps.map { ($0.name, $0.sql) }))
    }
  }

  /// The answer to a person who did not say yes.
  package static func declined(_ plan: RollbackPlan, on target: DatabaseTarget?) -> ErrorReport {
    .declined("rollback of \(subject(of: plan))", on: target)
  }

  /// Prints what would be executed.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - question: what a person must tell before; nil for nothing.
  ///   - console: where to.
  package static func print(
    dryRun plan: RollbackPlan, _ question: UnseenStatement? = nil, to console: Console
  ) {
    if console.isJSON {
      let payloads = plan.steps.map {
        payload(
          $0, .planned, question: question?.migration == $0.name ? question?.refusal.message : nil)
      }
      console.print(document: OutcomePayload(payloads, isDryRun: true))
      return
    }
    console.print(
      console.symbols.mark(true, "Dry run: rollback SQL shown below (not executed)"))
    console.print()
    if plan.steps.count > 1 {
      console.print(
        "Migrations that would be rolled back, in this order\(plan.isEach ? ", one by one" : ""):")
      order(of: plan).forEach { console.print($0) }
      console.print()
    }
    for line in stepwise(plan) { console.print(line) }
    console.print("SQL that would be executed:")
    console.print(sqlBetweenRules: sql(of: plan.steps.map { ($0.name, $0.sql) }))
  }

  /// Prints what was done, and explains what stopped it.
  ///
  /// - Parameters:
  ///   - outcome: what was done, and what was to be done.
  ///   - console: where to.
  package static func print(_ outcome: RollbackOutcome, to console: Console) {
    let plan = outcome.plan
    if console.isJSON {
      console.print(
        document: OutcomePayload(
          payloads(outcome, of: plan), error: plan.steps.isEmpty ? outcome.error : nil))
    } else if outcome.error == nil || !outcome.results.isEmpty {
      print(outcome.results, to: console)
      let done = Set(outcome.results.map(\.name))
      let returning = plan.steps.filter { $0.comesBack && done.contains($0.name) }
      if !returning.isEmpty, outcome.error == nil {
        let (them, files) = returning.count == 1 ? ("it", "its file") : ("them", "their files")
        console.hint(
          "the next 'migration-manager migrate' applies \(them) again: mend \(files) before, or take "
            + "\(files) away")
      }
    }
    if var error = outcome.error {
      let done = outcome.results.count
      let left = plan.steps.count - done
      let (were, are) = done == 1 ? ("was", "is") : ("were", "are")
      if plan.steps.count > 1, plan.isEach {
        if let culprit = outcome.culprit { error.details.append("in '\(culprit)'") }
        error.details.append(
          "\(done) of \(plan.steps.count) \(were) rolled back before, and \(are) committed; "
            + "\(left) \(left == 1 ? "is" : "are") as before")
      }
      console.error(error)
    }
  }

  private static func print(_ results: [RollbackResult], to console: Console) {
    switch results.count {
    case 0: console.print(console.symbols.mark(true, "Nothing to roll back"))
    case 1: console.print(console.symbols.mark(true, "Migration rolled back successfully"))
    case let count:
      console.print(console.symbols.mark(true, "\(count) migrations rolled back successfully"))
      for result in results { console.print("   \(result.name)") }
    }
    for step in results.flatMap(\.runnerLedgers) where step.action == .remove {
      let words =
        switch step.runner {
        case .supabase: "Deleted from \(step.table): \(step.key)"
        case .prisma: "Marked as rolled back in \(step.table): \(step.key)"
        }
      console.print(console.symbols.mark(true, words))
    }
    guard !results.isEmpty else { return }
    console.print()
    console.print("SQL executed:")
    console.print(sqlBetweenRules: sql(of: results.map { ($0.name, $0.sql) }))
    if console.verbosity == .verbose {
      let duration = results.reduce(0) { $0 + $1.durationMicroseconds }
      console.progress("Took \(Milliseconds(microseconds: duration).text) ms")
    }
  }

  /// Explains why nothing was rolled back.
  ///
  /// - Parameters:
  ///   - error: why.
  ///   - plan: what was to be done.
  ///   - outcome: what became of the migrations that it came from.
  ///   - isDryRun: whether no more than a look was asked for.
  ///   - console: where to.
  /// - Returns: the exit status.
  static func explain(
    _ error: ErrorReport, _ plan: RollbackPlan, _ outcome: MigrationOutcome, isDryRun: Bool,
    to console: Console
  ) -> ExitStatus {
    if console.isJSON {
      let isOfSome = !plan.refusedSteps.isEmpty
      let payloads = plan.steps.map { step in
        isOfSome
          ? payload(step, step.refusal == nil ? .skipped : outcome, step.refusal)
          : payload(step, outcome, error)
      }
      console.print(
        document: OutcomePayload(
          payloads, isDryRun: isDryRun, error: plan.steps.count == 1 ? nil : error))
    }
    console.error(error)
    return Program.status(of: error)
  }

  /// What became of each, where some may not have had their turn.
  private static func payloads(
    _ outcome: RollbackOutcome, of plan: RollbackPlan
  ) -> [MigrationOutcomePayload] {
    let done = outcome.results.map { result in
      MigrationOutcomePayload(
        name: result.name, outcome: .rolledBack, sql: result.sql,
        durationMicroseconds: result.durationMicroseconds, statements: result.statements,
        runnerLedgers: result.runnerLedgers)
    }
    guard let error = outcome.error else { return done }
    let isOfAll = outcome.culprit == nil
    return done
      + plan.steps.dropFirst(done.count).map { step in
        isOfAll || step.name == outcome.culprit
          ? payload(step, .of(error), error, outcome.statements) : payload(step, .skipped)
      }
  }

  private static func payload(
    _ step: RollbackStep, _ outcome: MigrationOutcome, _ error: ErrorReport? = nil,
    _ statements: StatementProgress? = nil, question: String? = nil
  ) -> MigrationOutcomePayload {
    MigrationOutcomePayload(
      name: step.name, outcome: outcome, sql: outcome == .refused ? nil : step.sql, error: error,
      statements: statements ?? step.statements, question: question,
      runnerLedgers: step.runnerLedgers)
  }

  // MARK: Words

  private static func subject(of plan: RollbackPlan) -> String {
    plan.steps.count == 1 ? "'\(plan.steps[0].name)'" : "\(plan.steps.count) migrations"
  }

  /// The names in their order, numbered.
  private static func order(of plan: RollbackPlan) -> [String] {
    let width = String(plan.steps.count).count
    return plan.steps.enumerated().map { index, step in
      let number = String(index + 1)
      return "  " + String(repeating: " ", count: width - number.count) + "\(number)  \(step.name)"
    }
  }

  /// What to know of those that run statement by statement, a line each.
  private static func stepwise(_ plan: RollbackPlan) -> [String] {
    plan.steps.compactMap { step in
      step.statements.map { statements in
        "'\(step.name)' is rolled back statement by statement, \(statements.count) in all: what is "
          + "done stays done"
          + (statements.done > 0
            ? "; \(statements.done) of them \(statements.done == 1 ? "is" : "are") done already"
            : "")
      }
    }
  }

  /// The SQL of all; of several each under its name.
  private static func sql(of parts: [(name: String, sql: String)]) -> String {
    guard parts.count > 1 else { return parts.first?.sql ?? "" }
    return parts.map { name, sql in
      "-- \(name)\n" + sql + (sql.hasSuffix("\n") ? "" : "\n")
    }.joined(separator: "\n")
  }
}
