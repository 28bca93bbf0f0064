import TestSupport
import Testing

/// No ledger, `init`, and the first command that writes.
@Suite(.scratchDatabase) struct LedgerCreationTests {
  let database = ScratchDatabase.current

  static let reading: [[String]] = [
    ["list"], ["list", "--names"], ["list", "--all", "--limit", "3"],
    ["check", "20250101_create_users"], ["show", "20250101_create_gone", "--rollback"],
    ["rollback", "20250101_create_users", "--yes"],
    ["rollback", "20250101_create_users", "--dry-run"],
  ]

  @Test(arguments: reading) func withoutALedgerNothingIsCreated(command: [String]) throws {
    let before = try database.dump()
    let folder = try MigrationFolder([.table("users")])
    let result = try Program.run(command + ["--dir", folder.path])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        error: there is no migration ledger in schema "public"
          database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres (from DATABASE_URL)
        hint: run 'migration-manager init'

        """))
    let document = try Program.run(command + ["--dir", folder.path, "--json"])
    #expect(document.status == 2)
    let error = try document.errorDocument()
    #expect(error.code == "ledger")
    #expect(error.message == #"there is no migration ledger in schema "public""#)
    #expect(error.hint == "run 'migration-manager init'")
    #expect(try database.dump() == before)
  }

  @Test func theUpSQLNeedsNoLedger() throws {
    let migration = SampleMigration.table("users")
    let folder = try MigrationFolder([migration])
    for which in ["--up", "--rollback"] {
      let result = try Program.run(
        ["show", migration.name, which, "--dir", folder.path],
        environment: ["DATABASE_URL": "postgresql://ann@127.0.0.1:1/nothing"])
      #expect(result.status == 0)
      #expect(result.stderr == "")
    }
  }

  @Test func initCreatesIt() throws {
    let result = try Program.run(["init"])
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Ledger created in schema 'public'\n")
    #expect(
      result.stderr == """
        🔄 Preparing the ledger...
        Database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres \
        (from DATABASE_URL)
        💡 'migration-manager register NAME' records a migration that is applied

        """)
    #expect(
      try database.psql(
        """
        SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = 'migration_history'::regclass AND attnum > 0
        """) == """
          id migration_name migration_version applied_at applied_by rollback_sql checksum status \
          rollback_at rollback_by notes metadata
          """)
    #expect(
      try database.psql(
        "SELECT operation, outcome, role_name, tool_version FROM migration_events")
        == "init|done|postgres|0.1.0")
    let empty = try Program.run(["list"])
    #expect(empty.status == 0)
    #expect(empty.stdout.contains("Total: 0 migrations\nRollbackable: 0\n"))
  }

  @Test func initAgainChangesNothing() throws {
    let first = try Program.run(["init", "--json"])
    #expect(
      first.stdout
        == #"{"outcome":"created","schema":"public","readers":[],"operators":[]}"# + "\n")
    let before = try database.dump()
    for _ in 1...2 {
      let again = try Program.run(["init"])
      #expect(again.status == 0)
      #expect(again.stdout == "✅ Ledger in schema 'public' is up to date\n")
    }
    let document = try Program.run(["init", "--json"])
    #expect(
      document.stdout
        == #"{"outcome":"present","schema":"public","readers":[],"operators":[]}"# + "\n")
    #expect(try database.dump() == before)
  }

  @Test func twoAtOnceMakeOne() throws {
    let programs = try (1...3).map { _ in try Program.start(["init", "--json"]) }
    let results = try programs.map { try $0.waitUntilExit() }
    for result in results { #expect(result.status == 0, "\(result.stderr)") }
    #expect(
      try database.psql("SELECT count(*) FROM migration_events WHERE operation = 'init'") == "1")
  }

  @Test func aLedgerThatLostAFunctionIsMadeWhole() throws {
    try runSuccessfully(["init"])
    try database.adopt([.table("users")])
    let whole = try database.dump()
    try database.psql("DROP FUNCTION list_rollbackable_migrations()")
    let listed = try Program.run(["list"])
    #expect(listed.status == 2)
    #expect(
      listed.stderr.hasSuffix(
        """
        error: the migration ledger in schema "public" is incomplete
        hint: run 'migration-manager init'

        """))
    let mended = try Program.run(["init"])
    #expect(mended.stdout == "✅ Ledger in schema 'public' upgraded\n")
    #expect(try Program.run(["list", "--names"]).stdout == "20250101_create_users\n")
    #expect(
      try database.psql("SELECT count(*) FROM list_rollbackable_migrations()") == "1")
    // But for the event that says so, everything is as it was.
    #expect(
      try database.psql("SELECT operation FROM migration_events ORDER BY id DESC LIMIT 1")
        == "upgrade")
    #expect(try database.dump().occurrences(of: "\nCREATE ") == whole.occurrences(of: "\nCREATE "))
  }

  @Test func registerCreatesIt() throws {
    let migration = SampleMigration.table("users")
    try database.psql(migration.up)
    let folder = try MigrationFolder([migration])
    let result = try Program.run(["register", migration.name, "--dir", folder.path])
    #expect(result.status == 0)
    #expect(
      result.stdout == """
        ✅ Migration registered successfully
           Rollback SQL: ✅ Available
           Evidence: the object that it creates exists

        """)
    #expect(
      try database.psql(
        "SELECT operation, migration_name, outcome FROM migration_events ORDER BY id")
        == "init||done\nregister|20250101_create_users|registered")
  }

  @Test func aRegisterThatRefusesLeavesNone() throws {
    let before = try database.dump()
    let folder = try MigrationFolder([
      .table("users"), .table("teams", dependsOn: ["20250101_create_user"]),
    ])
    for (name, status) in [
      ("20250101_create_users", Int32(1)), ("20250101_create_teams", 2), ("20250101_other", 2),
    ] {
      let result = try Program.run(["register", name, "--dir", folder.path])
      #expect(result.status == status)
      #expect(result.stdout == "")
      #expect(try database.dump() == before)
    }
  }

  @Test func registerCreatesItWithForceToo() throws {
    let folder = try MigrationFolder([.table("users")])
    let name = "20250101_create_users"
    try runSuccessfully(["register", name, "--force", "--dir", folder.path])
    #expect(try database.status(of: name) == "applied")
  }

  @Test func aRoleWithoutTheRightToCreateIsToldWhat() throws {
    try database.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try database.withRole("visitor") { role in
      let before = try database.dump()
      let result = try Program.run(["init", "--database-url", database.url(user: role)])
      #expect(result.status == 2)
      #expect(result.stdout == "")
      #expect(
        result.stderr.hasSuffix(
          """
          error: permission denied for schema public
          hint: connect as a role that may create there, such as the database's owner; \
          'migration-manager init --operator ROLE' then lets others in

          """))
      let document = try Program.run(["init", "--json", "--database-url", database.url(user: role)])
      #expect(try document.errorDocument().code == "permission")
      #expect(try database.dump() == before)
    }
  }

  @Test(arguments: ["--reader", "--operator"], [false, true])
  func aRoleThatDoesNotExist(option: String, ledgerExists: Bool) throws {
    if ledgerExists { try runSuccessfully(["init"]) }
    let before = try database.dump()
    let result = try Program.run(["init", option, "no_such_role"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        error: role "no_such_role" does not exist
        hint: create it with CREATE ROLE, or check the name with 'psql -c "\\du"'

        """))
    #expect(try database.dump() == before)
  }
}
