import TestSupport
import Testing

/// Files that were changed, or are gone, after they were recorded.
@Suite(.scratchLedger) struct DriftTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  static let original = """
    -- adds the users
    CREATE TABLE users (id int);
    -- ROLLBACK START
    DROP TABLE users;
    -- ROLLBACK END

    """

  init() throws {
    workspace = try Workspace()
    try workspace.write(Self.original, to: name)
    try workspace.adopt(name)
  }

  private func change(_ old: String, to new: String) throws {
    try workspace.write(Self.original.replacing(old, with: new), to: name)
  }

  struct Harmless: Sendable {
    var old: String
    var new: String
    var drift: String
    var words: String
  }

  static let harmless = [
    Harmless(
      old: "id int", new: "id bigint", drift: "up",
      words:
        "the up SQL of 'migrations/20250101_create_users.sql' was changed after it was recorded"),
    Harmless(
      old: "-- adds the users", new: "-- adds users", drift: "comments",
      words: "only comments or white space of 'migrations/20250101_create_users.sql' have changed"),
    Harmless(
      old: "DROP TABLE users;", new: "DROP  TABLE users; -- all", drift: "comments",
      words: "only comments or white space of 'migrations/20250101_create_users.sql' have changed"),
    Harmless(
      old: "\n", new: "\r\n", drift: "line_ends",
      words: "only the line ends of 'migrations/20250101_create_users.sql' have changed"),
  ]

  @Test(arguments: harmless)
  func whatDoesNotConcernTheRollbackIsToldAndStopsNothing(_ harmless: Harmless) throws {
    try change(harmless.old, to: harmless.new)
    let check = try workspace.run(["check", name])
    #expect(check.status == 0)
    #expect(
      check.stdout
        == "Status: ✅ Can rollback\nReason: Migration can be safely rolled back\n"
        + "Note: \(harmless.words)\n")
    let document: Checks = try workspace.run(["check", name, "--json"]).document()
    #expect(document.migrations.map(\.drift) == [harmless.drift])
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 0)
    #expect(rollback.stderr.contains("warning: \(harmless.words)\n"))
    #expect(rollback.stdout.contains("\nDROP TABLE users;\n"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func noChangeIsNoDrift() throws {
    let document: Checks = try workspace.run(["check", name, "--json"]).document()
    #expect(document.migrations.map(\.drift) == [nil])
    #expect(document.migrations.map(\.reason) == ["Migration can be safely rolled back"])
    #expect(document.migrations.map(\.fileMissing) == [false])
    #expect(document.migrations.map(\.status) == ["applied"])
  }

  static let others = [
    ("DROP TABLE users;", "DROP TABLE IF EXISTS users;"), ("DROP TABLE users;", ""),
    ("-- ROLLBACK START\nDROP TABLE users;\n-- ROLLBACK END\n", ""),
    // Other up SQL beside it does not hide it.
    ("int);\n-- ROLLBACK START\nDROP", "bigint);\n-- ROLLBACK START\nSELECT 1; DROP"),
  ]

  @Test(arguments: others)
  func otherRollbackSQLIsRefused(old: String, new: String) throws {
    try change(old, to: new)
    let check = try workspace.run(["check", name])
    #expect(check.status == 1)
    #expect(
      check.stdout.hasPrefix(
        "Status: ❌ Cannot rollback\n"
          + "Reason: the rollback SQL of '\(name)' was changed after it was recorded\n"))
    for command in [["rollback", name, "--yes"], ["rollback", name, "--dry-run"]] {
      let refused = try workspace.run(command)
      #expect(refused.status == 1)
      #expect(refused.stdout == "")
      #expect(
        refused.stderr.contains(
          "error: the rollback SQL of '\(name)' was changed after it was recorded\n  recorded "))
      #expect(
        refused.stderr.hasSuffix(
          "hint: run 'migration-manager register \(name)' to accept the file's, "
            + "or give --use-recorded\n"))
    }
    let json = try workspace.run(["rollback", name, "--yes", "--json"])
    let document: Outcomes = try json.document()
    #expect(json.status == 1)
    #expect(document.migrations.map(\.outcome) == ["refused"])
    #expect(document.error?.code == "refused")
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
    #expect(try workspace.database.events(of: name) == ["register registered"])
  }

  @Test func theRecordedSQLRunsWhenItIsAskedFor() throws {
    try change("DROP TABLE users;", to: "SELECT 'the file';")
    let rollback = try workspace.run(["rollback", name, "--yes", "--use-recorded"])
    #expect(rollback.status == 0)
    #expect(
      rollback.stderr.contains(
        "warning: the rollback SQL of 'migrations/\(name).sql' differs: "
          + "the recorded SQL is used\n"))
    #expect(rollback.stdout.contains("\nDROP TABLE users;\n"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func registerAcceptsTheFiles() throws {
    try change("DROP TABLE users;", to: "DROP TABLE users CASCADE;")
    #expect(try workspace.run(["register", name]).status == 0)
    #expect(try workspace.recorded("rollback_sql", of: name) == "DROP TABLE users CASCADE;")
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 0)
    #expect(rollback.stdout.contains("\nDROP TABLE users CASCADE;\n"))
  }

  @Test func placesInRecordedSQLSaySo() throws {
    try change("DROP TABLE users;", to: "-- first\n\nDROP TABLE users;\nSELECT nowhere;")
    try workspace.runSuccessfully("register", name)
    try change("DROP TABLE users;", to: "SELECT 'other';")
    let rollback = try workspace.run(["rollback", name, "--yes", "--use-recorded"])
    #expect(rollback.status == 2)
    #expect(
      rollback.stderr.contains(
        "\(name) (recorded):4:8: error: column \"nowhere\" does not exist\n"
          + "  SELECT nowhere;\n         ^\n"))
    #expect(try workspace.database.hasTable("users"))
  }

  @Test func aFileThatIsGoneIsNotNeeded() throws {
    try workspace.folder.remove("migrations/\(name).sql")
    let words = "the file of '\(name)' is not in the folder: the SQL recorded in the ledger is used"
    let check = try workspace.run(["check", name])
    #expect(check.status == 0)
    #expect(check.stdout.contains("Note: \(words)\n"))
    let document: Checks = try workspace.run(["check", name, "--json"]).document()
    #expect(document.migrations.map(\.fileMissing) == [true])
    #expect(document.migrations.map(\.drift) == [nil])
    let show = try workspace.run(["show", name, "--rollback"])
    #expect(show.stdout == "DROP TABLE users;\n")
    #expect(
      show.stderr.contains("the file of '\(name)' is not in the folder: this is the recorded SQL\n")
    )
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 0)
    #expect(rollback.stderr.contains("warning: \(words)\n"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func neitherIsTheFolder() throws {
    let result = try Program.run(["rollback", name, "--yes"])
    #expect(result.status == 0)
    #expect(result.stderr.contains("warning: the file of '\(name)' is not in the folder"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func aFolderThatIsNamedMustBeThere() throws {
    let result = try Program.run(["rollback", name, "--yes", "--dir", "/nowhere"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        "error: cannot read the migrations folder '/nowhere': No such file or directory\n"))
    #expect(try workspace.database.hasTable("users"))
  }

  @Test func theLedgersTextChangedBehindOurBack() throws {
    try workspace.database.psql(
      "UPDATE migration_history SET rollback_sql = 'DROP TABLE users; SELECT 1;'")
    let refused = try workspace.run(["rollback", name, "--yes"])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.contains(
        "error: the rollback SQL of '\(name)' was changed after it was recorded\n"))
    #expect(try workspace.database.hasTable("users"))
  }
}
