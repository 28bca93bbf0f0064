import TestSupport
import Testing

/// Where the Supabase CLI keeps its own ledger, its word counts unless the catalog contradicts it.
@Suite(.scratchDatabase) struct SupabaseLedgerTests {
  let workspace: Workspace
  let name = "20250101120000_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.database.psql(
      """
      CREATE SCHEMA supabase_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, name text);
      """)
  }

  private func recordInSupabase(_ version: String = "20250101120000") throws {
    try workspace.database.psql(
      "INSERT INTO supabase_migrations.schema_migrations VALUES ('\(version)', 'create_users')")
  }

  @Test func itsVersionAloneTellsWhereNothingElseDoes() throws {
    try workspace.write("UPDATE pg_class SET relname = relname WHERE false;", to: name)
    let refused = try workspace.run(["register", name])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.hasSuffix(
        """
        error: migration '\(name)' was not applied: it does not stand in \
        supabase_migrations.schema_migrations, and it creates nothing to look for
        hint: apply it first, or give --force if it was applied in another way

        """))
    try recordInSupabase()
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(
      result.stdout.contains(
        "   Evidence: it stands in supabase_migrations.schema_migrations\n"))
  }

  @Test func versionAndCatalogAgree() throws {
    try workspace.write("CREATE TABLE users ();", to: name)
    try workspace.apply(name)
    try recordInSupabase()
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(
      result.stdout.contains(
        "   Evidence: supabase_migrations.schema_migrations, and the object that it creates exists\n"
      ))
  }

  @Test func theCatalogContradictsTheVersion() throws {
    try workspace.write("CREATE TABLE users ();", to: name)
    try recordInSupabase()
    let result = try workspace.run(["register", name])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "  missing: table users\n  it stands in supabase_migrations.schema_migrations: "
          + "the catalog contradicts it\n"))
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  @Test func theVersionIsMissingAndTheCatalogKnowsBetter() throws {
    try workspace.write("CREATE TABLE users ();", to: name)
    try workspace.apply(name)
    try recordInSupabase("20240101120000")
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "note: it does not stand in supabase_migrations.schema_migrations\n"))
  }

  @Test func aLedgerThatThisRoleMayNotReadIsNoLedger() throws {
    try workspace.write("SELECT 1;", to: name)
    try workspace.database.withRole("deployer", attributes: "LOGIN") { role in
      try workspace.database.psql(
        "GRANT CREATE ON DATABASE \(workspace.database.name) TO \(role); "
          + "GRANT CREATE ON SCHEMA public TO \(role)")
      let url = ["DATABASE_URL": Optional(workspace.database.url(user: role))]
      let result = try workspace.run(["register", name], environment: url)
      #expect(result.status == 0)
      #expect(result.stdout.contains("   Evidence: none\n"))
    }
  }

  @Test func aTableOfThatNameThatIsAnothersIsNoLedger() throws {
    try workspace.write("SELECT 1;", to: name)
    try workspace.database.psql(
      """
      DROP TABLE supabase_migrations.schema_migrations;
      CREATE VIEW supabase_migrations.schema_migrations AS SELECT 1 / 0 AS version;
      """)
    let view = try workspace.run(["register", name])
    #expect(view.stdout.contains("   Evidence: none\n"))
    try workspace.database.psql(
      """
      DROP VIEW supabase_migrations.schema_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (id int);
      """)
    #expect(try workspace.run(["register", name]).status == 0)
  }
}
