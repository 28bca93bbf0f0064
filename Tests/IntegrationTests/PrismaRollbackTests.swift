import TestSupport
import Testing

/// `rollback` where Prisma's ledger has the migration too.
@Suite(.scratchDatabase) struct PrismaRollbackTests {
  let workspace: Workspace
  let name = "20250120101500_create_users"
  var database: ScratchDatabase { workspace.database }

  init() throws { workspace = try Workspace() }

  private func adopt(in schema: String = "public") throws {
    try database.makePrismaLedger(in: schema)
    try workspace.folder.write(
      "CREATE TABLE users ();\n\n-- ROLLBACK START\n-- DROP TABLE users;\n-- ROLLBACK END\n",
      to: "migrations/\(name)/migration.sql")
    try workspace.adopt(name)
    try database.recordInPrisma(name, in: schema)
  }

  private func rollback(_ options: String...) throws -> ProgramResult {
    try workspace.run(["rollback", name, "--yes"] + options)
  }

  @Test(arguments: ["public", "\"Shop\""])
  func removeMarksItAsRolledBack(schema: String) throws {
    try adopt(in: schema)
    try database.recordInPrisma("20250119101500_other", id: 2, in: schema)
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "warning: '\(name)' will be marked as rolled back in \(schema)._prisma_migrations: the next "
          + "'prisma migrate deploy' applies it again: mend or remove its folder first\n"))
    #expect(
      result.stdout.hasPrefix(
        "✅ Migration rolled back successfully\n"
          + "✅ Marked as rolled back in \(schema)._prisma_migrations: \(name)\n\n"))
    #expect(
      try database.prismaStates(in: schema) == [
        "\(name) rolled back", "20250119101500_other applied",
      ])
    let quoted = schema.replacing("\"", with: "\\\"")
    #expect(
      try database.removedRunnerRows(ledger: "migration_manager")
        == #"[{"table": "\#(quoted)._prisma_migrations", "runner": "prisma", "removed": "#
        + #"[{"id": "00000000-0000-4000-8000-000000000001"}]}]"#)
    #expect(try !database.hasTable("users"))
  }

  @Test func withoutTheOptionItStays() throws {
    try adopt()
    let result = try rollback()
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        """
        warning: '\(name)' stays in public._prisma_migrations: 'prisma migrate deploy' takes the \
        migration for applied and passes it over; 'prisma migrate dev' finds drift and asks for a reset
        💡 with --runner-ledger remove
        """))
    #expect(try database.prismaStates() == ["\(name) applied"])
  }

  @Test func withoutTheFolder() throws {
    try adopt()
    try workspace.folder.remove("migrations/\(name)")
    for (word, done) in [
      ("keep", "stays in public"), ("remove", "will be marked as rolled back in public"),
    ] {
      let result = try workspace.run(["rollback", name, "--dry-run", "--runner-ledger", word])
      #expect(
        result.stderr.contains(
          "warning: '\(name)' \(done)._prisma_migrations: 'prisma migrate deploy' passes it over; "
            + "'prisma migrate dev' misses its folder and asks for a reset\n"))
    }
  }

  /// What `prisma migrate resolve` left, and what failed there, is no row of an applied migration.
  @Test func onlyWhatIsAppliedThereIsTaken() throws {
    try adopt()
    try database.recordInPrisma(name, id: 2)
    try database.recordInPrisma(name, id: 3)
    try database.psql(
      """
      UPDATE _prisma_migrations SET rolled_back_at = '2025-01-20Z' WHERE id LIKE '%1';
      UPDATE _prisma_migrations SET finished_at = NULL WHERE id LIKE '%2';
      """)
    #expect(try rollback("--runner-ledger", "remove").status == 0)
    #expect(
      try database.prismaStates() == [
        "\(name) rolled back", "\(name) unfinished", "\(name) rolled back",
      ])
    #expect(
      try database.removedRunnerRows(ledger: "migration_manager").contains(
        #""removed": [{"id": "00000000-0000-4000-8000-000000000003"}]"#))
    #expect(
      try database.psql(
        "SELECT count(*) FROM _prisma_migrations WHERE rolled_back_at = '2025-01-20Z'") == "1")
  }

  @Test func bothRunnersAtOnce() throws {
    try adopt()
    try database.makeSupabaseLedger()
    try database.recordInSupabase("20250120101500", name: "create_users")
    let document: RunnerLedgerOutcomes = try rollback("--runner-ledger", "remove", "--json")
      .document()
    #expect(document.migrations.map(\.outcome) == ["rolled_back"])
    #expect(
      document.migrations.first?.runnerLedgers == [
        .init(
          runner: "supabase", table: "supabase_migrations.schema_migrations",
          key: "20250120101500", action: "remove"),
        .init(
          runner: "prisma", table: "public._prisma_migrations", key: name, action: "remove"),
      ])
    #expect(try database.supabaseVersions() == "")
    #expect(try database.prismaStates() == ["\(name) rolled back"])
  }

  @Test func tablesOfThatNameAndAnotherShapeAreNoLedgers() throws {
    try database.psql(
      """
      CREATE TABLE _prisma_migrations (id text);
      CREATE SCHEMA supabase_migrations;
      CREATE VIEW supabase_migrations.schema_migrations AS SELECT (1 / 0)::text AS version;
      """)
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 0)
    #expect(!result.stderr.contains("warning"))
  }
}
