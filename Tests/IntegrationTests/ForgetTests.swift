import TestSupport
import Testing

/// `forget`: a record that is deleted.
@Suite(.scratchLedger) struct ForgetTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
  }

  @Test func whatIsLostIsSaidBefore() throws {
    let result = try workspace.run(["forget", name, "--reason", "squashed"], input: "yes\n")
    #expect(result.status == 0)
    #expect(
      result.stderr == """
        📝 Forgetting: \(name)

        \(workspace.databaseLine)
        warning: what '\(name)' made stays in the database, and 'rollback' cannot undo it any more
        warning: its file is still in the folder: without a record it may be applied again

        Status: applied -> not recorded

        ⚠️  Are you sure you want to forget this migration? (yes/no): 


        """)
    #expect(result.stdout == "✅ Migration forgotten\n   Status: applied -> not recorded\n")
    #expect(try workspace.runSuccessfully("list", "--all", "--names").stdout == "")
    #expect(try workspace.database.hasTable("users"))
    #expect(
      try workspace.database.psql(
        """
        SELECT operation, outcome, reason, rollback_sql FROM migration_events
        WHERE migration_name = '\(name)' ORDER BY id
        """) == "register|registered||\nforget|done|squashed|DROP TABLE users;")
    // What is there and not recorded is found again.
    try workspace.runSuccessfully("sync")
    #expect(try workspace.database.status(of: name) == "applied")
  }

  @Test func decliningAndDryRunsChangeNothing() throws {
    #expect(try workspace.run(["forget", name]).status == 1)
    let result = try workspace.run(["forget", name, "--dry-run", "--json"])
    #expect(result.status == 0)
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.outcome) == ["planned"])
    #expect(document.isDryRun)
    #expect(try workspace.database.events(of: name) == ["register registered"])
  }

  @Test func whatStandsOnItIsInTheWay() throws {
    let other = "20250102_create_teams"
    try workspace.write(
      "-- Depends on: \(name)\nCREATE TABLE teams ();", section: "DROP TABLE teams;", to: other)
    try workspace.adopt(other)
    let result = try workspace.run(["forget", name, "--yes"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: cannot forget '\(name)': other migrations depend on it
          depends on it: \(other)
        hint: roll those back or forget them first

        """))
    try workspace.runSuccessfully("forget", other, "--yes")
    try workspace.runSuccessfully("forget", name, "--yes")
    let unknown = try workspace.run(["forget", "20250103", "--yes"])
    #expect(unknown.status == 1)
    #expect(unknown.stderr.contains("error: Migration not found: '20250103'\n"))
  }

  @Test func anOperatorMay() throws {
    try workspace.database.withRole("deployer") { role in
      try workspace.runSuccessfully("init", "--operator", role)
      let url = workspace.database.url(user: role)
      #expect(try workspace.run(["forget", name, "--yes", "--database-url", url]).status == 0)
      #expect(try workspace.database.status(of: name) == "")
    }
  }
}
