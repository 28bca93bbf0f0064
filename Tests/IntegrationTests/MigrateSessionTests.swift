import TestSupport
import Testing

/// What one file says and does to its session stays with that file.
@Suite(.scratchDatabase) struct MigrateSessionTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private var database: ScratchDatabase { workspace.database }

  @Test func noticesAreShownWithTheirFile() throws {
    try workspace.write(
      "DROP TABLE IF EXISTS nowhere;\nDO $$ BEGIN RAISE WARNING 'careful'; END $$;",
      to: "20250101_first")
    try workspace.write("DO $$ BEGIN RAISE NOTICE 'and then'; END $$;", to: "20250102_second")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result)")
    for line in [
      "20250101_first: NOTICE: table \"nowhere\" does not exist, skipping",
      "20250101_first: WARNING: careful", "20250102_second: NOTICE: and then",
    ] {
      #expect(result.stderr.contains(line + "\n"), "\(result.stderr)")
    }
    #expect(!result.stderr.contains("migration-manager: "))
  }

  /// Writes down what a file finds in its session.
  private static func look(into table: String) -> String {
    """
    CREATE TABLE public.\(table) AS
      SELECT name, setting FROM pg_settings WHERE name <> 'transaction_isolation'
      UNION ALL SELECT 'role', session_user || '/' || current_user
      UNION ALL SELECT 'path',
        array_remove(current_schemas(true), pg_my_temp_schema()::regnamespace::name)::text
      UNION ALL SELECT 'tenant', COALESCE(current_setting('shop.tenant', true), '')
      UNION ALL SELECT 'temporary', relname FROM pg_class WHERE relpersistence = 't'
      UNION ALL SELECT 'prepared', name FROM pg_prepared_statements
      UNION ALL SELECT 'cursor', name FROM pg_cursors WHERE name <> ''
      UNION ALL SELECT 'channel', channel FROM pg_listening_channels() AS channel
      UNION ALL SELECT 'lock', objid::text FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 0 AND pid = pg_backend_pid();
    """
  }

  /// Changes the session in every way that lasts.
  private static func untidy(role: String) -> String {
    """
    SET search_path = nowhere; SET lock_timeout = '7s'; SET statement_timeout = '10min';
    SET idle_in_transaction_session_timeout = '1s'; SET TimeZone = 'Asia/Kathmandu';
    SET DateStyle = 'German'; SET client_min_messages = error; SET row_security = off;
    SELECT pg_catalog.set_config('shop.tenant', '7', false);
    SET session_replication_role = replica; SET LOCAL enable_seqscan = off;
    CREATE TEMP TABLE scratch (); PREPARE words AS SELECT 1; LISTEN news;
    DECLARE rows CURSOR WITH HOLD FOR SELECT 1; SELECT pg_advisory_lock(42);
    SET SESSION AUTHORIZATION \(role); SET ROLE \(role);
    """
  }

  @Test func settingsOfOneFileDoNotReachTheNext() throws {
    try database.withRole("other") { role in
      try workspace.write(Self.look(into: "before"), to: "20250101_before")
      try workspace.write(Self.untidy(role: role), to: "20250102_untidy")
      try workspace.write(Self.look(into: "after"), to: "20250103_after")
      let result = try workspace.run(["migrate"])
      #expect(result.status == 0, "\(result)")
      #expect(try database.psql("TABLE after EXCEPT TABLE before") == "")
      #expect(try database.psql("TABLE before EXCEPT TABLE after") == "")
      #expect(
        try database.psql("SELECT DISTINCT applied_by FROM migration_history") == "postgres")
    }
  }

  /// No statement of the file says TEMP: the server runs it inside another.
  @Test func temporaryTablesOfABlockDoNotHideTheNextFilesTables() throws {
    try workspace.write(
      """
      CREATE TABLE users (id int);
      DO $$ DECLARE rows refcursor; BEGIN
        CREATE TEMP TABLE users (id int); EXECUTE 'PREPARE words AS SELECT 1'; EXECUTE 'LISTEN news';
        OPEN rows FOR SELECT * FROM users;
      END $$;
      """, to: "20250101_users")
    try workspace.write("INSERT INTO users VALUES (1);", to: "20250102_fill")
    try workspace.write(Self.look(into: "seen"), to: "20250103_look")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result)")
    #expect(try database.psql("SELECT count(*) FROM users") == "1")
    #expect(
      try database.psql(
        "SELECT name, setting FROM seen WHERE name IN ('temporary', 'prepared', 'channel')") == "")
  }

  /// A ROLLBACK takes neither away; the second try would find them.
  @Test func anotherTryBeginsInAFreshSession() throws {
    try workspace.write("CREATE TABLE a ();", to: "20250101_a")
    try workspace.runSuccessfully("migrate")
    try workspace.write(
      "PREPARE words AS SELECT 1;\nSELECT pg_advisory_lock(42);\nALTER TABLE a ADD COLUMN b int;",
      to: "20250102_b")
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE a IN ACCESS SHARE MODE")
    let program = try Program.start(
      ["migrate", "--lock-timeout", "50ms", "--lock-retries", "9"],
      environment: ["DATABASE_URL": database.url], directory: workspace.folder.path)
    try program.wait(for: "trying again (8 more after this)", on: .error)
    try other.run("SELECT pg_advisory_lock(42); SELECT pg_advisory_unlock(42)")
    try other.run("ROLLBACK")
    let result = try program.waitUntilExit()
    #expect(result.status == 0, "\(result)")
    #expect(try database.status(of: "20250102_b") == "applied")
  }

  @Test func constraintsOfOneFileAreCheckedAsTheyWereDeclaredInTheNext() throws {
    try workspace.write(
      """
      CREATE TABLE a (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);
      SET CONSTRAINTS ALL IMMEDIATE;
      """, to: "20250101_a")
    try workspace.write(
      "INSERT INTO a VALUES (1), (2);\nUPDATE a SET id = 3 - id;\n", to: "20250102_swap")
    try workspace.write("INSERT INTO a VALUES (1);\nSELECT 'all of it ran';\n", to: "20250103_bad")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains("duplicate key value violates unique constraint \"a_pkey\""),
      "\(result.stderr)")
    #expect(try database.psql("SELECT array_agg(id ORDER BY id) FROM a") == "{1,2}")
    #expect(try database.status(of: "20250102_swap") == "applied")
    #expect(try database.status(of: "20250103_bad") == "")
  }

  @Test(arguments: ["CREATE TABLE public.users ();", "DROP TABLE public.userz;", "CREATE TABEL u"])
  func nothingReachesThePoolersNextClient(sql: String) throws {
    let pooler = try ConnectionPooler(before: database.server)
    try database.withRole("other") { role in
      try database.psql(
        """
        GRANT ALL ON SCHEMA public TO \(role);
        ALTER DATABASE \(database.name) SET search_path = public, pg_temp;
        ALTER DATABASE \(database.name) SET lock_timeout = '9s';
        ALTER DATABASE \(database.name) SET idle_in_transaction_session_timeout = '7min';
        """)
      try workspace.write("CREATE TABLE first ();", to: "20250101_first")
      try workspace.write(
        "CREATE TABLE \(role) ();\n" + Self.untidy(role: role) + sql, to: "20250102_second")
      let environment = ["DATABASE_URL": Optional(pooler.url(database))]
      func session() throws -> String {
        let backend = try pooler.psql("SELECT pg_backend_pid()", on: database)
        _ = try pooler.psql(
          "DROP TABLE IF EXISTS public.seen; \(Self.look(into: "seen"))", on: database)
        return try backend
          + pooler.psql("SELECT * FROM public.seen ORDER BY 1, 2", on: database)
      }
      #expect(try workspace.run(["init"], environment: environment).status == 0)
      let before = try session()
      #expect(before.contains("lock_timeout|9000\n"))
      let result = try workspace.run(["migrate"], environment: environment)
      let works = sql.hasPrefix("CREATE TABLE ")
      #expect(result.status == (works ? 0 : 2), "\(result)")
      #expect(try database.status(of: "20250101_first") == "applied")
      #expect(try database.status(of: "20250102_second") == (works ? "applied" : ""))
      #expect(try session() == before)
      #expect(try workspace.run(["status"], environment: environment).status == 0)
      #expect(try session() == before)
    }
  }
}
