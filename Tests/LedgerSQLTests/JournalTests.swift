import LedgerSQL
import TestSupport
import Testing

/// The journal of what runs statement by statement.
@Suite(.scratchDatabase) struct JournalTests {
  private let client = #"'{"os_user": "ada"}'"#

  private func recordApply(_ name: String, metadata: String = "{}") -> String {
    """
    SELECT LEDGER.migration_record_apply('\(SteppingRun.first)',
      '{"name": "\(name)", "version": "1", "checksum": "c0ffee", "rollback_sql": "VACUUM",
        "metadata": \(metadata), "depends_on": []}'::jsonb, \(client), '{public}')
    """
  }

  @Test func `statements are begun, fail and are finished, and closed with the record`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = SteppingRun(ledger, "1_a")
    #expect(try ledger.openSteps() == "")
    try ledger.run(run.begin())
    try ledger.run("\(run.keep(1)); \(run.finish(1, checksum: "beef"))")
    try ledger.run("\(run.keep(2)); \(run.start(2, observation: #"'{"is_valid": false}'"#))")
    #expect(
      try ledger.openSteps() == """
        1_a|up|1|3|beef|t|t|||6
        1_a|up|2|3|c0ffee|t|||{"is_valid": false}|6
        """)
    try ledger.run("\(run.keep(2)); \(run.fail(2, "deadlock detected"))")
    #expect(
      try ledger.openSteps().hasSuffix("|2|3|c0ffee|t||deadlock detected|{\"is_valid\": false}|6"))
    // Begun again: the first observation stays, a new one replaces it.
    try ledger.run("\(run.keep(2)); \(run.start(2, checksum: "cafe"))")
    #expect(try ledger.openSteps().hasSuffix("|2|3|cafe|t|||{\"is_valid\": false}|6"))
    try ledger.run("\(run.keep(2)); \(run.start(2, observation: "'{}'"))")
    #expect(try ledger.openSteps().hasSuffix("|2|3|c0ffee|t|||{}|6"))
    #expect(
      refusal { try ledger.run("\(run.keep(2)); \(run.end)") }
        == .init(
          sqlState: "MM014", message: "statement 2 of migration \"1_a\" is not finished",
          hint: "run it again: it goes on from there"))
    try ledger.run("\(run.keep(2)); \(run.finish(2))")
    for repeated in [run.start(2), run.finish(2)] {
      #expect(
        refusal { try ledger.run("\(run.keep(2)); \(repeated)") }
          == .init(
            sqlState: "MM014", message: "statement 2 of migration \"1_a\" is finished already",
            hint: "run it again: it goes on from there"))
    }
    try ledger.run("\(run.keep(3)); \(run.finish(3)); \(run.end); \(recordApply("1_a"))")
    #expect(try ledger.openSteps() == "")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_lease") == "0")
    #expect(
      try ledger.send(
        "SELECT statement_no, finished_at IS NOT NULL, is_open FROM LEDGER.migration_steps ORDER BY 1;"
      ) == "1|t|f\n2|t|f\n3|t|f")
    #expect(try ledger.status(of: "1_a") == "applied")
  }

  @Test func `what fails before anything was done leaves nothing half done`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = SteppingRun(ledger, "1_a")
    try ledger.run(run.begin())
    try ledger.run("\(run.keep(1)); \(run.fail(1, "syntax error")); \(run.release)")
    #expect(try ledger.openSteps() == "")
    try run.stop(after: 1)
    try ledger.run(run.begin(done: 1))
    try ledger.run("\(run.keep(2)); \(run.fail(2, "syntax error"))")
    #expect(try ledger.openSteps().hasSuffix("\n1_a|up|2|3|c0ffee|t||syntax error||6"))
    // Tried again, it began when its transaction did.
    try ledger.run("\(run.keep(2)); \(run.finish(2))")
    #expect(
      try ledger.value(
        "bool_and(started_at < finished_at AND error IS NULL) FROM LEDGER.migration_steps")
        == "t")
  }

  @Test func `a run goes on only from where its plan says`() throws {
    let ledger = try LedgerUnderTest.created()
    try SteppingRun(ledger, "1_a").stop(after: 2)
    let next = SteppingRun(ledger, "1_a", id: SteppingRun.second)
    #expect(
      refusal { try ledger.run(next.begin(done: 1)) }
        == .init(
          sqlState: "MM014",
          message: "another run went on with migration \"1_a\" meanwhile: "
            + "2 of its statements are finished, not 1",
          hint: "run it again: it goes on from there"))
    try ledger.run(next.begin(done: 2))
    #expect(
      try ledger.value("run_id, statement_no, os_user, host FROM LEDGER.migration_lease")
        == "\(SteppingRun.second)|3|ada|engine")
  }

  @Test func `whether a run finished a statement is told, and told of no other`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = SteppingRun(ledger, "1_a")
    try run.stop(after: 1)
    try ledger.run(run.begin(done: 1))
    try ledger.run("\(run.keep(2)); \(run.start(2))")
    func isFinished(
      _ number: Int, run: String = SteppingRun.first, direction: String = "up", name: String = "1_a"
    ) throws -> String {
      try ledger.send(
        LedgerSQL.statement(
          .stepFate, in: ledger.schema,
          values: [
            "run": "'\(run)'", "name": "'\(name)'", "direction": "'\(direction)'",
            "statement": String(number),
          ]))
    }
    #expect(try isFinished(1) == "t")
    #expect(try isFinished(2) == "f")
    #expect(try isFinished(1, run: SteppingRun.second) == "f")
    #expect(try isFinished(1, direction: "rollback") == "f")
    #expect(try isFinished(1, name: "1_b") == "f")
  }

  @Test func `what was applied meanwhile, or is failed, is not applied`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", rollback: "SSS")
    try ledger.execute("2_b")
    #expect(
      refusal { try ledger.run(SteppingRun(ledger, "1_a").begin()) }
        == .init(sqlState: "MM013", message: "migration \"1_a\" was applied meanwhile"))
    #expect(
      refusal { try ledger.run(SteppingRun(ledger, "2_b").begin()) }?.message
        == "migration \"2_b\" is failed: its last rollback did not succeed")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_lease") == "0")
  }

  @Test func `a half applied migration is not recorded as applied in one transaction`() throws {
    let ledger = try LedgerUnderTest.created()
    try SteppingRun(ledger, "1_a").stop(after: 1)
    #expect(
      refusal { try ledger.run(recordApply("1_a")) }
        == .init(
          sqlState: "MM005", message: "migration \"1_a\" is half applied",
          hint:
            "run 'migration-manager migrate' with the file as it was then, or undo by hand what "
            + "it did and run 'migration-manager resolve 1_a --rolled-back'"))
    try ledger.run(recordApply("2_b"))
  }

  @Test func `how they run is recorded, and anew with each record`() throws {
    let ledger = try LedgerUnderTest.created()
    let modes = #"{"up_transaction": "none", "rollback_transaction": "none", "search_path": "x"}"#
    let recorded =
      "metadata - 'search_path' FROM LEDGER.migration_history WHERE migration_name = '1_a'"
    try ledger.run(recordApply("1_a", metadata: modes))
    #expect(
      try ledger.value(recorded)
        == #"{"sequence": 1, "up_transaction": "none", "rollback_transaction": "none"}"#)
    let check = LedgerSQL.statement(.check, in: ledger.schema, values: ["names": "'{1_a}'"])
    #expect(try ledger.send(check).hasSuffix("|f|none"))
    try ledger.register("1_a")
    #expect(try ledger.value(recorded) == #"{"sequence": 1}"#)
    #expect(try ledger.send(check).hasSuffix("|f|"))
    try ledger.register("1_a", metadata: modes)
    try ledger.run("UPDATE LEDGER.migration_history SET status = 'rolled_back'")
    try ledger.run(recordApply("1_a", metadata: #"{"search_path": "x"}"#))
    #expect(try ledger.value(recorded) == #"{"sequence": 2}"#)
  }
}
