import TestSupport
import Testing

/// What is half applied is neither recorded as applied nor undone beneath, and there is a way out of it.
@Suite(.scratchDatabase) struct HalfAppliedTests {
  let workspace: Workspace

  /// Stops at the second of its statements; of what the second does the catalog holds nothing.
  init() throws {
    workspace = try Workspace()
    try workspace.runSuccessfully("init")
    try workspace.write(
      "CREATE TABLE users (id int);", section: "DROP TABLE users;", to: "20250101_users")
    try workspace.runSuccessfully("migrate")
    try write(second: "SELECT 1 / count(*) FROM users")
    #expect(try workspace.run(["migrate"]).status == 2)
  }

  private var database: ScratchDatabase { workspace.database }

  private func write(
    first: String = "ALTER TABLE users ADD COLUMN mail text", second: String
  ) throws {
    try workspace.write(
      "-- Transaction: none\n\(first);\nCREATE TABLE seen ();\n\(second);",
      section: "DROP TABLE seen; ALTER TABLE users DROP COLUMN mail;", to: "20250102_mails")
  }

  private let refusal = """
    error: '20250102_mails' is half applied (2 of 3 statements)
      stopped at statement 3 of 3: division by zero
    hint: 'migration-manager migrate' goes on with it; or undo by hand what is there and run \
    'migration-manager resolve 20250102_mails --rolled-back'
    """

  @Test func registerRefusesItWithoutForce() throws {
    let result = try workspace.run(["register", "20250102_mails"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix("\(refusal); --force records it all the same, as applied whole\n"),
      "\(result.stderr)")
    #expect(try database.status(of: "20250102_mails") == "")
    let forced = try workspace.run(["register", "20250102_mails", "--force"])
    #expect(forced.status == 0, "\(forced.stderr)")
    #expect(
      try workspace.recorded("metadata ->> 'evidence'", of: "20250102_mails")
        == "forced: half applied (2 of 3 statements)")
    #expect(try database.psql("SELECT count(*) FROM migration_steps WHERE is_open") == "0")
    #expect(try workspace.run(["rollback", "20250102_mails", "--yes"]).status == 0)
  }

  @Test(arguments: [[], ["--assume-applied-before", "20250103_later"]])
  func syncLeavesItAlone(options: [String]) throws {
    try workspace.write("SELECT 1;", section: "SELECT 1;", to: "20250103_later")
    let result = try workspace.run(["sync"] + options)
    #expect(result.status == 0)
    #expect(
      result.stdout.hasSuffix(
        """
        Applied only in part, not registered:
          20250102_mails.sql: half applied (2 of 3 statements), stopped at statement 3 of 3: division by zero

        Nothing tells whether these were applied:
          20250103_later.sql

        ✅ Sync complete: 0 registered, 1 skipped, 1 partial, 1 unknown

        """), "\(result.stdout)")
    #expect(
      result.stderr.contains("💡 'migration-manager migrate' goes on with what is half applied\n"))
    #expect(try workspace.run(["sync", "--exit-code"]).status == 1)
    #expect(try database.status(of: "20250102_mails") == "")
    try write(second: "SELECT 1")
    #expect(try workspace.run(["migrate", "--allow-out-of-order"]).status == 0)
  }

  /// Also where it was applied before, and rolled back: its row says so still.
  @Test func syncLeavesOneAloneThatWasRolledBackBefore() throws {
    try write(second: "SELECT 1")
    try workspace.runSuccessfully("migrate")
    try workspace.runSuccessfully("rollback", "20250102_mails", "--yes")
    try write(second: "SELECT 1 / count(*) FROM users")
    #expect(try workspace.run(["migrate"]).status == 2)
    let result = try workspace.run(["sync", "--reapplied"])
    #expect(result.stdout.contains("0 registered, 1 skipped, 1 partial\n"), "\(result.stdout)")
    #expect(try workspace.run(["register", "20250102_mails"]).status == 1)
    #expect(try database.status(of: "20250102_mails") == "rolled_back")
  }

  @Test func nothingBeneathItIsRolledBack() throws {
    let result = try workspace.run(["rollback", "20250101_users", "--yes"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: '20250102_mails' is half applied (2 of 3 statements): nothing is rolled back before "
          + "that is settled\n"), "\(result.stderr)")
    #expect(
      try database.psql("SELECT * FROM execute_migration_rollback('20250101_users')")
        == "f|migration \"20250102_mails\" is half applied|")
    #expect(try database.hasTable("users"))
    // 'check' says what 'rollback' would.
    let check = try workspace.run(["check", "20250101_users"])
    #expect(check.status == 1)
    #expect(
      check.stdout.contains(
        "Reason: '20250102_mails' is half applied (2 of 3 statements): nothing is rolled back before "
          + "that is settled\n"), "\(check.stdout)")
  }

  @Test func oneWithoutAFileIsResolved() throws {
    try workspace.folder.remove("migrations/20250102_mails.sql")
    let migrate = try workspace.run(["migrate"])
    #expect(migrate.status == 1)
    #expect(
      migrate.stderr.contains(
        "error: '20250102_mails' is half applied (2 of 3 statements), and its file is not in the folder\n"
      ), "\(migrate.stderr)")
    let status = try workspace.run(["status", "--exit-code"])
    #expect(status.status == 1)
    #expect(
      status.stdout == """
        Applied: 1
        Pending: 0
        Half applied, without a file: 1
          20250102_mails: stopped at statement 3 of 3: division by zero
        Last applied: 20250101_users

        """)
    let resolved = try workspace.run(["resolve", "20250102_mails", "--rolled-back", "--yes"])
    #expect(resolved.status == 0, "\(resolved.stderr)")
    #expect(try workspace.run(["rollback", "20250101_users", "--yes"]).status == 0)
  }

  @Test func oneThatWasRolledBackBeforeIsResolved() throws {
    try write(second: "SELECT 1")
    try workspace.runSuccessfully("migrate")
    try workspace.runSuccessfully("rollback", "20250102_mails", "--yes")
    try write(second: "SELECT 1 / count(*) FROM users")
    #expect(try workspace.run(["migrate"]).status == 2)
    let resolved = try workspace.run(["resolve", "20250102_mails", "--rolled-back", "--yes"])
    #expect(resolved.status == 0, "\(resolved.stderr)")
    #expect(
      resolved.stdout == """
        ✅ Migration recorded as rolled back
           Status: rolled_back, half applied (2 of 3 statements) -> rolled_back

        """)
    #expect(try workspace.run(["rollback", "20250101_users", "--yes"]).status == 0)
    let again = try workspace.run(["resolve", "20250102_mails", "--rolled-back", "--yes"])
    #expect(again.stdout == "✅ Nothing to do: its status is rolled_back\n")
  }

  /// The failed statement is what was wrong.
  @Test func theLastStatementMayBeTakenOut() throws {
    try workspace.write(
      "-- Transaction: none\nALTER TABLE users ADD COLUMN mail text;\nCREATE TABLE seen ();",
      section: "DROP TABLE seen; ALTER TABLE users DROP COLUMN mail;", to: "20250102_mails")
    // A statement that has a row, and has failed.
    try #require(
      try database.psql("SELECT count(error) FROM migration_steps WHERE is_open") == "1")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try database.psql("SELECT count(*) FROM migration_steps WHERE is_open") == "0")
    #expect(try database.events(of: "20250102_mails") == ["migrate fail", "migrate applied"])
  }

  @Test func oneWhoseFileWasChangedIsFinishedByHandOrUndone() throws {
    try write(first: "ALTER TABLE users ADD COLUMN mail varchar", second: "SELECT 1")
    let migrate = try workspace.run(["migrate"])
    #expect(migrate.status == 1)
    #expect(
      migrate.stderr.contains(
        "hint: restore it and run the same command again; or finish it by hand and run "
          + "'migration-manager register 20250102_mails --force', or undo by hand what was done and run "
          + "'migration-manager resolve 20250102_mails --rolled-back'\n"), "\(migrate.stderr)")
    try workspace.runSuccessfully("register", "20250102_mails", "--force")
    #expect(try workspace.run(["status", "--exit-code", "-q"]).status == 0)
  }
}
