import TestSupport
import Testing

/// `migration_sync`: many migrations that have no row, recorded at once.
@Suite(.scratchLedger) struct SyncTests {
  /// A migration as `migration_sync` takes it; its version is the digits before the first `_`.
  private func migration(
    _ name: String, dependsOn: [String] = [], metadata: String = "{}"
  ) -> String {
    let names = dependsOn.map { $0.quoted(with: "\"") }.joined(separator: ",")
    return """
      {"name": "\(name)", "version": "\(name.prefix { $0 != "_" })", "rollback_sql": "SELECT 1",
       "checksum": "c0ffee", "metadata": \(metadata), "depends_on": [\(names)]}
      """
  }

  private func sync(_ ledger: LedgerUnderTest, _ migrations: String...) throws -> String {
    try ledger.run(
      """
      SELECT LEDGER.migration_sync(
        '00000000-0000-4000-8000-000000000001', '[\(migrations.joined(separator: ","))]',
        '{"os_user": "ada", "reason": "because"}')
      """)
  }

  private func order(_ ledger: LedgerUnderTest) throws -> String {
    try ledger.value(
      """
      string_agg(migration_name || ':' || (metadata ->> 'sequence'), ' '
        ORDER BY (metadata ->> 'sequence')::numeric) FROM LEDGER.migration_history
      """)
  }

  @Test func `each gets its row and its event, in the order given`() throws {
    let ledger = try LedgerUnderTest.created()
    #expect(
      try sync(
        ledger,
        migration(
          "1_a", metadata: #"{"evidence": "seen", "search_path_from_file": true}"#),
        migration("2_b", metadata: #"{"assumed": true}"#), migration("10_c")) == "1_a\n2_b\n10_c")
    #expect(
      try ledger.send(
        """
        SELECT migration_name, migration_version, rollback_sql, checksum, status, applied_by, metadata
        FROM LEDGER.migration_history ORDER BY (metadata ->> 'sequence')::numeric;
        SELECT operation, migration_name, outcome, os_user, reason, checksum, details, run_id
        FROM LEDGER.migration_events WHERE operation = 'sync' ORDER BY id;
        """) == """
          1_a|1|SELECT 1|c0ffee|applied|postgres|{"evidence": "seen", "sequence": 1}
          2_b|2|SELECT 1|c0ffee|applied|postgres|{"assumed": true, "sequence": 2}
          10_c|10|SELECT 1|c0ffee|applied|postgres|{"sequence": 3}
          sync|1_a|registered|ada|because|c0ffee||00000000-0000-4000-8000-000000000001
          sync|2_b|registered|ada|because|c0ffee|{"assumed": true}|\
          00000000-0000-4000-8000-000000000001
          sync|10_c|registered|ada|because|c0ffee||00000000-0000-4000-8000-000000000001
          """)
  }

  @Test func `a fraction written by hand is none of what is new`() throws {
    let ledger = try LedgerUnderTest.created()
    _ = try sync(ledger, migration("1_a"))
    try ledger.run(
      """
      UPDATE LEDGER.migration_history SET metadata = metadata || '{"sequence": 1.5}'
      """)
    #expect(try sync(ledger, migration("2_b")) == "2_b")
    #expect(try order(ledger) == "1_a:1.5 2_b:2")
    #expect(
      try ledger.value(
        "string_agg(migration_name, ' ' ORDER BY id) FROM LEDGER.migration_events "
          + "WHERE operation = 'sync'") == "1_a 2_b")
  }

  @Test func `a row that is there is left alone, whatever its status`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "SELECT 'mine'")
    try ledger.register("2_b")
    try ledger.execute("2_b")
    #expect(
      try sync(ledger, migration("1_a"), migration("2_b"), migration("3_c")) == "3_c")
    #expect(
      try ledger.send(
        """
        SELECT migration_name, status, rollback_sql FROM LEDGER.migration_history
        ORDER BY migration_name;
        """) == "1_a|applied|SELECT 'mine'\n2_b|rolled_back|SELECT 1\n3_c|applied|SELECT 1")
  }

  @Test func `older ones take their places between the others`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("2_b")
    try ledger.register("5_e")
    #expect(
      try sync(
        ledger, migration("1_a"), migration("3_c"), migration("4_d"), migration("6_f"),
        migration("7_g")) == "1_a\n3_c\n4_d\n6_f\n7_g")
    #expect(
      try ledger.value(
        """
        string_agg(migration_name, ' ' ORDER BY (metadata ->> 'sequence')::numeric),
        count(DISTINCT metadata ->> 'sequence')
        FROM LEDGER.migration_history
        """) == "1_a 2_b 3_c 4_d 5_e 6_f 7_g|7")
    #expect(
      try ledger.value(
        "count(*) FROM LEDGER.migration_events WHERE operation = 'sync'") == "5")
  }

  @Test func `a row that a person inserted without a sequence does not count as newest`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      "INSERT INTO LEDGER.migration_history (migration_name, migration_version) VALUES ('9_z', '9')"
    )
    #expect(try sync(ledger, migration("1_a"), migration("2_b")) == "1_a\n2_b")
    #expect(try order(ledger) == "1_a:1 2_b:2")
  }

  @Test func `dependencies become rows, and wait for names that come later`() throws {
    let ledger = try LedgerUnderTest.created()
    func dependencies() throws -> String {
      try ledger.send(
        """
        SELECT migration_name || ' -> ' || depends_on FROM LEDGER.migration_dependencies
        UNION ALL
        SELECT migration_name || ' waits ' || (metadata ->> 'unregistered_dependencies')
        FROM LEDGER.migration_history WHERE metadata ? 'unregistered_dependencies'
        ORDER BY 1;
        """)
    }
    _ = try sync(
      ledger, migration("2_b", dependsOn: ["1_a", "3_c"]),
      migration("4_d", dependsOn: ["2_b", "2_b", "5_e"]))
    #expect(
      try dependencies() == """
        2_b waits ["1_a", "3_c"]
        4_d -> 2_b
        4_d waits ["5_e"]
        """)
    // One is older than all that is recorded, one between, one later.
    _ = try sync(ledger, migration("1_a"), migration("3_c"), migration("5_e"))
    #expect(
      try dependencies() == """
        2_b -> 1_a
        2_b -> 3_c
        4_d -> 2_b
        4_d -> 5_e
        """)
  }

  @Test func `a cycle stops all of it`() throws {
    let ledger = try LedgerUnderTest.created()
    #expect(
      refusal {
        _ = try sync(
          ledger, migration("1_a", dependsOn: ["2_b"]), migration("2_b", dependsOn: ["1_a"]))
      }?.sqlState == "MM009")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_history") == "0")
  }

  @Test func `nothing to record is nothing done`() throws {
    let ledger = try LedgerUnderTest.created()
    #expect(try ledger.run("SELECT LEDGER.migration_sync(gen_random_uuid(), '[]', '{}')") == "")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_events") == "1")
  }

  @Test(.timeLimit(.minutes(1))) func `ten thousand take seconds, dependencies and all`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.send("VACUUM ANALYZE LEDGER.migration_history;")
    try ledger.run(
      """
      SELECT count(*)
      FROM (
        SELECT jsonb_agg(
          jsonb_build_object(
            'name', 10000 + i || '_a', 'version', (10000 + i)::text,
            'depends_on', jsonb_build_array(9999 + i || '_a'))
          ORDER BY i) AS migrations
        FROM generate_series(1, 10000) AS i
      ) AS given
      CROSS JOIN LATERAL LEDGER.migration_sync(
        '00000000-0000-4000-8000-000000000001', given.migrations, '{}')
      """)
    #expect(
      try ledger.value("max((metadata ->> 'sequence')::numeric) FROM LEDGER.migration_history")
        == "10000")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_dependencies") == "9999")
    #expect(
      try ledger.value(
        "metadata FROM LEDGER.migration_history WHERE migration_name = '10001_a'")
        == #"{"sequence": 1, "unregistered_dependencies": ["10000_a"]}"#)
  }

  @Test(.timeLimit(.minutes(1))) func `statistics of an empty ledger mislead no plan`() throws {
    let ledger = try LedgerUnderTest.created()
    let sync = """
      SELECT count(*)
      FROM (
        SELECT jsonb_agg(
          jsonb_build_object(
            'name', 10000 + i || '_a', 'version', (10000 + i)::text,
            'depends_on', jsonb_build_array(9999 + i || '_a', 'x' || i))
          ORDER BY i) AS migrations
        FROM generate_series(1, 10000) AS i
      ) AS given
      CROSS JOIN LATERAL LEDGER.migration_sync(
        '00000000-0000-4000-8000-000000000001', given.migrations, '{}');
      """
    // Rows that were rolled back leave pages: the planner then believes that there are none.
    try ledger.send(
      """
      BEGIN; \(sync) ROLLBACK;
      ANALYZE LEDGER.migration_history; ANALYZE LEDGER.migration_dependencies;
      """)
    #expect(try ledger.send(sync) == "10000")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_dependencies") == "9999")
    #expect(
      try ledger.value(
        "count(*) FROM LEDGER.migration_history WHERE metadata ? 'unregistered_dependencies'")
        == "10000")
  }
}
