import TestSupport
import Testing

/// Under which path and role rollback SQL runs, and what it leaves of its session, by the command
/// line and by `execute_migration_rollback`.
@Suite(.scratchLedger) struct RollbackSessionTests {
  let database = ScratchDatabase.current

  /// Rolls a migration back by the program, or by psql in a session set up by `preparation`.
  ///
  /// - Returns: whether it went through.
  private func rollBack(
    _ name: String, by way: PlainClientTests.Way, after preparation: String = "",
    then question: String = "", in folder: MigrationFolder
  ) throws -> (done: Bool, answer: String) {
    switch way {
    case .program:
      let result = try Program.run(["rollback", name, "--yes", "--dir", folder.path])
      return (result.status == 0, "")
    case .function:
      let answer = try database.psql(
        "\(preparation); SELECT success FROM public.execute_migration_rollback('\(name)'); \(question)"
      )
      let lines = answer.split(separator: "\n", maxSplits: 1).map(String.init)
      return (lines.first == "t", lines.count > 1 ? lines[1] : "")
    }
  }

  /// Unqualified names mean what they meant when the migration was applied, whatever the path is
  /// when it is rolled back; with `IF EXISTS` a wrong path would drop nothing and look well.
  @Test(arguments: PlainClientTests.Way.allCases)
  func unqualifiedNamesAreFoundUnderTheRecordedPath(way: PlainClientTests.Way) throws {
    try database.psql(
      """
      CREATE SCHEMA app; CREATE SCHEMA other; CREATE TABLE other.users (id int);
      ALTER DATABASE \(database.name) SET search_path = app, public;
      """)
    let migration = SampleMigration(
      name: "20250101_users", up: "CREATE TABLE users (id int);",
      rollback: "DROP TABLE IF EXISTS users;")
    let folder = try database.adopt([migration], options: ["--schema", "public"])
    #expect(try database.hasTable("app.users"))
    try database.psql("ALTER DATABASE \(database.name) SET search_path = other")
    let result = try rollBack(migration.name, by: way, in: folder)
    #expect(result.done)
    #expect(try !database.hasTable("app.users"))
    #expect(try database.hasTable("other.users"))
  }

  @Test(arguments: PlainClientTests.Way.allCases)
  func aFilesOwnPathHoldsForItsRollback(way: PlainClientTests.Way) throws {
    try database.psql("CREATE SCHEMA app; CREATE TABLE users (id int)")
    let migration = SampleMigration(
      name: "20250101_users", up: "SET search_path = app;\nCREATE TABLE users (id int);",
      rollback: "SET search_path = app;\nDROP TABLE users;")
    let folder = try database.adopt([migration])
    let (done, path) = try rollBack(
      migration.name, by: way, after: "SET search_path = public, pg_temp",
      then: "SHOW search_path", in: folder)
    #expect(done)
    #expect(try !database.hasTable("app.users"))
    #expect(try database.hasTable("public.users"))
    // The caller's session is as he left it.
    if way == .function { #expect(path == "public, pg_temp") }
  }

  @Test(
    arguments: PlainClientTests.Way.allCases, ["SET ROLE @;", "SET SESSION AUTHORIZATION @;"])
  func aRoleThatTheSQLSetsDoesNotRecordIt(way: PlainClientTests.Way, change: String) throws {
    try database.withRole("tenant") { role in
      let migration = SampleMigration(
        name: "20250101_users",
        up: "CREATE TABLE users (id int); ALTER TABLE users OWNER TO \(role);",
        rollback: change.replacing("@", with: role) + "\nDROP TABLE users;")
      let folder = try database.adopt([migration])
      let (done, user) = try rollBack(
        migration.name, by: way, then: "SELECT current_user, session_user", in: folder)
      #expect(done)
      #expect(try !database.hasTable("users"))
      #expect(
        try database.psql("SELECT status, rollback_by FROM migration_history")
          == "rolled_back|postgres")
      #expect(
        try database.psql("SELECT role_name FROM migration_events ORDER BY id DESC LIMIT 1")
          == "postgres")
      if way == .function { #expect(user == "postgres|postgres") }
    }
  }

  @Test func theCallersOwnRoleIsKept() throws {
    try database.withRole("deployer", attributes: "NOLOGIN") { deployer in
      try database.withRole("tenant") { tenant in
        try database.psql("GRANT \(tenant) TO \(deployer)")
        try database.psql("GRANT CREATE ON SCHEMA public TO \(deployer)")
        let migration = SampleMigration(
          name: "20250101_users",
          up: "CREATE TABLE users (id int); ALTER TABLE users OWNER TO \(tenant);",
          rollback: "SET ROLE \(tenant);\nSET lock_timeout = '1ms';\nDROP TABLE users;")
        let folder = try database.adopt([migration])
        try runSuccessfully(["init", "--operator", deployer])
        let (done, user) = try rollBack(
          migration.name, by: .function, after: "SET ROLE \(deployer)",
          then: "SELECT current_user, session_user", in: folder)
        #expect(done)
        #expect(user == "\(deployer)|postgres")
        #expect(try database.psql("SELECT rollback_by FROM migration_history") == deployer)
      }
    }
  }

  @Test(arguments: PlainClientTests.Way.allCases)
  func afterAFailureTheSessionIsAsItWas(way: PlainClientTests.Way) throws {
    try database.withRole("tenant") { role in
      let migration = SampleMigration(
        name: "20250101_users", up: "CREATE TABLE users (id int);",
        rollback: "SET ROLE \(role);\nSET search_path = nowhere;\nDROP TABLE public.users;")
      let folder = try database.adopt([migration])
      let (done, session) = try rollBack(
        migration.name, by: way, after: "SET search_path = public, pg_temp",
        then: "SELECT current_user; SHOW search_path", in: folder)
      #expect(!done)
      #expect(try database.hasTable("users"))
      #expect(
        try database.psql("SELECT status, notes FROM migration_history")
          == "failed|Rollback failed: must be owner of table users (SQLSTATE 42501)")
      #expect(
        try database.psql("SELECT role_name FROM migration_events ORDER BY id DESC LIMIT 1")
          == "postgres")
      if way == .function { #expect(session == "postgres\npublic, pg_temp") }
    }
  }

  @Test(arguments: PlainClientTests.Way.allCases)
  func deferredConstraintsAreCheckedBeforeItCounts(way: PlainClientTests.Way) throws {
    let migration = SampleMigration(
      name: "20250101_orders",
      up: """
        CREATE TABLE users (id int PRIMARY KEY);
        CREATE TABLE orders (user_id int REFERENCES users DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO users VALUES (1); INSERT INTO orders VALUES (1);
        """,
      rollback: "DELETE FROM users;")
    let folder = try database.adopt([migration])
    #expect(try !rollBack(migration.name, by: way, in: folder).done)
    #expect(try database.psql("SELECT count(*) FROM users") == "1")
    #expect(try database.status(of: migration.name) == "failed")
    #expect(
      try database.psql(
        "SELECT details -> 'error' ->> 'sqlstate' FROM migration_events ORDER BY id DESC LIMIT 1")
        == "23503")
  }

  @Test(arguments: PlainClientTests.Way.allCases)
  func aFinalCommentSwallowsNothing(way: PlainClientTests.Way) throws {
    let migration = SampleMigration(
      name: "20250101_users", up: "CREATE TABLE users (id int);",
      rollback: "DROP TABLE users -- and that is all")
    let folder = try database.adopt([migration])
    #expect(try rollBack(migration.name, by: way, in: folder).done)
    #expect(try !database.hasTable("users"))
    #expect(try database.status(of: migration.name) == "rolled_back")
  }

  @Test func aRollbackThatIsUndoneByItsCallerLeavesNoTrace() throws {
    try database.adopt([.table("users")])
    let before = try database.dump()
    try database.psql(
      "BEGIN; SELECT * FROM execute_migration_rollback('20250101_create_users'); ROLLBACK")
    // All but the event's number, which a sequence never takes back.
    #expect(
      try withoutSequences(database.dump()) == withoutSequences(before))
    #expect(try database.hasTable("users"))
  }

  private func withoutSequences(_ dump: String) -> String {
    dump.split(separator: "\n").filter { !$0.contains("pg_catalog.setval") }
      .joined(separator: "\n")
  }
}
