import TestSupport
import Testing

/// The question before a rollback, and `--dry-run`.
@Suite(.scratchLedger) struct ConfirmationTests {
  let workspace: Workspace
  let name = "20250101_create_users"
  let rule = String(repeating: "─", count: 76)

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
  }

  private var database: String {
    let database = workspace.database
    return "Database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres "
      + "(from DATABASE_URL)\n"
  }

  private func expectNothingChanged() throws {
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
    #expect(try workspace.database.events(of: name) == ["register registered"])
  }

  @Test func everythingIsShownBeforeTheQuestion() throws {
    let result = try workspace.run(["rollback", name], input: "yes\n")
    #expect(result.status == 0)
    #expect(
      result.stderr
        == "⚠️ Rolling back: \(name)\n\n\(database)\nSQL to be executed:\n\(rule)\n"
        + "DROP TABLE users;\n\(rule)\n\n"
        + "⚠️  Are you sure you want to rollback this migration? (yes/no): \n\n")
    #expect(
      result.stdout
        == "✅ Migration rolled back successfully\n\nSQL executed:\n\(rule)\n"
        + "DROP TABLE users;\n\(rule)\n")
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }

  @Test(arguments: ["yes", "yes\n", "  yes \r\n"]) func yesGoesOn(answer: String) throws {
    #expect(try workspace.run(["rollback", name], input: answer).status == 0)
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test(arguments: [
    "", "\n", "y\n", "YES\n", "Yes\n", "no\n", "yes please\n", "\0yes\n", "yesyes\n",
  ])
  func nothingElseDoes(answer: String) throws {
    let result = try workspace.run(["rollback", name], input: answer)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        error: rollback of '\(name)' was not confirmed; nothing was changed
        hint: only the answer 'yes' goes on; '--yes' answers it beforehand

        """))
    try expectNothingChanged()
  }

  @Test func decliningIsAnAnswerForProgramsToo() throws {
    let result = try workspace.run(["rollback", name, "--json"], input: "no\n")
    #expect(result.status == 1)
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.name) == [name])
    #expect(document.migrations.map(\.outcome) == ["declined"])
    #expect(document.migrations.map(\.sql) == ["DROP TABLE users;"])
    #expect(document.error?.code == "refused")
    #expect(result.stderr.contains(database + "\nSQL to be executed:\n"))
    try expectNothingChanged()
  }

  @Test func noTransactionIsOpenMeanwhile() throws {
    let child = try Program.start(
      ["rollback", name], environment: ["DATABASE_URL": workspace.database.url],
      directory: workspace.folder.path)
    try child.wait(for: "(yes/no): ", on: .error)
    #expect(
      try workspace.database.psql(
        """
        SELECT state, xact_start IS NULL, (SELECT count(*) FROM pg_locks WHERE pid = a.pid)
        FROM pg_stat_activity AS a
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """) == "idle|t|0")
    // What is agreed to is what runs, or nothing.
    try workspace.database.psql(
      "UPDATE migration_history SET rollback_sql = 'DROP TABLE users; SELECT 1'")
    try child.write("yes\n".utf8)
    let result = try child.waitUntilExit()
    #expect(result.status == 1)
    #expect(result.stderr.contains("The recorded rollback SQL changed meanwhile"))
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
  }

  @Test func aDryRunShowsAndDoesNothing() throws {
    let result = try workspace.run(["rollback", name, "--dry-run"])
    #expect(result.status == 0)
    #expect(result.stderr == "🔍 DRY RUN: Rolling back: \(name)\n\n\(database)\n")
    #expect(
      result.stdout
        == "✅ Dry run: rollback SQL shown below (not executed)\n\nSQL that would be executed:\n"
        + "\(rule)\nDROP TABLE users;\n\(rule)\n")
    try expectNothingChanged()
  }

  @Test func aDryRunNeedsNoAnswerAndAsksNone() throws {
    let result = try workspace.run(["rollback", name, "--dry-run", "--yes", "--json"])
    #expect(result.status == 0)
    #expect(result.stderr == "")
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.outcome) == ["planned"])
    #expect(document.migrations.map(\.sql) == ["DROP TABLE users;"])
    #expect(document.isDryRun)
    #expect(document.error == nil)
    try expectNothingChanged()
  }

  @Test func aDryRunWaitsForNobody() throws {
    let session = try PsqlSession(workspace.database)
    try session.run("BEGIN; LOCK TABLE users; SELECT migration_lock();")
    let result = try workspace.run(["rollback", name, "--dry-run", "--wait", "0"])
    #expect(result.status == 0)
    try session.run("ROLLBACK;")
    try expectNothingChanged()
  }

  @Test func programsGetADocument() throws {
    let result = try workspace.run(["rollback", name, "--yes", "--json"])
    #expect(result.status == 0)
    #expect(result.stderr == "")
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.name) == [name])
    #expect(document.migrations.map(\.outcome) == ["rolled_back"])
    #expect(document.migrations.map(\.sql) == ["DROP TABLE users;"])
    #expect((document.migrations.first?.durationMilliseconds ?? -1) > 0)
    #expect(!document.isDryRun)
    #expect(document.error == nil)
  }
}
