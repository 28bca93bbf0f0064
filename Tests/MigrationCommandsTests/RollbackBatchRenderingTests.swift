import MigrationCommands
@testable import MigrationCore
import Testing

/// A plan that rolls migrations named `1_a`, `2_b` and so on back, in the order given.
func rollbackPlan(_ sql: String..., isEach: Bool = false) -> RollbackPlan {
  let steps = sql.enumerated().map { index, sql in
    RollbackStep(
      name: "\(index + 1)_\(["a", "b", "c"][index])", sql: sql, searchPath: nil, sqlChecksum: "",
      origin: .recorded(name: "x"), drift: nil, fileMissing: false, warnings: [], refusal: nil,
      dependents: [])
  }
  return RollbackPlan(steps: steps, isEach: isEach)
}

/// What was done without an error.
func rollbackOutcome(
  of plan: RollbackPlan = RollbackPlan(steps: []), _ results: RollbackResult...
) -> RollbackOutcome {
  var outcome = RollbackOutcome(plan: plan)
  outcome.results = results
  return outcome
}

@Suite("What a rollback of several prints and asks")
struct RollbackBatchRenderingTests {
  private let plan = rollbackPlan("DROP TABLE a;", "DROP TABLE b;\n")
  private let rule = String(repeating: "─", count: 76)

  @Test("One question for all, after their order and their SQL")
  func question() {
    let errors = printed(answers: ["yes"]) {
      _ = RollbackRendering.confirm(plan, target: nil, on: $0)
    }.errors
    #expect(
      errors == """
        Migrations to be rolled back, in this order:
          1  1_a
          2  2_b

        SQL to be executed:
        \(rule)
        -- 1_a
        DROP TABLE a;

        -- 2_b
        DROP TABLE b;
        \(rule)

        ⚠️  Are you sure you want to rollback these 2 migrations? (yes/no):\u{20}


        """)
  }

  @Test("Progress, step by step and statement by statement")
  func progress() {
    let errors = printed {
      $0.observe(.done(migration: "1_a", number: 3, total: 12, microseconds: 40_600))
      $0.observe(.statement(migration: "1_a", sql: "DROP TABLE a", microseconds: 1_234))
    }.errors
    #expect(errors == "[3/12] 1_a … 41 ms\n1_a: 1.234 ms  DROP TABLE a\n")
  }

  @Test("All is done, or nothing is to do")
  func done() {
    let outcome = rollbackOutcome(
      of: plan, RollbackResult(name: "1_a", sql: "DROP TABLE a;", durationMicroseconds: 1),
      RollbackResult(name: "2_b", sql: "DROP TABLE b;", durationMicroseconds: 2))
    let output = printed { RollbackRendering.print(outcome, to: $0) }.output
    #expect(
      output.hasPrefix(
        "✅ 2 migrations rolled back successfully\n   1_a\n   2_b\n\nSQL executed:\n"))
    let none = printed { RollbackRendering.print(rollbackOutcome(), to: $0) }.output
    #expect(none == "✅ Nothing to roll back\n")
    let document = printed(isJSON: true) {
      RollbackRendering.print(rollbackOutcome(), to: $0)
    }.output
    #expect(document == "{\"migrations\":[],\"dry_run\":false}\n")
  }

  @Test("One by one: what was committed before the failure is said, and what is left")
  func stopped() {
    let plan = rollbackPlan("DROP TABLE a;", "DROP TABLE b;", "DROP TABLE c;", isEach: true)
    var outcome = rollbackOutcome(
      of: plan, RollbackResult(name: "1_a", sql: "DROP TABLE a;", durationMicroseconds: 1))
    outcome.error = ErrorReport(.sql, "no such table", hint: "mend it")
    outcome.culprit = "2_b"
    let (output, errors) = printed { RollbackRendering.print(outcome, to: $0) }
    #expect(output.hasPrefix("✅ Migration rolled back successfully\n"))
    #expect(
      errors == """
        error: no such table
          in '2_b'
          1 of 3 was rolled back before, and is committed; 2 are as before
        hint: mend it

        """)
    let document = printed(isJSON: true) {
      RollbackRendering.print(outcome, to: $0)
    }.output
    let outcomes = document.matches(of: #/"name":"(\w+)","outcome":"(\w+)"/#)
    #expect(outcomes.map { "\($0.1) \($0.2)" } == ["1_a rolled_back", "2_b failed", "3_c skipped"])
  }
}
