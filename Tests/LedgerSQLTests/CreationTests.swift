import LedgerSQL
import TestSupport
import Testing

@Suite(.scratchDatabase) struct CreationTests {
  @Test(arguments: ["public", "migration_manager", "a\"b$$c", "it's $ledger$ odd", "@run@ --x"])
  func `a ledger works in a schema of any name`(schema: String) throws {
    let ledger = try LedgerUnderTest.created(in: schema)
    try ledger.run("CREATE TABLE public.t ()")
    try ledger.register("1_a", rollback: "DROP TABLE t", metadata: #"{"search_path": "public"}"#)
    try ledger.check("write")
    #expect(
      try ledger.execute("1_a") == "t|Migration rolled back successfully|DROP TABLE t")
    #expect(try ledger.value("to_regclass('public.t') IS NULL") == "t")
    let comment = try ledger.value(
      "obj_description(\(schema.quoted(with: "\"").quoted(with: "'") )::regnamespace)")
    #expect(schema == "public" || comment == "migration-manager: ledger of migrations")
  }

  @Test(arguments: ["standard_conforming_strings = off", "quote_all_identifiers = on"])
  func `settings that change how SQL is read or shown change nothing here`(
    setting: String
  ) throws {
    let ledger = LedgerUnderTest()
    try ledger.run("SET LOCAL \(setting); \(LedgerSQL.creation(in: ledger.schema))")
    try ledger.check("write")
    let database = ledger.database.name.quoted(with: "\"")
    try ledger.send("ALTER DATABASE \(database) SET \(setting);")
    try ledger.check("write")
    try ledger.run(ledger.registration("1_sss", rollback: "SSS"))
    try ledger.run(ledger.registration("2_b", rollback: " "))
    #expect(
      try ledger.send(
        """
        SELECT can_rollback, reason FROM LEDGER.can_rollback_migration('1_sss.sql');
        SELECT can_rollback, reason FROM LEDGER.can_rollback_migration('2_b');
        SELECT can_rollback, reason FROM LEDGER.can_rollback_migration('1_sss_sql');
        """) == """
          t|Migration can be safely rolled back
          f|No rollback SQL defined for this migration
          f|Migration not found
          """)
    try ledger.create()
    let hint = refusal { try ledger.run("SELECT LEDGER.migration_grant_reader('nobody')") }?.hint
    #expect(hint == "create it with CREATE ROLE, or check the name with 'psql -c \"\\du\"'")
  }

  @Test func `creating it again changes nothing`() throws {
    let ledger = try LedgerUnderTest.created()
    let rows = """
      SELECT c.oid, c.xmin FROM pg_class c WHERE relname ~ 'migration'
      UNION ALL SELECT oid, xmin FROM pg_proc WHERE proname ~ 'migration'
      UNION ALL SELECT oid, xmin FROM pg_policy UNION ALL SELECT oid, xmin FROM pg_trigger
      ORDER BY 1;
      """
    let before = try ledger.send(rows)
    try ledger.create()
    #expect(try ledger.send(rows) == before)
    #expect(
      try ledger.send("SELECT operation, outcome FROM LEDGER.migration_events;") == "init|done")
  }

  @Test func `it leaves the caller's settings alone`() throws {
    let ledger = LedgerUnderTest()
    let path = try ledger.run(
      """
      SET search_path = pg_temp, public; SET client_min_messages = notice;
      \(LedgerSQL.creation(in: ledger.schema))
      SELECT current_setting('search_path'), current_setting('client_min_messages'),
        current_setting('role')
      """)
    #expect(path == "pg_temp, public|notice|none")
  }

  @Test func `history has exactly the columns that people query`() throws {
    let ledger = try LedgerUnderTest.created()
    #expect(
      try ledger.send(
        """
        SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = 'migration_history'::regclass AND attnum > 0 ORDER BY attnum;
        """) == """
          id|uuid
          migration_name|text
          migration_version|text
          applied_at|timestamp with time zone
          applied_by|text
          rollback_sql|text
          checksum|text
          status|text
          rollback_at|timestamp with time zone
          rollback_by|text
          notes|text
          metadata|jsonb
          """)
    #expect(
      try ledger.value("obj_description('migration_history'::regclass)")
        == "migration-manager ledger, version 1: one row for each migration that was applied")
  }

  @Test func `every function but one has a search_path of its own, and none runs as definer`()
    throws
  {
    let ledger = try LedgerUnderTest.created()
    #expect(
      try ledger.send(
        """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          AND ('search_path=pg_catalog, pg_temp' = ANY (proconfig) IS NOT true OR prosecdef);
        """) == "execute_migration_rollback")
  }

  @Test func `an incomplete ledger is refused, then completed`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.run("DROP FUNCTION LEDGER.migration_guard; DROP VIEW LEDGER.migration_event_log")
    #expect(
      refusal { try ledger.check("read") }
        == .init(
          sqlState: "MM006", message: "the migration ledger in schema \"public\" is incomplete",
          hint: "run 'migration-manager init'"))
    try ledger.create()
    try ledger.check("read")
    #expect(
      try ledger.send("SELECT operation FROM LEDGER.migration_events ORDER BY id;")
        == "init\nregister\nupgrade")
    #expect(try ledger.status(of: "1_a") == "applied")
  }

  @Test func `an older ledger is upgraded by its owner alone`() throws {
    let ledger = LedgerUnderTest()
    try ledger.database.withRole("owner") { owner in
      try ledger.database.withRole("other") { other in
        try ledger.run("GRANT CREATE ON SCHEMA public TO \(owner), \(other)")
        try ledger.create(as: owner)
        let age = """
          COMMENT ON TABLE LEDGER.migration_history IS 'migration-manager ledger, version 0: old'
          """
        try ledger.run(age)
        #expect(
          refusal { try ledger.check("read", as: owner) }
            == .init(
              sqlState: "MM006",
              message: "the migration ledger in schema \"public\" is older than this program",
              hint: "run 'migration-manager init'"))
        #expect(refusal { try ledger.create(as: other) }?.sqlState == "MM012")
        // Not even a superuser, who would run the owner's code with his own rights.
        #expect(refusal { try ledger.create(as: "postgres") }?.sqlState == "MM002")
        try ledger.create(as: owner)
        try ledger.check("write", as: owner)
        #expect(
          try ledger.send(
            """
            SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^migration_'
            UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname ~ 'migration';
            """) == owner)
      }
    }
  }

  @Test func `a newer ledger is left alone`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      "COMMENT ON TABLE LEDGER.migration_history IS 'migration-manager ledger, version 7: x'")
    let expected = LedgerUnderTest.Refusal(
      sqlState: "MM007",
      message:
        "the migration ledger in schema \"public\" has version 7, this program knows version 1",
      hint: "use a newer migration-manager")
    #expect(refusal { try ledger.check("read") } == expected)
    #expect(refusal { try ledger.create() } == expected)
  }

  @Test func `nothing is created under an isolation level that keeps its snapshot`() throws {
    let ledger = LedgerUnderTest()
    let creation = LedgerSQL.creation(in: ledger.schema)
    #expect(
      refusal { try ledger.send("BEGIN ISOLATION LEVEL REPEATABLE READ;\n\(creation)") }
        == .init(
          sqlState: "MM011",
          message: "transaction isolation is repeatable read, not read committed",
          hint: "begin with 'BEGIN ISOLATION LEVEL READ COMMITTED'"))
  }

  @Test func `the events of init tell the run and the client`() throws {
    let ledger = LedgerUnderTest()
    let run = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    try ledger.run(
      LedgerSQL.statement(
        .sessionRun, in: ledger.schema,
        values: [
          "run": "'\(run)'",
          "client": #"'{"os_user": "ada", "host": "engine", "tool_version": "1.0"}'"#,
        ]) + LedgerSQL.creation(in: ledger.schema))
    #expect(
      try ledger.send("SELECT run_id, os_user, host, tool_version FROM LEDGER.migration_events;")
        == "\(run)|ada|engine|1.0")
  }
}
