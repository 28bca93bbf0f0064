import TestSupport
import Testing

/// `rollback` where the Supabase CLI's ledger has the migration too.
@Suite(.scratchLedger) struct SupabaseRollbackTests {
  let workspace: Workspace
  let name = "20250120101500_create_users"
  let version = "20250120101500"
  var database: ScratchDatabase { workspace.database }

  init() throws { workspace = try Workspace() }

  private func adopt(isHosted: Bool = false, section: String = "DROP TABLE users;") throws {
    try workspace.write("CREATE TABLE users ();", section: section, to: name)
    try workspace.adopt(name)
    try database.makeSupabaseLedger(isHosted: isHosted)
    try database.recordInSupabase(
      version, name: "create_users", statements: ["CREATE TABLE users ()", "SELECT 'secret'"])
  }

  private func rollback(_ options: String...) throws -> ProgramResult {
    try workspace.run(["rollback", name, "--yes"] + options)
  }

  @Test func withoutTheOptionItStaysAndTheChoiceIsShown() throws {
    try adopt()
    let result = try rollback()
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        """
        warning: '\(version)' stays in supabase_migrations.schema_migrations: 'supabase db push' \
        takes the migration for applied and passes it over
        💡 with --runner-ledger remove the rollback takes it off that ledger too; \
        --runner-ledger keep leaves it there

        """))
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n\nSQL executed:\n"))
    #expect(try database.supabaseVersions() == version)
    #expect(try database.removedRunnerRows() == "")
  }

  @Test func keepLeavesItOnPurpose() throws {
    try adopt()
    let result = try rollback("--runner-ledger=keep", "--json")
    #expect(result.status == 0)
    #expect(!result.stderr.contains("💡"))
    #expect(
      result.stdout.contains(
        #""error":null,"runner_ledgers":[{"runner":"supabase","#
          + #""table":"supabase_migrations.schema_migrations","key":"\#(version)","#
          + #""action":"keep"}]}],"dry_run":false}"#))
    #expect(try database.supabaseVersions() == version)
  }

  @Test(arguments: [false, true])
  func removeDeletesItAndKeepsWhatPutsItBack(isHosted: Bool) throws {
    try adopt(isHosted: isHosted)
    if isHosted {
      try database.psql(
        """
        UPDATE supabase_migrations.schema_migrations
        SET created_by = 'ann@example.com', idempotency_key = 'k1', rollback = '{SELECT 1}'
        """)
    }
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "warning: '\(version)' will be deleted from supabase_migrations.schema_migrations: the "
          + "next 'supabase db push' applies its file again: mend or remove the file first\n"))
    #expect(
      result.stdout.hasPrefix(
        """
        ✅ Migration rolled back successfully
        ✅ Deleted from supabase_migrations.schema_migrations: \(version)

        SQL executed:

        """))
    #expect(try database.supabaseVersions() == "")
    let by = isHosted ? #""created_by": "ann@example.com", "# : ""
    let key = isHosted ? #""idempotency_key": "k1", "# : ""
    let removed = #"""
      [{"table": "supabase_migrations.schema_migrations", "runner": "supabase", "removed": \#
      [{"name": "create_users", "version": "20250120101500", \#(by)"statements": 2, \#(key)\#
      "statements_sha256": "\#(Self.checksum)"}]}]
      """#
    #expect(try database.removedRunnerRows() == removed)
    #expect(try !database.hasTable("users"))
  }

  /// `printf "CREATE TABLE users ()\nSELECT 'secret'" | sha256sum`
  private static let checksum =
    "7fc45f28a1a53e57700bc75d166820f61be14e261287718e348307f894587750"

  @Test func aDryRunSaysItAndRemovesNothing() throws {
    try adopt()
    let result = try workspace.run(["rollback", name, "--dry-run", "--runner-ledger", "remove"])
    #expect(result.status == 0)
    #expect(result.stderr.contains("warning: '\(version)' will be deleted from supabase_migr"))
    let document: RunnerLedgerOutcomes = try workspace.run(
      ["rollback", name, "--dry-run", "--runner-ledger", "remove", "--json"]
    ).document()
    #expect(document.migrations.map(\.outcome) == ["planned"])
    #expect(document.migrations.first?.runnerLedgers.map(\.action) == ["remove"])
    #expect(try database.supabaseVersions() == version)
    #expect(try database.hasTable("users"))
  }

  @Test func behindALaterVersionThePushStops() throws {
    try adopt()
    try database.recordInSupabase("20250121101500", name: "later")
    let result = try rollback("--runner-ledger", "remove")
    #expect(
      result.stderr.contains(
        "'supabase db push' stops at its file, which is older than what stands there, and with "
          + "--include-all applies it again: mend or remove the file first\n"))
    #expect(try database.supabaseVersions() == "20250121101500")
  }

  @Test func withoutTheFileThePushFailsOrKnowsNothing() throws {
    try adopt()
    try workspace.folder.remove("migrations/\(name).sql")
    let kept = try workspace.run(["rollback", name, "--dry-run", "--runner-ledger", "keep"])
    #expect(
      kept.stderr.contains(
        "stays in supabase_migrations.schema_migrations: without its file, 'supabase db push' "
          + "fails: 'Remote migration versions not found in local migrations directory'\n"))
    let removed = try rollback("--runner-ledger", "remove")
    #expect(removed.stderr.contains(": 'supabase db push' knows nothing of it any more\n"))
    #expect(try database.supabaseVersions() == "")
  }

  @Test func theVersionIsWhatSupabaseTakesForIt() throws {
    let dated = "2025_01_20_101500_create_tags"
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE tags;", to: dated)
    try workspace.write("CREATE TABLE notes ();", section: "DROP TABLE notes;", to: "7-notes")
    try workspace.adopt(dated, "7-notes")
    try database.makeSupabaseLedger()
    for version in ["2025", "20250120101500", "7"] {
      try database.recordInSupabase(version, name: "another_name")
    }
    let result = try workspace.run(["rollback", dated, "--yes", "--runner-ledger", "remove"])
    #expect(
      result.stderr.contains(
        "warning: '2025', there called 'another_name', will be deleted from supabase_migr"))
    #expect(try database.supabaseVersions() == "20250120101500 7")
    // A file of that name is none of Supabase's.
    let other = try workspace.run(["rollback", "7-notes", "--yes", "--runner-ledger", "remove"])
    #expect(other.status == 0)
    #expect(
      other.stderr.contains(
        "note: no other runner's ledger has '7-notes': there is nothing to remove\n"))
    #expect(try database.supabaseVersions() == "20250120101500 7")
  }

  @Test func aRollbackThatFailsRemovesNothing() throws {
    try adopt(section: "DROP TABLE users;\nDROP TABLE users;")
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 2)
    #expect(try database.supabaseVersions() == version)
    #expect(try database.status(of: name) == "failed")
    #expect(try database.hasTable("users"))
  }

  @Test func aRemovalThatFailsUndoesTheRollback() throws {
    try adopt(section: "DROP TABLE users;\nDROP TABLE supabase_migrations.schema_migrations;")
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        error: relation "supabase_migrations.schema_migrations" does not exist
          when it was taken off the other runner's ledger
        hint: nothing was changed: give --runner-ledger keep, or put that ledger right first

        """))
    #expect(try database.hasTable("users"))
    #expect(try database.supabaseVersions() == version)
    #expect(try database.status(of: name) == "applied")
    #expect(try database.events(of: name) == ["register registered"])
  }

  @Test func aRemovalThatIsInTheWayOfOthersIsTriedAgain() throws {
    try adopt()
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE supabase_migrations.schema_migrations IN SHARE MODE")
    let result = try rollback(
      "--runner-ledger", "remove", "--lock-timeout", "50ms", "--lock-retries", "0")
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        error: canceling statement due to lock timeout
          when it was taken off the other runner's ledger
        hint: nothing was changed: try again, or give a longer --lock-timeout or more --lock-retries

        """))
    try other.run("ROLLBACK")
    #expect(try database.hasTable("users"))
    #expect(try rollback("--runner-ledger", "remove").status == 0)
  }

  @Test func aRowOfAnotherFileWithTheSameVersionStays() throws {
    try adopt()
    try workspace.write("SELECT 1;", to: "\(version)_other")
    try database.psql("UPDATE supabase_migrations.schema_migrations SET name = 'other'")
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 0)
    #expect(result.stderr.contains("note: no other runner's ledger has '\(name)'"))
    #expect(try database.supabaseVersions() == version)
  }

  /// Sections that see to Supabase's ledger themselves go on working.
  @Test func aRowThatTheRollbackDeletedIsNotMissed() throws {
    try adopt(section: "DROP TABLE users;\nDELETE FROM supabase_migrations.schema_migrations;")
    #expect(try rollback("--runner-ledger", "remove").status == 0)
    #expect(
      try database.removedRunnerRows()
        == #"[{"table": "supabase_migrations.schema_migrations", "runner": "supabase", "removed": []}]"#
    )
  }

  @Test func aTriggerThatTheRollbackMakesDoesNotRun() throws {
    try adopt(
      section: """
        CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''sprung''; END';
        CREATE TRIGGER trap BEFORE DELETE ON supabase_migrations.schema_migrations
          FOR EACH ROW EXECUTE FUNCTION trap();
        """)
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: The table \"supabase_migrations\".\"schema_migrations\" has changed meanwhile: "))
    #expect(try database.supabaseVersions() == version)
    #expect(try database.status(of: name) == "applied")
  }

  @Test func checkSaysThatItStandsThere() throws {
    try adopt()
    let result = try workspace.run(["check", name])
    #expect(result.status == 0)
    #expect(
      result.stdout.hasSuffix(
        "Note: '\(version)' stands in supabase_migrations.schema_migrations too: "
          + "'rollback --runner-ledger remove' takes it off there\n"))
  }

  @Test func withoutAnyRunnersLedgerNothingIsSaid() throws {
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    let result = try rollback("--runner-ledger", "remove")
    #expect(result.status == 0)
    #expect(!result.stderr.contains("warning"))
    #expect(
      result.stderr.contains(
        "note: no other runner's ledger has '\(name)': there is nothing to remove\n"))
    #expect(try database.removedRunnerRows() == "")
  }

  @Test func anotherWordIsAUsageError() throws {
    let result = try rollback("--runner-ledger", "delete")
    #expect(result.status == 64)
    #expect(
      result.stderr.hasPrefix(
        "error: option '--runner-ledger' must be one of 'remove', 'keep', not 'delete'\n"))
  }
}
