import TestSupport
import Testing

/// `sync` beside the Supabase CLI and Prisma: their ledgers tell where the catalog does not.
@Suite(.scratchDatabase) struct SyncRunnerLedgerTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", to: "20250101_users")
    try workspace.write("UPDATE pg_class SET relname = relname WHERE false;", to: "20250102_data")
    try workspace.write("SELECT 1;", to: "20250103_later")
  }

  private func supabase(_ versions: String...) throws {
    try workspace.database.psql(
      """
      CREATE SCHEMA supabase_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (
        version text PRIMARY KEY, statements text[], name text);
      """)
    for version in versions {
      try workspace.database.psql(
        "INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('\(version)')")
    }
  }

  @Test func supabaseTellsWhereTheCatalogDoesNot() throws {
    try supabase("20250101", "20250102")
    try workspace.apply("20250101_users")
    let result = try workspace.run(["sync", "--verbose"])
    #expect(
      result.stdout == """
           ✅ Registered (Rollback: No)
           Evidence: supabase_migrations.schema_migrations, and the object that it creates exists
           ✅ Registered (Rollback: No)
           Evidence: it stands in supabase_migrations.schema_migrations

        Not applied:
          20250103_later.sql: it does not stand in supabase_migrations.schema_migrations

        ✅ Sync complete: 2 registered, 0 skipped, 1 not applied

        """)
  }

  @Test func ofTwoFilesOfOneVersionTheNameTells() throws {
    try supabase("20250102")
    try workspace.write("SELECT 2;", to: "20250102_other")
    try workspace.database.psql(
      "UPDATE supabase_migrations.schema_migrations SET name = 'other'")
    let result = try workspace.run(["sync", "--names"])
    #expect(result.stdout == "20250102_other\n")
  }

  @Test func theCatalogWinsAndTheContradictionIsShown() throws {
    try supabase("20250101")
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(
      result.stdout == """
        Recorded by another runner, but not in the database:
          20250101_users.sql: 0 of 1 objects exist
            missing: table users
            it stands in supabase_migrations.schema_migrations: the catalog contradicts it

        ✅ Sync complete: 0 registered, 0 skipped, 3 not applied

        """)
    #expect(
      result.stderr.hasSuffix(
        "💡 that runner passes over what stands on its list: take the migration off there before it "
          + "is applied again\n"))
    #expect(try workspace.run(["sync", "--exit-code"]).status == 1)
    try workspace.apply("20250101_users")
    try workspace.database.psql("DELETE FROM supabase_migrations.schema_migrations")
    let registered = try workspace.run(["sync"])
    #expect(registered.stdout.hasPrefix("   ✅ Registered (Rollback: No)\n"))
    #expect(
      registered.stderr.contains(
        "note: it does not stand in supabase_migrations.schema_migrations\n"))
  }

  @Test func aLiveSectionIsTheLikeliestCause() throws {
    let name = "20250104_tags"
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE tags;", to: name)
    try workspace.database.psql(
      "CREATE TABLE tags (); DROP TABLE tags")
    #expect(
      try workspace.run(["sync", "--dry-run"]).stderr.contains(
        "💡 not applied, and with a live rollback section: \(name): a runner that executes the "
          + "whole file, as 'psql -f' does, undoes it at once; comment the section out, or apply "
          + "with 'migration-manager show NAME --up | psql'\n"))
    try supabase("20250104")
    #expect(
      try workspace.run(["sync", "--dry-run"]).stderr.contains(
        "💡 a live rollback section is run by that runner too, and undoes the migration at once: "
          + "comment it out, take the migration off that runner's list, and apply it again\n"))
  }

  @Test func prismaTellsByName() throws {
    try workspace.database.psql(
      """
      CREATE TABLE _prisma_migrations (
        id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
        migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(),
        applied_steps_count integer NOT NULL DEFAULT 0);
      INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at)
      VALUES ('1', '', now(), '20250102_data', NULL), ('2', '', NULL, '20250103_later', NULL);
      """)
    let result = try workspace.run(["sync"])
    #expect(result.stdout.hasSuffix("✅ Sync complete: 1 registered, 0 skipped, 2 not applied\n"))
    #expect(
      try workspace.database.psql(
        "SELECT migration_name, metadata ->> 'evidence' FROM migration_manager.migration_history")
        == "20250102_data|it stands in _prisma_migrations")
  }
}
