import TestSupport
import Testing

/// `resolve`: a status that is set by hand.
@Suite(.scratchLedger) struct ResolveTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE user;", to: name)
    try workspace.adopt(name)
  }

  private func fail() throws {
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 2)
    #expect(try workspace.database.status(of: name) == "failed")
  }

  @Test func afterARollbackThatFailed() throws {
    try fail()
    let result = try workspace.run(
      ["resolve", name, "--applied", "--reason", "looked at it"], input: "yes\n")
    #expect(result.status == 0)
    #expect(
      result.stderr == """
        📝 Resolving: \(name)

        \(workspace.databaseLine)

        Status: failed -> applied
        Rollback failed: syntax error at or near "user" (SQLSTATE 42601)

        ⚠️  Are you sure you want to record this migration as applied? (yes/no): 


        """)
    #expect(
      result.stdout == "✅ Migration recorded as applied\n   Status: failed -> applied\n")
    #expect(
      try workspace.recorded("concat_ws('|', status, notes, rollback_at)", of: name) == "applied")
    #expect(
      try workspace.database.psql(
        "SELECT outcome, reason, details FROM migration_events WHERE operation = 'resolve'")
        == #"done|looked at it|{"status_after": "applied", "status_before": "failed"}"#)
  }

  @Test func whatWasUndoneByHand() throws {
    try fail()
    try workspace.database.psql("DROP TABLE users")
    let result = try workspace.run(["resolve", name, "--rolled-back", "--yes", "--json"])
    #expect(result.status == 0)
    #expect(result.stderr == "")
    #expect(
      result.stdout == """
        {"migrations":[{"name":"\(name)","outcome":"rolled_back","sql":null,"duration_ms":null,\
        "error":null,"status_before":"failed","status_after":"rolled_back"}],"dry_run":false}

        """)
    #expect(
      try workspace.recorded("status || ' ' || rollback_by", of: name) == "rolled_back postgres")
    #expect(try workspace.runSuccessfully("list", "--names").stdout == "")
  }

  @Test func whatTheDatabaseContradicts() throws {
    let wrong = try workspace.run(["resolve", name, "--rolled-back", "--dry-run"])
    #expect(wrong.status == 0)
    #expect(
      wrong.stderr.contains(
        "warning: the database shows that '\(name)' is applied: "
          + "the object that it creates exists\n"))
    #expect(
      wrong.stdout == "✅ Dry run: nothing was changed\n   Status: applied -> rolled_back\n")
    #expect(try workspace.database.status(of: name) == "applied")
  }

  @Test func onlyYesGoesOn() throws {
    let result = try workspace.run(["resolve", name, "--rolled-back", "--json"], input: "y\n")
    #expect(result.status == 1)
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.outcome) == ["declined"])
    #expect(document.error?.code == "refused")
    #expect(
      result.stderr.hasSuffix("error: resolving '\(name)' was not confirmed; nothing was changed\n")
    )
    #expect(try workspace.database.events(of: name) == ["register registered"])
  }

  @Test func nothingToDo() throws {
    let result = try workspace.run(["resolve", name, "--applied"])
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Nothing to do: its status is applied\n")
    #expect(try workspace.database.events(of: name) == ["register registered"])
  }

  @Test func aFileThatWasNeverApplied() throws {
    let other = "20250102_create_teams"
    try workspace.write("CREATE TABLE teams ();", section: "DROP TABLE teams;", to: other)
    let refused = try workspace.run(["resolve", other, "--applied", "--yes"])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.hasSuffix(
        """
        error: migration '\(other)' was never recorded as applied: there is nothing to go back to
        hint: 'migration-manager register \(other)' records it, with its rollback SQL; --force \
        does so whatever the database shows

        """))
    try workspace.runSuccessfully("resolve", other, "--rolled-back", "--yes")
    #expect(
      try workspace.recorded("concat_ws('|', status, applied_at)", of: other) == "rolled_back")
    #expect(try workspace.runSuccessfully("list", "--names").stdout == "\(name)\n")
    // sync leaves it alone; applied and registered it is like any other.
    try workspace.apply(other)
    try workspace.runSuccessfully("sync")
    #expect(try workspace.database.status(of: other) == "rolled_back")
    try workspace.runSuccessfully("register", other)
    #expect(try workspace.runSuccessfully("list", "--names").stdout == "\(other)\n\(name)\n")
  }

  @Test func whatNothingTellsOfIsAppliedThen() throws {
    let other = "20241231_fill"
    try workspace.write("INSERT INTO users DEFAULT VALUES;", to: other)
    let unknown = try workspace.run(["migrate"])
    #expect(unknown.status == 1)
    #expect(unknown.stderr.contains("error: nothing tells whether '\(other)' was applied\n"))
    try workspace.runSuccessfully("resolve", other, "--rolled-back", "--yes")
    #expect(try workspace.runSuccessfully("migrate").stdout == "✅ Applied 1 migration\n")
    #expect(try workspace.database.psql("SELECT count(*) FROM users") == "1")
    #expect(try workspace.database.events(of: other) == ["resolve done", "migrate applied"])
  }

  @Test func aNameThatNobodyKnows() throws {
    let result = try workspace.run(["resolve", "20250101_create_user", "--rolled-back", "--yes"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: Migration not found: '20250101_create_user'
          did you mean '\(name)'?
        hint: 'migration-manager list --all' shows what is recorded

        """))
  }

  @Test func whatStandsOnItIsInTheWay() throws {
    let other = "20250102_create_teams"
    try workspace.write("-- Depends on: \(name)\nCREATE TABLE teams ();", to: other)
    try workspace.adopt(other)
    let result = try workspace.run(["resolve", name, "--rolled-back", "--yes", "--json"])
    #expect(result.status == 1)
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.outcome) == ["refused"])
    #expect(try workspace.database.status(of: name) == "applied")
  }

  @Test func whatChangesWhileSomeoneThinks() throws {
    let child = try Program.start(
      ["resolve", name, "--rolled-back"], environment: ["DATABASE_URL": workspace.database.url],
      directory: workspace.folder.path)
    try child.wait(for: "(yes/no): ", on: .error)
    try workspace.database.psql("UPDATE migration_history SET status = 'failed'")
    try child.write("yes\n".utf8)
    let result = try child.waitUntilExit()
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: the record of migration "\(name)" changed meanwhile
        hint: look at it again, and run the command again if it is still right

        """))
    #expect(try workspace.database.status(of: name) == "failed")
  }

  @Test func oneOfManyDoesIt() throws {
    let programs = try (1...4).map { _ in
      try Program.start(
        ["resolve", name, "--rolled-back", "--yes", "--json"],
        environment: ["DATABASE_URL": workspace.database.url], directory: workspace.folder.path)
    }
    for program in programs {
      let result = try program.waitUntilExit()
      let outcomes: Outcomes = try result.document()
      switch outcomes.migrations.map(\.outcome) {
      case ["rolled_back"], ["skipped"]: #expect(result.status == 0)
      default: #expect(result.status == 1)
      }
    }
    #expect(try workspace.database.events(of: name) == ["register registered", "resolve done"])
  }

  @Test func anotherRunnerIsWaitedFor() throws {
    let session = try PsqlSession(workspace.database)
    try session.run("BEGIN; SELECT migration_lock();")
    let result = try workspace.run(["resolve", name, "--rolled-back", "--yes", "--wait", "0"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        "error: another migration run holds the lock on the ledger in schema \"public\"\n"))
    try session.run("ROLLBACK;")
    #expect(try workspace.database.status(of: name) == "applied")
  }

  @Test func operatorsMayAndReadersMayNot() throws {
    try workspace.database.withRole("deployer") { role in
      try workspace.runSuccessfully("init", "--reader", role)
      let url = workspace.database.url(user: role)
      let arguments = ["resolve", name, "--rolled-back", "--yes", "--database-url", url]
      let refused = try workspace.run(arguments)
      #expect(refused.status == 2)
      #expect(
        refused.stderr.contains(
          "error: role \"\(role)\" may read but not write the migration ledger"))
      try workspace.runSuccessfully("init", "--operator", role)
      #expect(try workspace.run(arguments).status == 0)
      #expect(try workspace.recorded("rollback_by", of: name) == role)
    }
  }

  @Test func oneStatusMustBeNamed() throws {
    for arguments in [["resolve", name], ["resolve", name, "--applied", "--rolled-back"]] {
      #expect(try workspace.run(arguments).status == 64)
    }
  }
}
