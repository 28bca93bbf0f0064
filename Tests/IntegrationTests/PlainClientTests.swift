import TestSupport
import Testing

/// `SELECT * FROM execute_migration_rollback('x')` by psql: the same rules, the same records and
/// the same effects as the command line's.
@Suite(.scratchLedger) struct PlainClientTests {
  /// Who rolls back.
  enum Way: String, CaseIterable {
    case program, function
  }

  let database = ScratchDatabase.current

  /// Rolls a migration back, and says whether it went through.
  private func rollBack(_ name: String, by way: Way, in folder: MigrationFolder) throws -> Bool {
    switch way {
    case .program:
      return try Program.run(["rollback", name, "--yes", "--dir", folder.path]).status == 0
    case .function:
      return try call(name).hasPrefix("t|")
    }
  }

  /// `success|message|sql_executed`, as psql shows it.
  private func call(_ name: String, dryRun: Bool? = nil) throws -> String {
    let arguments = "'\(name)'" + (dryRun.map { ", \($0)" } ?? "")
    return try database.psql("SELECT * FROM execute_migration_rollback(\(arguments))")
  }

  @Test(arguments: Way.allCases) func successIsRecordedAlike(way: Way) throws {
    let migration = SampleMigration.table("users")
    let folder = try database.adopt([migration])
    let before = try database.psql("SELECT now()")
    #expect(try rollBack(migration.name, by: way, in: folder))
    #expect(try !database.hasTable("users"))
    #expect(
      try database.psql(
        """
        SELECT status, rollback_at > '\(before)', rollback_by, rollback_sql, notes IS NULL
        FROM migration_history
        """) == "rolled_back|t|postgres|DROP TABLE users;|t")
    #expect(
      try database.psql(
        """
        SELECT e.operation, e.outcome, e.role_name, e.rollback_sql, e.checksum = h.checksum,
          e.up_checksum = h.metadata ->> 'up_checksum', e.duration_ms > 0, e.error IS NULL,
          e.run_id IS NOT NULL
        FROM migration_events e JOIN migration_history h USING (migration_name)
        ORDER BY e.id DESC LIMIT 1
        """) == "rollback|done|postgres|DROP TABLE users;|t|t|t|t|t")
  }

  @Test(arguments: Way.allCases) func aFailureIsRecordedAlike(way: Way) throws {
    let migration = SampleMigration(
      name: "20250101_users", up: "CREATE TABLE users (id int); CREATE TABLE teams (id int);",
      rollback: "DROP TABLE teams;\nDROP TABLE userz;\nDROP TABLE users;")
    let folder = try database.adopt([migration])
    #expect(try !rollBack(migration.name, by: way, in: folder))
    #expect(try database.hasTable("users"))
    #expect(try database.hasTable("teams"))
    #expect(
      try database.psql(
        "SELECT status, rollback_at IS NULL, rollback_by IS NULL, notes FROM migration_history")
        == #"failed|t|t|Rollback failed: table "userz" does not exist (SQLSTATE 42P01)"#)
    #expect(
      try database.psql(
        """
        SELECT operation, outcome, error, details -> 'error' ->> 'sqlstate', details ->> 'transient',
          rollback_sql = (SELECT rollback_sql FROM migration_history)
        FROM migration_events ORDER BY id DESC LIMIT 1
        """) == #"rollback|fail|table "userz" does not exist|42P01|false|t"#)
    // It stays refused until it is registered again.
    #expect(try !rollBack(migration.name, by: way, in: folder))
    #expect(
      try database.psql("SELECT * FROM can_rollback_migration('20250101_users')")
        == "f|Migration status is failed, not applied|{}")
    try folder.write(
      migration.text.replacing("userz", with: "IF EXISTS userz"), to: migration.fileName)
    try runSuccessfully(["register", migration.name, "--dir", folder.path])
    #expect(try rollBack(migration.name, by: way, in: folder))
    #expect(try !database.hasTable("users"))
  }

  @Test(arguments: Way.allCases) func aTransientErrorLeavesTheStatus(way: Way) throws {
    let migration = SampleMigration(
      name: "20250101_users", up: "CREATE TABLE users (id int);",
      rollback: """
        DROP TABLE users;
        DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40P01'; END $$;
        """)
    let folder = try database.adopt([migration])
    #expect(try !rollBack(migration.name, by: way, in: folder))
    #expect(try database.hasTable("users"))
    #expect(try database.status(of: migration.name) == "applied")
    #expect(try database.events(of: migration.name).last == "rollback fail")
    #expect(
      try database.psql(
        "SELECT details ->> 'transient' FROM migration_events ORDER BY id DESC LIMIT 1") == "true")
  }

  @Test func theAnswersWordForWord() throws {
    let folder = try database.adopt([
      .table("users"),
      .table("teams", name: "20250102_create_teams", dependsOn: ["20250101_create_users"]),
      SampleMigration(name: "20250103_none", up: "CREATE TABLE none (id int);", rollback: nil),
      SampleMigration(
        name: "20250104_broken", up: "CREATE TABLE broken (id int);", rollback: "DROP TABLE br;"),
    ])
    let before = try database.dump()
    #expect(try call("20250109_unknown") == "f|Migration not found|")
    #expect(try call("'' OR true; --") == "f|Migration not found|")
    #expect(
      try database.psql("SELECT * FROM execute_migration_rollback(NULL)")
        == "f|Migration not found|")
    #expect(
      try call("20250101_create_users")
        == "f|Cannot rollback: other migrations depend on this one|")
    #expect(try call("20250103_none") == "f|No rollback SQL defined for this migration|")
    for dryRun in ["20250102_create_teams", "20250102_create_teams.sql"] {
      #expect(
        try call(dryRun, dryRun: true)
          == "t|Dry run: rollback SQL shown below (not executed)|DROP TABLE teams;")
    }
    #expect(
      try call("20250101_create_users", dryRun: true)
        == "f|Cannot rollback: other migrations depend on this one|")
    // Refusals and dry runs write nothing, neither history nor event.
    #expect(try database.dump() == before)

    #expect(
      try call("20250102_create_teams.sql")
        == "t|Migration rolled back successfully|DROP TABLE teams;")
    #expect(
      try call("20250102_create_teams") == "f|Migration status is rolled_back, not applied|")
    #expect(
      try call("20250104_broken", dryRun: false)
        == #"f|Rollback failed: table "br" does not exist|DROP TABLE br;"#)
    #expect(try call("20250104_broken") == "f|Migration status is failed, not applied|")
    #expect(
      try call("20250101_create_users") == "t|Migration rolled back successfully|DROP TABLE users;")
    // The program sees what the function did.
    let list = try Program.run(["list", "--all", "--json", "--dir", folder.path])
    for status in ["rolled_back", "failed", "applied"] {
      #expect(list.stdout.contains("\"status\":\"\(status)\""))
    }
    #expect(try Program.run(["list", "--names"]).stdout == "20250103_none\n")
  }

  @Test func theOtherFunctionsForPlainClients() throws {
    try database.adopt([
      .table("users"),
      .table("teams", name: "20250102_create_teams", dependsOn: ["20250101_create_users"]),
      SampleMigration(name: "20250103_none", up: "CREATE TABLE none (id int);", rollback: nil),
    ])
    #expect(
      try database.psql(
        """
        SELECT migration_name, migration_version, applied_at IS NOT NULL, has_rollback_sql,
          can_rollback, blocking_reason
        FROM list_rollbackable_migrations()
        """) == """
          20250103_none|20250103|t|f|f|No rollback SQL defined for this migration
          20250102_create_teams|20250102|t|t|t|
          20250101_create_users|20250101|t|t|f|Cannot rollback: other migrations depend on this one
          """)
    #expect(
      try database.psql("SELECT * FROM can_rollback_migration('20250102_create_teams')")
        == "t|Migration can be safely rolled back|{}")
    #expect(
      try database.psql("SELECT * FROM can_rollback_migration('20250101_create_users.sql')")
        == "f|Cannot rollback: other migrations depend on this one|{20250102_create_teams}")
    #expect(
      try database.psql("SELECT * FROM can_rollback_migration('unknown')")
        == "f|Migration not found|{}")
    let snapshot = try database.psql(
      "SELECT create_migration_snapshot('20250102_create_teams', 'before the release')")
    #expect(
      try database.psql(
        "SELECT migration_name, description FROM migration_snapshots WHERE id = '\(snapshot)'")
        == "20250102_create_teams|before the release")
    let unknown = try database.psqlOutcome("SELECT create_migration_snapshot('unknown')")
    #expect(unknown.status == 3)
    #expect(
      unknown.stderr.contains(
        #"ERROR:  migration "unknown" is not in the ledger in schema "public""#))
    #expect(try database.psql("SELECT count(*) FROM migration_snapshots") == "1")
  }
}
