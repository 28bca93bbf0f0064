import TestSupport
import Testing

/// Where the ledger lives: `--schema`, whatever the name, and out of Prisma's way.
@Suite(.scratchDatabase) struct LedgerSchemaTests {
  let database = ScratchDatabase.current
  private let users = SampleMigration.table("users")
  private let teams = SampleMigration.table(
    "teams", name: "20250102_create_teams", dependsOn: ["20250101_create_users"])

  @Test(arguments: [
    #"a"b$$c"#, "it's $ledger$ odd", "MixedCase", "select", "back\\slash", "ünïcode", "-dash",
    "%s @extschema@",
  ])
  func anyNameThroughTheWholeCommandLine(schema: String) throws {
    let quoted = "\"" + schema.replacing("\"", with: "\"\"") + "\""
    let folder = try MigrationFolder([users, teams])
    try database.psql(users.up + teams.up)
    let options = ["--schema=\(schema)", "--dir", folder.path]

    let created = try Program.run(["init"] + options)
    #expect(created.status == 0)
    #expect(created.stdout == "✅ Ledger created in schema '\(schema)'\n")
    try database.withRole("reader") { reader in
      try database.withRole("deployer") { deployer in
        try runSuccessfully(["init", "--reader", reader, "--operator", deployer] + options)
        try runSuccessfully(["register", users.name, teams.name] + options)
        let readers = try Program.run(
          ["list", "--names"] + options + ["--database-url", database.url(user: reader)])
        #expect(readers.stdout == "20250102_create_teams\n20250101_create_users\n")
        let checked = try Program.run(
          ["check", users.name] + options + ["--database-url", database.url(user: deployer)])
        #expect(checked.status == 1)
        #expect(checked.stdout.contains("  - 20250102_create_teams\n"))
      }
    }
    try folder.remove(teams.fileName)
    let shown = try Program.run(["show", teams.name, "--rollback"] + options)
    #expect(shown.stdout == "DROP TABLE teams;\n")
    let dry = try Program.run(["rollback", teams.name, "--dry-run"] + options)
    #expect(dry.status == 0)
    #expect(try database.hasTable("teams"))
    for name in [teams.name, users.name] {
      #expect(try Program.run(["rollback", name, "--yes"] + options).status == 0)
    }
    #expect(try !database.hasTable("teams"))
    #expect(try !database.hasTable("users"))
    #expect(try database.status(of: users.name, ledger: quoted) == "rolled_back")
    #expect(
      try database.events(of: teams.name, ledger: quoted) == [
        "register registered", "rollback done",
      ])
    // Nothing of the ledger strayed into another schema.
    #expect(
      try database.psql(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0")
  }

  @Test func plainSQLInAnOddSchema() throws {
    let schema = #"a"b$$c"#
    try database.adopt([users, teams], options: ["--schema", schema])
    let call = #""a""b$$c".execute_migration_rollback"#
    #expect(
      try database.psql("SELECT success, message FROM \(call)('20250101_create_users')")
        == "f|Cannot rollback: other migrations depend on this one")
    #expect(
      try database.psql("SELECT success, message FROM \(call)('20250102_create_teams')")
        == "t|Migration rolled back successfully")
    #expect(try !database.hasTable("teams"))
  }

  @Test(arguments: [
    (String(repeating: "s", count: 64), "is longer than PostgreSQL's 63 bytes"),
    (String(repeating: "ü", count: 32), "is longer than PostgreSQL's 63 bytes"),
    ("pg_ledger", "is PostgreSQL's own"), ("pg_catalog", "is PostgreSQL's own"),
    ("information_schema", "is PostgreSQL's own"),
  ])
  func aNameThatNoLedgerCanHave(schema: String, reason: String) throws {
    let before = try database.dump()
    for command in [["init"], ["list"], ["rollback", users.name, "--yes"]] {
      let result = try Program.run(command + ["--schema", schema])
      #expect(result.status == 64)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("'\(schema)' \(reason)\n"))
      let document = try Program.run(command + ["--schema", schema, "--json"])
      #expect(document.status == 64)
      #expect(try document.errorDocument().code == "usage")
    }
    #expect(try database.dump() == before)
  }

  @Test func theLongestNameOfAll() throws {
    let schema = String(repeating: "s", count: 63)
    try database.adopt([users], options: ["--schema", schema])
    #expect(
      try Program.run(["list", "--names", "--schema", schema]).stdout == users.name + "\n")
  }

  // MARK: Prisma

  private func makePrismasLedger() throws {
    try database.psql(
      """
      CREATE TABLE _prisma_migrations (
        id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
        migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)
      """)
  }

  @Test func besidePrismaTheLedgerHasASchemaOfItsOwn() throws {
    try makePrismasLedger()
    let absent = try Program.run(["list"])
    #expect(absent.status == 2)
    #expect(
      absent.stderr.hasSuffix(
        """
        error: there is no migration ledger in schema "migration_manager"
          database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres (from DATABASE_URL)
        hint: run 'migration-manager init'

        """))
    #expect(
      try Program.run(["init"]).stdout == "✅ Ledger created in schema 'migration_manager'\n")
    let folder = try database.adopt([users])
    #expect(try Program.run(["list", "--names"]).stdout == users.name + "\n")
    #expect(try Program.run(["check", users.name, "--dir", folder.path]).status == 0)
    #expect(try Program.run(["rollback", users.name, "--yes", "--dir", folder.path]).status == 0)
    #expect(try database.status(of: users.name, ledger: "migration_manager") == "rolled_back")
    // What `prisma migrate dev` looks at holds nothing of ours.
    #expect(
      try database.psql(
        "SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind IN ('r', 'v', 'S') "
          + "AND relnamespace = 'public'::regnamespace") == "_prisma_migrations")
    #expect(
      try database.psql(
        "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == "0")
  }

  @Test func registerFindsTheSchemaByItself() throws {
    try makePrismasLedger()
    try database.adopt([users])
    #expect(try database.status(of: users.name, ledger: "migration_manager") == "applied")
  }

  @Test func anExplicitSchemaIsObeyed() throws {
    try makePrismasLedger()
    try database.adopt([users], options: ["--schema", "public"])
    #expect(try database.status(of: users.name) == "applied")
  }

  @Test func aLedgerThatWasThereBeforePrismaStays() throws {
    try database.adopt([users])
    try makePrismasLedger()
    #expect(try Program.run(["list", "--names"]).stdout == users.name + "\n")
    #expect(try Program.run(["init"]).stdout == "✅ Ledger in schema 'public' is up to date\n")
  }

  @Test func prismasTableInAnotherSchemaCountsToo() throws {
    try makePrismasLedger()
    try database.psql("CREATE SCHEMA shop; ALTER TABLE _prisma_migrations SET SCHEMA shop")
    #expect(
      try Program.run(["init"]).stdout == "✅ Ledger created in schema 'migration_manager'\n")
  }
}
