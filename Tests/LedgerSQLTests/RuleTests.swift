import LedgerSQL
import TestSupport
import Testing

/// When a migration can be rolled back, in the words that users know.
@Suite(.scratchLedger) struct RuleTests {
  @Test func `each reason, word for word`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_base")
    try ledger.register("2_on_base", dependsOn: ["1_base"])
    try ledger.register("3_also_on_base", dependsOn: ["1_base"])
    try ledger.register("4_blank", rollback: " \n\t ")
    try ledger.register("5_none", rollback: nil)
    try ledger.register(
      "6_irreversible", rollback: nil, metadata: #"{"irreversible": "the data is gone"}"#)
    try ledger.register("7_failed")
    try ledger.register("8_rolled_back", dependsOn: ["5_none"])
    try ledger.run(
      """
      UPDATE LEDGER.migration_history SET status = 'failed' WHERE migration_name = '7_failed';
      UPDATE LEDGER.migration_history SET status = 'rolled_back'
      WHERE migration_name = '8_rolled_back'
      """)
    let answers: [(String, String)] = [
      ("0_unknown", "f|Migration not found|{}"),
      (
        "1_base",
        "f|Cannot rollback: other migrations depend on this one|{2_on_base,3_also_on_base}"
      ),
      ("2_on_base", "t|Migration can be safely rolled back|{}"),
      ("2_on_base.sql", "t|Migration can be safely rolled back|{}"),
      ("4_blank", "f|No rollback SQL defined for this migration|{}"),
      ("5_none", "f|No rollback SQL defined for this migration|{}"),
      ("6_irreversible", "f|No rollback SQL defined for this migration|{}"),
      ("7_failed", "f|Migration status is failed, not applied|{}"),
      ("8_rolled_back", "f|Migration status is rolled_back, not applied|{}"),
    ]
    for (name, answer) in answers {
      #expect(
        try ledger.send("SELECT * FROM LEDGER.can_rollback_migration('\(name)');") == answer)
    }
  }

  @Test func `a dependent whose rollback failed still stands in the way`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", rollback: "SELECT 1/0", dependsOn: ["1_a"])
    try ledger.execute("2_b")
    #expect(
      try ledger.execute("1_a") == "f|Cannot rollback: other migrations depend on this one|")
    #expect(
      try ledger.send("SELECT * FROM LEDGER.can_rollback_migration('1_a');")
        == "f|Cannot rollback: other migrations depend on this one|{2_b}")
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.execute("2_b")
    #expect(
      try ledger.execute("1_a") == "t|Migration rolled back successfully|SELECT 1")
  }

  @Test func `the chain of dependents can be carried out in its order`() throws {
    let ledger = try LedgerUnderTest.created()
    // Registered so that sequence and dependencies disagree.
    try ledger.register("1_first")
    try ledger.register("5_base")
    try ledger.register("3_on_four", dependsOn: ["4_on_base"])
    try ledger.register("4_on_base", dependsOn: ["5_base"])
    try ledger.register("2_on_three", dependsOn: ["3_on_four", "5_base"])
    try ledger.register("6_on_base", rollback: "SELECT 1/0", dependsOn: ["5_base"])
    try ledger.execute("6_on_base")
    let chains = LedgerSQL.statement(
      .dependentsChain, in: ledger.schema, values: ["names": "'{5_base,4_on_base,1_first}'"])
    #expect(
      try ledger.send(
        """
        SET search_path = pg_catalog;
        \(chains)
        """
      ).split(separator: "\n").sorted() == [
        #"4_on_base|["2_on_three", "3_on_four"]|[]"#,
        #"5_base|["2_on_three", "3_on_four", "6_on_base", "4_on_base"]|["6_on_base"]"#,
      ])
  }

  @Test func `newest first is the same order everywhere`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.run(
      """
      INSERT INTO LEDGER.migration_history (migration_name, migration_version, applied_at)
      VALUES ('b', '', '2020-01-01'), ('c', '', '2021-01-01'), ('D', '', '2020-01-01'),
        ('e', '', NULL)
      """)
    let values = ["every_status": "false", "limit": "NULL"]
    let statements = [LedgerStatement.list, .listNames].map {
      LedgerSQL.statement($0, in: ledger.schema, values: values)
    }
    for query in statements + ["SELECT * FROM LEDGER.list_rollbackable_migrations();"] {
      #expect(
        try ledger.send(query).split(separator: "\n").map { $0.prefix { $0 != "|" } } == [
          "1_a", "c", "b", "D", "e",
        ])
    }
  }

  @Test func `an odd key of metadata does not hide the others`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register(
      "1_a", rollback: "SELECT 2",
      metadata: #"{"up_checksum": 5, "irreversible": "why", "search_path": {"x": 1}}"#)
    for (statement, end) in [(LedgerStatement.check, "|"), (.rollbackPlan, "||SELECT 2|")] {
      #expect(
        try ledger.send(
          LedgerSQL.statement(statement, in: ledger.schema, values: ["names": "'{1_a}'"]))
          == #"1_a|applied|t|Migration can be safely rolled back|[]|c0ffee|5||||{"x": 1}|why|f"#
          + end)
    }
  }

  @Test func `the list holds what is applied, newest first`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("20250102_b")
    try ledger.register("20250101_a", rollback: nil)
    try ledger.register("20250103_c", dependsOn: ["20250102_b"])
    try ledger.register("20250104_d")
    try ledger.execute("20250104_d")
    #expect(
      try ledger.send(
        """
        SELECT migration_name, migration_version, has_rollback_sql, can_rollback, blocking_reason
        FROM LEDGER.list_rollbackable_migrations();
        """) == """
          20250103_c|20250103|t|t|
          20250102_b|20250102|t|f|Cannot rollback: other migrations depend on this one
          20250101_a|20250101|f|f|No rollback SQL defined for this migration
          """)
  }

  @Test func `rows that people inserted by hand are listed too`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      """
      INSERT INTO LEDGER.migration_history (migration_name, migration_version, rollback_sql)
      VALUES ('20250101_by_hand', '20250101', 'SELECT 1')
      """)
    #expect(
      try ledger.send(
        "SELECT migration_name, can_rollback FROM LEDGER.list_rollbackable_migrations();")
        == "20250101_by_hand|t")
  }

  @Test func `the guard refuses in the same words`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.run("SELECT LEDGER.migration_guard('{2_b}')")
    #expect(
      refusal { try ledger.run("SELECT LEDGER.migration_guard('{1_a}')") }
        == .init(
          sqlState: "MM005", message: "Cannot rollback: other migrations depend on this one",
          detail:
            #"[{"name": "1_a", "reason": "Cannot rollback: other migrations depend on this one", "#
            + #""status": "applied", "dependents": ["2_b"]}]"#,
          hint: "run 'migration-manager check 1_a'"))
    #expect(
      refusal { try ledger.run("SELECT LEDGER.migration_guard('{0_x}')") }
        == .init(
          sqlState: "MM005", message: "Migration not found",
          detail:
            #"[{"name": "0_x", "reason": "Migration not found", "status": null, "dependents": []}]"#,
          hint: "run 'migration-manager check 0_x'"))
  }

  @Test func `the guard notices rollback SQL that changed since it was shown`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "SELECT 'ä'")
    let checksum = try ledger.value("encode(sha256(convert_to('SELECT ''ä''', 'UTF8')), 'hex')")
    try ledger.run("SELECT LEDGER.migration_guard('{1_a}', '{\(checksum)}')")
    let changed = refusal {
      try ledger.run("SELECT LEDGER.migration_guard('{1_a}', '{\(checksum.dropFirst())}')")
    }
    #expect(changed?.sqlState == "MM005")
    #expect(changed?.message == "The recorded rollback SQL changed meanwhile")
  }

  @Test func `a range means what stands after a point by sequence`() throws {
    let ledger = try LedgerUnderTest.created()
    for name in ["1_a", "2_b", "2_c", "3_d"] { try ledger.register(name) }
    func range(_ to: String, _ version: String, _ last: String) throws -> String {
      try ledger.value("LEDGER.migration_rollback_range(\(to), \(version), \(last))")
    }
    #expect(try range("NULL", "NULL", "NULL") == "{3_d,2_c,2_b,1_a}")
    #expect(try range("NULL", "NULL", "2") == "{3_d,2_c}")
    #expect(try range("'2_b'", "NULL", "NULL") == "{3_d,2_c}")
    #expect(try range("'2'", "'2'", "NULL") == "{3_d}")
    #expect(try range("'9'", "'9'", "NULL") == "{}")
    try ledger.run(
      """
      UPDATE LEDGER.migration_history SET status = 'failed' WHERE migration_name = '3_d';
      UPDATE LEDGER.migration_history SET status = 'rolled_back' WHERE migration_name = '2_c'
      """)
    #expect(try range("NULL", "NULL", "2") == "{3_d,2_b}")
    #expect(try range("'2'", "'2'", "NULL") == "{3_d}")
    #expect(try range("'2_c'", "NULL", "NULL") == "{}")
  }

  @Test func `a plan that is not what is meant any more is refused`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run("SELECT LEDGER.migration_guard_selection('{2_b,1_a}', '{1_a,2_b}')")
    try ledger.run("SELECT LEDGER.migration_guard_selection('{}', '{}')")
    #expect(
      refusal {
        try ledger.run("SELECT LEDGER.migration_guard_selection('{2_b,1_a}', '{3_c,2_b}')")
      }
        == .init(
          sqlState: "MM014", message: "what is to be rolled back changed meanwhile",
          detail: #"{"gone": ["1_a"], "added": ["3_c"]}"#,
          hint: "run it again: it shows what is to be rolled back now"))
  }

  @Test func `a name is looked up by indexes and a full read is a hash join`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      """
      INSERT INTO LEDGER.migration_history (migration_name, migration_version, metadata)
      SELECT 'm' || n, n, jsonb_build_object('sequence', n) FROM generate_series(1, 10000) AS n;
      INSERT INTO LEDGER.migration_dependencies (migration_name, depends_on)
      SELECT 'm' || n, 'm' || n - 1 FROM generate_series(2, 10000) AS n;
      ANALYZE LEDGER.migration_history, LEDGER.migration_dependencies
      """)
    let one = try ledger.send(
      "EXPLAIN SELECT * FROM LEDGER.migration_overview WHERE migration_name = 'm777';")
    #expect(!one.contains("Seq Scan on migration_"))
    let all = try ledger.send("EXPLAIN SELECT * FROM LEDGER.migration_overview;")
    #expect(all.contains("Hash Left Join") || all.contains("Hash Right Join"))
    #expect(all.ranges(of: "SubPlan").count == 0, "nothing is asked row by row")
    let newest = try ledger.send(
      "EXPLAIN "
        + LedgerSQL.statement(
          .listNames, in: ledger.schema, values: ["every_status": "false", "limit": "1"]))
    #expect(newest.contains("Index Scan using migration_history_sequence_idx"))
    for statement in [LedgerStatement.check, .rollbackPlan] {
      let some = try ledger.send(
        "EXPLAIN "
          + LedgerSQL.statement(
            statement, in: ledger.schema, values: ["names": "'{m777,m778,x}'"]))
      #expect(!some.contains("Seq Scan on migration_"))
    }
  }
}
