import TestSupport
import Testing

/// `sync --reapplied`: what was rolled back and is applied again gets its record again.
@Suite(.scratchLedger) struct SyncReappliedTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE a ();", section: "DROP TABLE a;", to: "1_a")
    try workspace.write("CREATE TABLE b ();", section: "DROP TABLE b;", to: "2_b")
    try workspace.adopt("1_a", "2_b")
    try workspace.runSuccessfully("rollback", "1_a", "--yes")
  }

  private func status(_ name: String) throws -> String {
    try workspace.recorded("status", of: name)
  }

  @Test func itIsRecordedAnewBesideWhatHasNoRow() throws {
    try workspace.write("CREATE TABLE c ();", to: "3_c")
    try workspace.write("CREATE TABLE a (id int);", section: "DROP TABLE IF EXISTS a;", to: "1_a")
    try workspace.apply("1_a", "3_c")
    #expect(
      try workspace.run(["sync", "--dry-run", "--reapplied", "--names"]).stdout == "3_c\n1_a\n")
    #expect(try status("1_a") == "rolled_back")
    let result = try workspace.run(["sync", "--reapplied", "--reason", "again"])
    #expect(result.status == 0)
    #expect(
      result.stderr == """
        🔄 Syncing migration files with database...
        \(workspace.databaseLine)

        📝 Registering: 1_a.sql
        note: it was 'rolled_back' and is 'applied' again
        📝 Registering: 3_c.sql

        """)
    #expect(result.stdout.hasSuffix("\n✅ Sync complete: 2 registered, 1 skipped\n"))
    #expect(try status("1_a") == "applied")
    #expect(try workspace.recorded("rollback_at", of: "1_a") == "")
    #expect(try workspace.recorded("rollback_sql", of: "1_a") == "DROP TABLE IF EXISTS a;")
    #expect(
      try workspace.database.psql(
        "SELECT count(DISTINCT run_id), string_agg(migration_name, ' ' ORDER BY migration_name) "
          + "FROM migration_events WHERE operation = 'sync' AND reason = 'again'") == "1|1_a 3_c")
    try workspace.runSuccessfully("rollback", "1_a", "--yes")
  }

  @Test func whatIsStillRolledBackIsLeftAlone() throws {
    try workspace.write("UPDATE b SET ctid = ctid WHERE false;", section: "SELECT 1;", to: "3_data")
    try workspace.runSuccessfully("register", "3_data")
    try workspace.runSuccessfully("rollback", "3_data", "--yes")
    let result = try workspace.run(["sync", "--reapplied", "--assume-applied-before", "3_data"])
    #expect(result.stdout == "✅ Sync complete: 0 registered, 3 skipped\n")
    #expect(result.stderr.hasSuffix("\nnote: rolled back and left alone: 1_a, 3_data\n"))
    #expect(try status("1_a") == "rolled_back")
  }

  @Test func withoutTheOptionItIsLeftAlone() throws {
    try workspace.apply("1_a")
    #expect(try workspace.run(["sync"]).stdout == "✅ Sync complete: 0 registered, 2 skipped\n")
    #expect(try status("1_a") == "rolled_back")
  }

  @Test func aFailedOneIsLeftAlone() throws {
    try workspace.database.psql("CREATE VIEW of_b AS SELECT FROM b")
    #expect(try workspace.run(["rollback", "2_b", "--yes"]).status == 2)
    #expect(
      try workspace.run(["sync", "--reapplied"]).stdout
        == "✅ Sync complete: 0 registered, 2 skipped\n")
    #expect(try status("2_b") == "failed")
  }

  @Test func whatANewerMigrationMadeAnewProvesNothing() throws {
    try workspace.write("CREATE TABLE a (id int);", section: "DROP TABLE a;", to: "3_a")
    try workspace.apply("3_a")
    #expect(
      try workspace.run(["sync", "--reapplied"]).stdout.hasSuffix(
        "✅ Sync complete: 0 registered, 2 skipped, 1 unknown\n"))
    #expect(try status("1_a") == "rolled_back")
    try workspace.runSuccessfully("register", "3_a")
    #expect(
      try workspace.run(["sync", "--reapplied"]).stdout
        == "✅ Sync complete: 0 registered, 3 skipped\n")
    #expect(try status("1_a") == "rolled_back")
  }

  /// A newer migration may have made the table anew.
  @Test func anotherRunnersLedgerMustSaySoToo() throws {
    try workspace.database.psql(
      """
      CREATE SCHEMA supabase_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY);
      CREATE TABLE a ();
      """)
    #expect(
      try workspace.run(["sync", "--reapplied"]).stdout
        == "✅ Sync complete: 0 registered, 2 skipped\n")
    try workspace.database.psql("INSERT INTO supabase_migrations.schema_migrations VALUES ('1')")
    #expect(
      try workspace.run(["sync", "--reapplied"]).stdout.hasSuffix(
        "✅ Sync complete: 1 registered, 1 skipped\n"))
    #expect(try status("1_a") == "applied")
  }
}
