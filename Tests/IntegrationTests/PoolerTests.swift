import TestSupport
import Testing

/// Behind PgBouncer in transaction mode, with one server connection for everybody: what a command
/// leaves behind in its session, the next client would find.
@Suite(.scratchLedger) struct PoolerTests {
  let database = ScratchDatabase.current
  let pooler: ConnectionPooler

  init() throws { pooler = try ConnectionPooler(before: database.server) }

  private func run(_ arguments: [String]) throws -> ProgramResult {
    try Program.run(arguments + ["--database-url", pooler.connectionString(database)])
  }

  /// What the next client finds: its session, and the locks that are held in the database.
  private func session() throws -> String {
    try pooler.psql(
      """
      SELECT pg_backend_pid(), session_user, current_user, current_schemas(true);
      SELECT name, setting FROM pg_settings
      WHERE setting NOT IN (boot_val, reset_val) OR context = 'user' AND setting <> boot_val
      ORDER BY name;
      SELECT locktype, mode FROM pg_locks
      WHERE locktype = 'advisory' AND database = (
        SELECT oid FROM pg_database WHERE datname = current_database());
      SELECT relname FROM pg_class WHERE relpersistence = 't';
      SELECT name FROM pg_prepared_statements;
      """, on: database)
  }

  @Test func theWholeCommandLine() throws {
    let migration = SampleMigration.table("users")
    try database.psql(migration.up)
    let folder = try MigrationFolder([migration])
    for command in [
      ["init"], ["register", migration.name], ["list"], ["check", migration.name],
      ["register", migration.name], ["rollback", migration.name, "--dry-run"],
      ["rollback", migration.name, "--yes"], ["list", "--all"],
    ] {
      let result = try run(command + ["--dir", folder.path])
      #expect(result.status == 0, "\(command): \(result.stderr)")
    }
    #expect(try !database.hasTable("users"))
    #expect(try database.status(of: migration.name) == "rolled_back")
    #expect(try database.events(of: migration.name).last == "rollback done")
  }

  @Test func prismasURLForPoolers() throws {
    let url = pooler.url(database) + "&schema=public&pgbouncer=true"
    let result = try Program.run(["init", "--database-url", url])
    #expect(result.status == 0, "\(result.stderr)")
  }

  /// Rollback SQL that changes its session in every way that lasts.
  private static let untidy = """
    SET search_path = nowhere;
    SET lock_timeout = '1ms'; SET statement_timeout = '10min';
    SET idle_in_transaction_session_timeout = '1s';
    SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German'; SET client_min_messages = error;
    SET row_security = off; SET shop.tenant = '7'; SET default_transaction_read_only = on;
    SET session_replication_role = replica;
    SET CONSTRAINTS ALL DEFERRED;
    SET SESSION AUTHORIZATION @; SET ROLE @;
    """

  @Test(arguments: ["DROP TABLE public.users;", "DROP TABLE public.userz;", "DROP TABEL users;"])
  func nothingReachesTheNextClient(sql: String) throws {
    try database.withRole("intruder") { role in
      try database.psql("CREATE TABLE users (id int); GRANT ALL ON SCHEMA public TO \(role)")
      // What the session is to be put back to is not PostgreSQL's own default.
      try database.psql(
        """
        ALTER DATABASE \(database.name) SET search_path = public, pg_temp;
        ALTER DATABASE \(database.name) SET lock_timeout = '9s';
        ALTER DATABASE \(database.name) SET idle_in_transaction_session_timeout = '7min';
        ALTER DATABASE \(database.name) SET statement_timeout = '8min';
        """)
      try database.psql("ALTER TABLE users OWNER TO \(role)")
      let migration = SampleMigration(
        name: "20250101_users", up: "CREATE TABLE users (id int);",
        rollback: Self.untidy.replacing("@", with: role) + "\n" + sql)
      let folder = try MigrationFolder([migration])
      try runSuccessfully(["register", migration.name, "--dir", folder.path])
      let before = try session()
      #expect(before.contains("lock_timeout|9000\n"))

      let result = try run(["rollback", migration.name, "--yes", "--dir", folder.path])
      let works = sql == "DROP TABLE public.users;"
      #expect(result.status == (works ? 0 : 2), "\(result.stderr)")
      #expect(try database.hasTable("public.users") == !works)
      #expect(try database.status(of: migration.name) == (works ? "rolled_back" : "failed"))
      #expect(
        try database.events(of: migration.name).last == (works ? "rollback done" : "rollback fail"))
      #expect(
        try database.psql("SELECT role_name FROM migration_events ORDER BY id DESC LIMIT 1")
          == "postgres")
      #expect(try session() == before)
    }
  }

  @Test func commandsThatRunNoSQLOfAMigrationLeaveNothingEither() throws {
    let folder = try database.adopt([
      .table("users"),
      .table("teams", name: "20250102_create_teams", dependsOn: ["20250101_create_users"]),
    ])
    let before = try session()
    for (command, status) in [
      (["list"], Int32(0)), (["check", "20250101_create_users"], 1),
      (["rollback", "20250101_create_users", "--yes"], 1), (["rollback", "none", "--yes"], 1),
      (["rollback", "20250102_create_teams", "--dry-run"], 0), (["init"], 0),
      (["init", "--reader", "no_such_role"], 2), (["register", "20250102_create_teams"], 0),
      (["resolve", "20250102_create_teams", "--rolled-back", "--yes"], 0),
      (["rename", "20250102_create_teams", "20250103_create_teams", "--force"], 0),
      (["forget", "20250103_create_teams", "--yes"], 0), (["history", "20250103_create_teams"], 0),
    ] {
      let result = try run(command + ["--dir", folder.path, "--lock-timeout", "7s"])
      #expect(result.status == status, "\(command): \(result.stderr)")
      #expect(try session() == before)
    }
  }

  @Test func nobodyWaitsWhileThePromptDoes() throws {
    let migration = SampleMigration.table("users")
    let folder = try database.adopt([migration])
    let program = try Program.start([
      "rollback", migration.name, "--dir", folder.path,
      "--database-url", pooler.connectionString(database),
    ])
    try program.wait(for: "(yes/no): ", on: .error)
    // The one server connection is free: no transaction is open.
    #expect(try pooler.psql("SELECT 'free'", on: database) == "free")
    try program.write("yes\n".utf8)
    #expect(try program.waitUntilExit().status == 0)
    #expect(try !database.hasTable("users"))
  }
}
