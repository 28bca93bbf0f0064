package import MigrationCore

/// What `rollback` prints.
package enum RollbackRendering {
  /// Says what is about to be done.
  package static func announce(_ name: String, isDryRun: Bool, to console: Console) {
    if isDryRun {
      console.progress(.search, "DRY RUN: Rolling back: \(name)")
    } else {
      console.progress(.warning, "Rolling back: \(name)")
    }
    console.progress()
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
    console.confirm("rollback this migration", on: target) { console in
      console.preview("SQL to be executed:")
      console.preview(sqlBetweenRules: plan.sql)
    }
  }

  /// The answer to a person who did not say yes.
  package static func declined(_ plan: RollbackPlan) -> ErrorReport {
    .declined("rollback of '\(plan.name)'")
  }

  /// Prints what would be executed.
  package static func print(dryRun plan: RollbackPlan, to console: Console) {
    if console.isJSON {
      let payload = MigrationOutcomePayload(
        name: plan.name, outcome: .planned, sql: plan.sql, runnerLedgers: plan.runnerLedgers)
      console.print(document: OutcomePayload([payload], isDryRun: true))
      return
    }
    console.print(
      console.symbols.mark(true, "Dry run: rollback SQL shown below (not executed)"))
    console.print()
    console.print("SQL that would be executed:")
    console.print(sqlBetweenRules: plan.sql)
  }

  /// Prints what was done.
  package static func print(_ result: RollbackResult, to console: Console) {
    if console.isJSON {
      let payload = MigrationOutcomePayload(
        name: result.name, outcome: .rolledBack, sql: result.sql,
        durationMicroseconds: result.durationMicroseconds, runnerLedgers: result.runnerLedgers)
      console.print(document: OutcomePayload([payload]))
      return
    }
    console.print(console.symbols.mark(true, "Migration rolled back successfully"))
    for step in result.runnerLedgers where step.action == .remove {
      let words =
        switch step.runner {
        case .supabase: "Deleted from \(step.table): \(step.key)"
        case .prisma: "Marked as rolled back in \(step.table): \(step.key)"
        }
      console.print(console.symbols.mark(true, words))
    }
    console.print()
    console.print("SQL executed:")
    console.print(sqlBetweenRules: result.sql)
    if console.verbosity == .verbose {
      let duration = Milliseconds(microseconds: result.durationMicroseconds)
      console.progress("Took \(duration.text) ms")
    }
  }
}
