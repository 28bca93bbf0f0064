package import MigrationCore

/// What `migrate` prints.
package enum MigrateRendering {
  /// Says why nothing is applied.
  package static func print(
    refusalsOf plan: MigrationPlan, isDryRun: Bool, to console: Console
  ) {
    if console.isJSON {
      let refused = Dictionary(
        plan.refusals.map { ($0.name, $0.error) }, uniquingKeysWith: { first, _ in first })
      let names = Set(plan.refusals.map(\.name) + plan.steps.map(\.name))
      console.print(
        document: OutcomePayload(
          names.map(MigrationName.init).sorted().map(\.text).map { name in
            MigrationOutcomePayload(
              name: name, outcome: refused[name] == nil ? .skipped : .refused,
              error: refused[name])
          }, isDryRun: isDryRun))
    }
    // One reason may stand against many.
    let errors = plan.refusals.map(\.error).uniqued
    let shown = console.verbosity == .verbose ? errors.count : refusalsShown
    for error in errors.prefix(shown) { console.error(error) }
    if errors.count > shown {
      console.preview("and \(errors.count - shown) more, which --verbose lists")
    }
    if !console.isJSON { console.print(console.symbols.mark(false, "Nothing was applied")) }
  }

  /// Says that nothing is applied before somebody has told what became of a statement.
  package static func print(
    unanswered question: UnseenStatement, _ plan: MigrationPlan, to console: Console
  ) {
    if console.isJSON {
      console.print(
        document: OutcomePayload(
          plan.steps.map { step in
            let isAsked = step.name == question.migration
            return MigrationOutcomePayload(
              name: step.name, outcome: isAsked ? .refused : .skipped,
              error: isAsked ? question.refusal : nil, statements: step.statements)
          }))
    }
    console.error(question.refusal)
    if !console.isJSON { console.print(console.symbols.mark(false, "Nothing was applied")) }
  }

  /// How many refusals are explained.
  private static let refusalsShown = 10

  /// The exit status: of what stands against it the worst.
  package static func status(ofRefused plan: MigrationPlan) -> ExitStatus {
    plan.refusals.map { ExitStatus.of($0.error.code, signal: nil) }
      .max { $0.code < $1.code } ?? .refused
  }

  /// Prints what would be executed.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - question: what a person must tell before; nil for nothing.
  ///   - console: where to.
  package static func print(
    dryRun plan: MigrationPlan, _ question: UnseenStatement? = nil, to console: Console
  ) {
    defer { if let warning = plan.rollbackWarning() { console.warning(warning) } }
    if console.isJSON {
      let payloads = plan.steps.map {
        MigrationOutcomePayload(
          name: $0.name, outcome: .planned, sql: shown($0.sql), statements: $0.statements,
          question: question?.migration == $0.name ? question?.refusal.message : nil)
      }
      console.print(document: OutcomePayload(payloads, isDryRun: true))
      return
    }
    guard !plan.steps.isEmpty else { return printNothing(plan, to: console) }
    console.print(
      console.symbols.mark(
        true, "Dry run: \(count(plan.steps.count)) would be applied, in this order (not executed)"))
    for step in plan.steps {
      console.print()
      console.print("\(step.name):")
      if let statements = step.statements { console.print(words(for: statements)) }
      console.print(sqlBetweenRules: shown(step.sql))
    }
  }

  /// How it runs, where that is statement by statement.
  private static func words(for statements: StatementProgress) -> String {
    let all = "\(statements.count) statement\(statements.count == 1 ? "" : "s")"
    return "runs statement by statement: "
      + (statements.done == 0
        ? all : "\(statements.done) of \(all) are done, it goes on with the next")
  }

  /// The SQL without the blank lines at its end, where the rollback section was.
  private static func shown(_ sql: String) -> String {
    guard let last = sql.utf8.lastIndex(where: { $0 > UInt8(ascii: " ") }) else { return "" }
    let end = sql.utf8.index(after: last)
    return end == sql.endIndex ? sql : String(sql[..<end]) + "\n"
  }

  /// Prints what was done.
  package static func print(
    _ results: [MigrationResult], of plan: MigrationPlan, to console: Console
  ) {
    let error = results.last?.error
    defer {
      let applied = Set(results.lazy.filter { $0.outcome == .applied }.map(\.name))
      if let warning = plan.rollbackWarning(where: applied.contains) { console.warning(warning) }
    }
    if console.isJSON {
      let payloads = results.map {
        MigrationOutcomePayload(
          name: $0.name, outcome: $0.outcome, durationMicroseconds: $0.durationMicroseconds,
          error: $0.error, statements: $0.statements)
      }
      console.print(document: OutcomePayload(payloads))
      if let error { console.error(error) }
      return
    }
    guard !results.isEmpty else { return printNothing(plan, to: console) }
    let applied = results.count { $0.outcome == .applied }
    let skipped = results.count { $0.outcome == .skipped }
    let others = skipped == 0 ? "" : ", \(skipped) by another run meanwhile"
    if let error {
      console.error(error)
      console.print(
        console.symbols.mark(
          false, "Applied \(applied) of \(count(plan.steps.count))\(others)"))
    } else if applied == 0 {
      console.print(
        console.symbols.mark(
          true, "Nothing left to apply: \(count(skipped)) applied by another run meanwhile"))
    } else {
      console.print(console.symbols.mark(true, "Applied \(count(applied))\(others)"))
    }
  }

  private static func printNothing(_ plan: MigrationPlan, to console: Console) {
    console.print(
      console.symbols.mark(
        true,
        "Nothing to apply: "
          + (plan.standing == 0
            ? "there are no migrations" : "\(count(plan.standing)) applied already")))
  }

  private static func count(_ number: Int) -> String {
    "\(number) migration\(number == 1 ? "" : "s")"
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it came first.
  fileprivate var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
