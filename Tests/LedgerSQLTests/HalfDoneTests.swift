import LedgerSQL
import TestSupport
import Testing

/// What a rollback that runs statement by statement needs, and what stands still while something is
/// half done.
@Suite(.scratchDatabase) struct HalfDoneTests {
  private let none = #"{"rollback_transaction": "none", "search_path": "public"}"#
  private let way = "migration-manager rollback 1_a"

  /// A migration that is half applied beside a half done rollback, as no run leaves it.
  private func plantSteps(of name: String, in ledger: LedgerUnderTest) throws {
    try ledger.run(
      """
      INSERT INTO LEDGER.migration_steps (
        run_id, migration_name, direction, statement_no, statement_count, checksum, finished_at)
      VALUES ('\(SteppingRun.first)', '\(name)', 'up', 1, 3, 'c0ffee', clock_timestamp())
      """)
  }

  private func reason(_ begin: String, in ledger: LedgerUnderTest) throws -> String? {
    let refused = refusal { try ledger.run(begin) }
    #expect(refused?.sqlState == "MM005")
    return refused?.message
  }

  @Test func `a rollback is begun only where it may run, as it was shown`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    let run = SteppingRun(ledger, "1_a", "rollback")
    #expect(
      refusal { try ledger.run(SteppingRun(ledger, "9_x", "rollback").begin(sql: "VACUUM")) }
        == .init(
          sqlState: "MM005", message: "Migration not found",
          detail:
            #"[{"name": "9_x", "reason": "Migration not found", "status": null, "dependents": []}]"#,
          hint: "run 'migration-manager check 9_x'"))
    let changed = "The recorded rollback SQL changed meanwhile"
    #expect(try reason(run.begin(sql: "VACUUM t"), in: ledger) == changed)
    #expect(try reason(run.begin(), in: ledger) == changed)
    try ledger.register("1_a", rollback: "VACUUM")
    #expect(try reason(run.begin(sql: "VACUUM"), in: ledger) == changed)
    try ledger.register("1_a", rollback: nil, metadata: none)
    #expect(
      try reason(run.begin(sql: "VACUUM"), in: ledger)
        == "No rollback SQL defined for this migration")
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    try ledger.register("2_b", dependsOn: ["1_a"])
    #expect(
      refusal { try ledger.run(run.begin(sql: "VACUUM")) }?.detail.contains("[\"2_b\"]") == true)
    try ledger.execute("2_b")
    try ledger.run(run.begin(sql: "VACUUM"))
    try ledger.run("\(run.keep(1)); \(run.finish(1)); \(run.end); \(recordRollback)")
    #expect(try ledger.status(of: "1_a") == "rolled_back")
    #expect(
      try reason(run.begin(sql: "VACUUM"), in: ledger)
        == "Migration status is rolled_back, not applied")
  }

  private var recordRollback: String {
    "SELECT LEDGER.migration_record_rollbacks('\(SteppingRun.first)', '{1_a}', '{}', NULL)"
  }

  @Test func `one that failed half-way goes on, one that changed nothing does not`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    let run = SteppingRun(ledger, "1_a", "rollback")
    let fail = """
      SELECT LEDGER.migration_record_failure('\(run.id)', 'rollback', '1_a',
        '{"sqlstate": "42P01", "message": "no such table"}', '{}')
      """
    try ledger.run("\(run.begin(sql: "VACUUM")); \(fail); \(run.release)")
    #expect(
      try reason(run.begin(sql: "VACUUM"), in: ledger)
        == "Migration status is failed, not applied")
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    try run.stop(after: 1, sql: "VACUUM")
    try ledger.run(run.begin(done: 1, sql: "VACUUM"))
    try ledger.run("\(run.keep(2)); \(fail); \(run.release)")
    #expect(try ledger.status(of: "1_a") == "failed")
    // Mended, it is where it was.
    try ledger.register("1_a", rollback: "VACUUM t", metadata: none)
    try ledger.run(run.begin(done: 1, sql: "VACUUM t"))
    try ledger.run("\(run.keep(2)); \(fail); \(run.release)")
    let next = SteppingRun(ledger, "1_a", "rollback", id: SteppingRun.second)
    try ledger.run(next.begin(done: 1, sql: "VACUUM t"))
    try ledger.run(
      "\(next.keep(2)); \(next.finish(2)); \(next.end); "
        + recordRollback.replacing(run.id, with: next.id))
    #expect(
      try ledger.value("status, notes IS NULL FROM LEDGER.migration_history") == "rolled_back|t")
  }

  @Test func `plain SQL clients are sent to the program`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    #expect(
      try ledger.execute("1_a")
        == "f|Rollback failed: it runs without a transaction: use '\(way)'|")
    #expect(
      try ledger.execute("1_a", dryRun: true)
        == "t|Dry run: rollback SQL shown below (not executed)|VACUUM")
    try ledger.register("2_b", dependsOn: ["1_a"])
    #expect(
      try ledger.execute("1_a") == "f|Cannot rollback: other migrations depend on this one|")
    #expect(try ledger.status(of: "1_a") == "applied")
  }

  @Test func `a transaction does not roll back what runs without one, or is half rolled back`()
    throws
  {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    try ledger.register("2_b")
    let guarded = "SELECT LEDGER.migration_guard('{1_a}', NULL)"
    #expect(try reason(guarded, in: ledger) == "Its rollback runs without a transaction")
    try SteppingRun(ledger, "1_a", "rollback").stop(after: 1, sql: "VACUUM")
    try ledger.register("1_a", rollback: "SELECT 1")
    #expect(try reason(guarded, in: ledger) == "Its rollback stopped at statement 2 of 3")
    #expect(try ledger.execute("1_a") == "f|Its rollback stopped at statement 2 of 3|")
  }

  @Test func `nothing else is applied or rolled back while a rollback is half done`() throws {
    let ledger = try LedgerUnderTest.created()
    for name in ["1_a", "2_b"] { try ledger.register(name, rollback: "VACUUM", metadata: none) }
    try ledger.register("3_c")
    try SteppingRun(ledger, "1_a", "rollback").stop(after: 1, sql: "VACUUM")
    let expected = LedgerUnderTest.Refusal(
      sqlState: "MM005", message: "migration \"1_a\" is half rolled back",
      hint: "finish it with '\(way)', or undo the rest by hand and run "
        + "'migration-manager resolve 1_a --rolled-back'")
    for other in [
      "SELECT LEDGER.migration_guard('{3_c}', NULL)",
      "SELECT LEDGER.migration_guard_apply('4_d', '{}', NULL)",
      SteppingRun(ledger, "4_d").begin(),
      SteppingRun(ledger, "2_b", "rollback").begin(sql: "VACUUM"),
    ] {
      #expect(refusal { try ledger.run(other) } == expected)
    }
    #expect(try ledger.execute("3_c") == "f|migration \"1_a\" is half rolled back|")
    let answer = "* FROM LEDGER.can_rollback_migration"
    #expect(
      try ledger.value("\(answer)('1_a')") == "f|Its rollback stopped at statement 2 of 3|{}")
    #expect(
      try ledger.value("\(answer)('3_c')") == "f|migration \"1_a\" is half rolled back|{}")
  }

  @Test func `nothing is rolled back while something is half applied`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", rollback: "VACUUM", metadata: none)
    try SteppingRun(ledger, "4_d").stop(after: 1)
    let expected = LedgerUnderTest.Refusal(
      sqlState: "MM005", message: "migration \"4_d\" is half applied",
      hint: "finish it with 'migration-manager migrate', or undo by hand what is there and run "
        + "'migration-manager resolve 4_d --rolled-back'")
    for other in [
      "SELECT LEDGER.migration_guard('{1_a}', NULL)",
      "SELECT LEDGER.migration_guard('{4_d}', NULL)",
      SteppingRun(ledger, "2_b", "rollback").begin(sql: "VACUUM"),
    ] {
      #expect(refusal { try ledger.run(other) } == expected)
    }
    #expect(try ledger.execute("1_a") == "f|migration \"4_d\" is half applied|")
    #expect(
      try ledger.value("* FROM LEDGER.can_rollback_migration('1_a')")
        == "f|migration \"4_d\" is half applied|{}")
    // Others may be applied beside it.
    try ledger.run("SELECT LEDGER.migration_guard_apply('5_e', '{}', NULL)")
    try ledger.run(
      "SELECT LEDGER.migration_resolve(gen_random_uuid(), '4_d', '4', 'rolled_back', 'none', '{}')")
    try ledger.execute("1_a")
    #expect(try ledger.status(of: "1_a") == "rolled_back")
  }

  @Test func `what is half rolled back goes on, whatever else is half done`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    try SteppingRun(ledger, "1_a", "rollback").stop(after: 1, sql: "VACUUM")
    try plantSteps(of: "4_d", in: ledger)
    #expect(
      try reason(SteppingRun(ledger, "5_e").begin(), in: ledger)
        == "migration \"1_a\" is half rolled back")
    try ledger.run(SteppingRun(ledger, "1_a", "rollback").begin(done: 1, sql: "VACUUM"))
  }

  @Test(arguments: [("applied", "applied"), ("applied", "rolled_back"), ("none", "rolled_back")])
  func `resolving settles what was half done`(seen: String, status: String) throws {
    let ledger = try LedgerUnderTest.created()
    if seen == "none" {
      try SteppingRun(ledger, "1_a").stop(after: 2)
    } else {
      try ledger.register("1_a", rollback: "VACUUM", metadata: none)
      try SteppingRun(ledger, "1_a", "rollback").stop(after: 2, sql: "VACUUM")
    }
    try plantSteps(of: "2_b", in: ledger)
    try ledger.run(
      """
      SELECT LEDGER.migration_resolve(
        gen_random_uuid(), '1_a', '1', '\(status)', '\(seen)', '{}')
      """)
    #expect(try ledger.openSteps() == "2_b|up|1|3|c0ffee|t|t|||6")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_steps") == "3")
    #expect(try ledger.status(of: "1_a") == status)
  }

  @Test func `what is half applied is recorded only by force, which closes its journal`() throws {
    let ledger = try LedgerUnderTest.created()
    for name in ["1_a", "2_b", "3_c"] { try SteppingRun(ledger, name).stop(after: 1) }
    func register(_ name: String, _ metadata: String = "{}") -> String {
      """
      SELECT LEDGER.migration_register(gen_random_uuid(),
        '{"name": "\(name)", "version": "1", "metadata": \(metadata), "depends_on": []}', '{}')
      """
    }
    func sync(_ name: String, _ metadata: String = "{}") -> String {
      """
      SELECT LEDGER.migration_sync(gen_random_uuid(), '[{"name": "0_z", "version": "0"},
        {"name": "\(name)", "version": "\(name.prefix(1))", "metadata": \(metadata)}]', '{}')
      """
    }
    for statement in [
      register("1_a"), sync("1_a"), register("1_a", #"{"forced": false}"#),
      register("1_a", #"{"assumed": true}"#), sync("1_a", #"{"assumed": true}"#),
    ] {
      #expect(
        refusal { try ledger.run(statement) }
          == .init(
            sqlState: "MM005",
            message: "migration \"1_a\" is half applied: it stopped at statement 2 of 3",
            hint:
              "'migration-manager migrate' goes on with it; or undo by hand what is there and run "
              + "'migration-manager resolve 1_a --rolled-back'"))
    }
    #expect(try ledger.value("count(*) FROM LEDGER.migration_history") == "0")
    // One that is later than all that is recorded, and one that is older.
    try ledger.run(register("2_b", #"{"forced": true}"#))
    try ledger.run(sync("3_c", #"{"forced": true}"#))
    try ledger.run(sync("1_a", #"{"forced": true}"#))
    #expect(try ledger.openSteps() == "")
    #expect(
      try ledger.value(
        "string_agg(migration_name, ' ' ORDER BY migration_name) FROM LEDGER.migration_history")
        == "0_z 1_a 2_b 3_c")
    // What is half rolled back stays that: it may have been mended to go on.
    try ledger.register("2_b", rollback: "VACUUM", metadata: none)
    try SteppingRun(ledger, "2_b", "rollback").stop(after: 1, sql: "VACUUM")
    try ledger.register("2_b", rollback: "VACUUM", metadata: none)
    #expect(try ledger.openSteps() == "2_b|rollback|1|3|c0ffee|t|t|||6")
  }

  @Test func `what is half done keeps its name, and is forgotten with its journal closed`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "VACUUM", metadata: none)
    try ledger.register("2_b")
    try SteppingRun(ledger, "1_a", "rollback").stop(after: 1, sql: "VACUUM")
    func rename(_ name: String, _ newName: String) -> String {
      "SELECT LEDGER.migration_rename(gen_random_uuid(), '\(name)', '\(newName)', '1', '{}')"
    }
    #expect(
      refusal { try ledger.run(rename("1_a", "1_z")) }
        == .init(
          sqlState: "MM005", message: "migration \"1_a\" is half applied or half rolled back",
          hint: "'migration-manager status' shows how far it has got: finish or resolve it first"))
    try ledger.run("SELECT LEDGER.migration_forget(gen_random_uuid(), '1_a', 'applied', '{}')")
    #expect(try ledger.openSteps() == "")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_steps") == "1")
    try SteppingRun(ledger, "1_a").stop(after: 1)
    #expect(try reason(rename("2_b", "1_a"), in: ledger)?.contains("\"1_a\"") == true)
    try ledger.run(rename("2_b", "2_z"))
  }
}
