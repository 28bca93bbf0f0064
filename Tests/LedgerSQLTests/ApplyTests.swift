import LedgerSQL
import TestSupport
import Testing

/// What guards and records a migration that this program applies itself.
@Suite(.scratchLedger) struct ApplyTests {
  private let run = "'6f9619ff-8b86-4d01-b42d-00cf4fc964ff'::uuid"

  private func apply(
    _ name: String, dependsOn: String = "[]", metadata: String = "{}", run: String? = nil
  ) -> String {
    """
    SELECT LEDGER.migration_record_apply(\(run ?? self.run),
      '{"name": "\(name)", "version": "\(name.prefix { $0 != "_" })", "checksum": "c0ffee",
        "rollback_sql": "SELECT 1", "metadata": \(metadata), "depends_on": \(dependsOn)}'::jsonb,
      '{"os_user": "ada", "host": "engine", "tool_version": "1.0", "reason": "monday"}'::jsonb,
      '{public,"a\\"b"}');
    """
  }

  private let rows = """
    SELECT migration_name, status, metadata FROM LEDGER.migration_history
    ORDER BY (metadata ->> 'sequence')::numeric;
    """

  @Test func `each gets the next number, and an event in the same transaction`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(apply("2_b", metadata: #"{"up_checksum": "beef", "search_path": "app"}"#))
    try ledger.run(apply("1_a", dependsOn: #"["2_b"]"#))
    #expect(
      try ledger.send(rows) == """
        2_b|applied|{"sequence": 1, "search_path": "app", "up_checksum": "beef"}
        1_a|applied|{"sequence": 2, "search_path": "\\"public\\", \\"a\\"\\"b\\""}
        """)
    #expect(
      try ledger.send(
        """
        SELECT migration_name, depends_on FROM LEDGER.migration_dependencies;
        SELECT migration_name, outcome, os_user, host, tool_version, reason, checksum, up_checksum,
          rollback_sql IS NULL, details IS NULL, duration_ms >= 0
        FROM LEDGER.migration_events WHERE operation = 'migrate' ORDER BY id;
        """) == """
          1_a|2_b
          2_b|applied|ada|engine|1.0|monday|c0ffee|beef|t|t|t
          1_a|applied|ada|engine|1.0|monday|c0ffee||t|t|t
          """)
  }

  @Test func `one that was rolled back is revived as the newest, without the old evidence`() throws
  {
    let ledger = try LedgerUnderTest.created()
    try ledger.register(
      "1_a", metadata: #"{"evidence": "old", "forced": true, "irreversible": "x", "mine": 1}"#)
    try ledger.register("2_b")
    try ledger.execute("2_b")
    try ledger.execute("1_a")
    try ledger.run(apply("1_a", metadata: #"{"search_path": "app"}"#))
    #expect(
      try ledger.send(
        rows + "SELECT rollback_at, rollback_by, notes FROM LEDGER.migration_history"
          + " WHERE migration_name = '1_a';"
          + "SELECT details FROM LEDGER.migration_events WHERE operation = 'migrate';") == """
          2_b|rolled_back|{"sequence": 2}
          1_a|applied|{"mine": 1, "sequence": 3, "search_path": "app"}
          ||
          {"status_before": "rolled_back"}
          """)
  }

  @Test func `those that wait for its name depend on it from now on`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.run(apply("1_a", dependsOn: #"["0_x"]"#, metadata: #"{"search_path": "app"}"#))
    #expect(
      try ledger.send(
        rows + "SELECT migration_name, depends_on FROM LEDGER.migration_dependencies;") == """
          2_b|applied|{"sequence": 1}
          1_a|applied|{"sequence": 2, "search_path": "app", "unregistered_dependencies": ["0_x"]}
          2_b|1_a
          """)
  }

  @Test func `the guard knows what became of it and of what it needs`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", rollback: "DROP TABLE no_such_table")
    try ledger.execute("2_b")
    try ledger.register("3_c")
    try ledger.execute("3_c")
    func refused(_ name: String, _ dependencies: String = "") -> LedgerUnderTest.Refusal? {
      refusal {
        try ledger.run("SELECT LEDGER.migration_guard_apply('\(name)', '{\(dependencies)}', NULL)")
      }
    }
    try ledger.run("SELECT LEDGER.migration_guard_apply('9_new', '{1_a,2_b}', NULL)")
    try ledger.run("SELECT LEDGER.migration_guard_apply('3_c', '{}', NULL)")
    #expect(
      refused("1_a")
        == .init(sqlState: "MM013", message: "migration \"1_a\" was applied meanwhile"))
    #expect(
      refused("2_b")
        == .init(
          sqlState: "MM005",
          message: "migration \"2_b\" is failed: its last rollback did not succeed",
          hint: "run 'migration-manager check 2_b'"))
    for needed in ["3_c", "0_never"] {
      #expect(
        refused("9_new", "1_a,\(needed)")
          == .init(
            sqlState: "MM005",
            message:
              "migration \"\(needed)\", on which \"9_new\" depends, is not applied any more",
            hint: "run 'migration-manager migrate' again: it plans anew"))
    }
  }

  @Test func `a failure is the last error until the migration is applied`()
    throws
  {
    let ledger = try LedgerUnderTest.created()
    func fail(_ message: String, run: String) -> String {
      """
      SELECT LEDGER.migration_record_events(
        \(run), 'migrate', '{1_a}', 'fail', '{"reason": "monday"}', '\(message)', '{}');
      """
    }
    let other = "'6f9619ff-8b86-4d01-b42d-00cf4fc964fe'::uuid"
    /// As everyone reads them, and as a superuser does.
    func lastErrors() throws -> Set<String> {
      try Set(
        [false, true].map {
          try ledger.send(
            LedgerSQL.statement(.applyFailures, in: ledger.schema, isSuperuser: $0))
        })
    }
    #expect(try ledger.send(fail("first", run: run)) == "")
    #expect(try ledger.send(fail("second", run: other)) == "")
    #expect(try ledger.send(rows) == "")
    #expect(try lastErrors() == ["1_a|second"])
    #expect(
      refusal { try ledger.run(apply("1_a")) }
        == .init(
          sqlState: "MM005", message: "this run was given up: its client lost the connection")
    )
    try ledger.run(apply("1_a", run: "'6f9619ff-8b86-4d01-b42d-00cf4fc964fd'::uuid"))
    #expect(try lastErrors() == [""])
    try ledger.execute("1_a")
    #expect(try lastErrors() == [""])
    #expect(try ledger.send(fail("third", run: other)) == "")
    #expect(try lastErrors() == ["1_a|third"])
  }

  @Test func `the states tell where a record came from, in the order of application`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(apply("2_b"))
    try ledger.register(
      "1_a",
      metadata:
        #"{"evidence": "its object exists", "section_style": "file", "rollback_checksum": "d"}"#
    )
    try ledger.run(apply("0_x", metadata: #"{"section_style": "file"}"#))
    try ledger.execute("2_b")
    try ledger.run(
      """
      UPDATE LEDGER.migration_history SET rollback_at = '2025-01-20 14:30:05.5+00'
      WHERE rollback_at IS NOT NULL
      """)
    for isSuperuser in [false, true] {
      let states = LedgerSQL.statement(
        .migrationStates, in: ledger.schema, isSuperuser: isSuperuser)
      #expect(
        try ledger.send(states) == """
          1_a|applied|c0ffee|d|t|||f
          2_b|rolled_back|c0ffee||f|1737383405500000|postgres|f
          0_x|applied|c0ffee||f|||f
          """)
    }
  }

  @Test func `another runner's ledger is noticed, also where it cannot be trusted`() throws {
    let ledger = try LedgerUnderTest.created()
    let presence = LedgerSQL.statement(.runnerPresence, in: ledger.schema)
    #expect(try ledger.send(presence) == "f|f|[]")
    try ledger.send(
      "CREATE SCHEMA other; CREATE TABLE other._prisma_migrations (migration_name text);")
    #expect(try ledger.send(presence) == #"t|t|["other._prisma_migrations"]"#)
    try ledger.database.withRole("stranger") { role in
      try ledger.send("ALTER TABLE other._prisma_migrations OWNER TO \(role);")
      #expect(try ledger.send(presence) == #"t|t|["other._prisma_migrations"]"#)
    }
    #expect(try ledger.send(presence) == "f|f|[]")
    try ledger.send("CREATE TABLE other.goose_db_version (); CREATE SCHEMA auth;")
    #expect(try ledger.send(presence) == #"f|t|["other.goose_db_version"]"#)
    try ledger.send(
      "DROP TABLE other.goose_db_version; CREATE TABLE auth.schema_migrations ();")
    #expect(try ledger.send(presence) == "f|t|[]")
    // What an extension brings, what is temporary and what is no relation is nobody's.
    try ledger.send(
      """
      DROP TABLE auth.schema_migrations; CREATE FUNCTION other.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE TABLE other.member (); ALTER EXTENSION plpgsql ADD TABLE other.member;
      """)
    #expect(try ledger.send(presence) == "f|f|[]")
    try ledger.send("CREATE VIEW other.answers AS SELECT 1;")
    #expect(try ledger.send(presence) == "f|t|[]")
  }

  @Test func `what resolve set to rolled back is told apart from what a rollback undid`() throws {
    let ledger = try LedgerUnderTest.created()
    func resolve(_ name: String, _ status: String, seen: String) throws {
      try ledger.run(
        "SELECT LEDGER.migration_resolve(\(run), '\(name)', '1', '\(status)', '\(seen)', '{}')")
    }
    func isResolved() throws -> String {
      try ledger.send(
        "SELECT migration_name, is_resolved FROM LEDGER.migration_order ORDER BY 1")
    }
    try ledger.run(apply("1_a"))
    try ledger.run(apply("2_b"))
    try resolve("1_a", "rolled_back", seen: "applied")
    try resolve("3_c", "rolled_back", seen: "none")
    try ledger.execute("2_b")
    // What a rollback undid stays that.
    try resolve("2_b", "rolled_back", seen: "rolled_back")
    #expect(try isResolved() == "1_a|t\n2_b|f\n3_c|t")
    try resolve("1_a", "applied", seen: "rolled_back")
    try ledger.run(apply("3_c"))
    #expect(try isResolved() == "1_a|f\n2_b|f\n3_c|f")
  }
}
