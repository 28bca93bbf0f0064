import TestSupport
import Testing

/// Rollback SQL that fails half-way: nothing of it remains, it is on record, and there is a way out.
@Suite(.scratchLedger) struct FailedRollbackTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      "CREATE TABLE users (id int); CREATE TABLE tags (id int); INSERT INTO tags VALUES (7);",
      section: "DROP TABLE users;\nDELETE FROM tags;\nDROP TABLE tag;", to: name)
    try workspace.adopt(name)
  }

  @Test func nothingOfItRemains() throws {
    let result = try workspace.run(["rollback", name, "--yes", "--reason", "wrong start"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:5:1: error: table "tag" does not exist
          DROP TABLE tag;
          ^
          STATEMENT: DROP TABLE tag
        hint: nothing of it remains, and '\(name)' is now 'failed': mend its rollback section, \
        run 'migration-manager register \(name)', then roll back again

        """))
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.psql("SELECT id FROM tags") == "7")
  }

  @Test func itIsOnRecord() throws {
    _ = try workspace.run(["rollback", name, "--yes", "--reason", "wrong start"])
    #expect(try workspace.database.status(of: name) == "failed")
    #expect(
      try workspace.recorded("notes", of: name)
        == "Rollback failed: table \"tag\" does not exist (SQLSTATE 42P01)")
    #expect(
      try workspace.database.psql(
        """
        SELECT operation, outcome, reason, error, e.rollback_sql = h.rollback_sql,
          details ->> 'transient', details -> 'error' ->> 'sqlstate'
        FROM migration_events AS e JOIN migration_history AS h USING (migration_name)
        WHERE outcome = 'fail'
        """
      ) == "rollback|fail|wrong start|table \"tag\" does not exist|t|false|42P01")
    let list = try workspace.run(["list", "--all"])
    #expect(list.stdout.contains("failed"))
    #expect(try workspace.run(["list"]).stdout.contains("Total: 0 migrations\n"))
  }

  @Test func aFailedOneIsRefusedWithTheWayOut() throws {
    _ = try workspace.run(["rollback", name, "--yes"])
    let again = try workspace.run(["rollback", name, "--yes"])
    #expect(again.status == 1)
    #expect(
      again.stderr.hasSuffix(
        """
        error: Migration status is failed, not applied: '\(name)'
          Rollback failed: table "tag" does not exist (SQLSTATE 42P01)
        hint: mend its rollback section, run 'migration-manager register \(name)', \
        then roll back again

        """))
    let check = try workspace.run(["check", name])
    #expect(check.status == 1)
    #expect(
      check.stdout
        == "Status: ❌ Cannot rollback\nReason: Migration status is failed, not applied\n")
    #expect(
      try workspace.database.events(of: name) == ["register registered", "rollback fail"])
  }

  @Test func theWayOutWorks() throws {
    _ = try workspace.run(["rollback", name, "--yes"])
    try workspace.write(
      "CREATE TABLE users (id int); CREATE TABLE tags (id int); INSERT INTO tags VALUES (7);",
      section: "DROP TABLE users;\nDELETE FROM tags;\nDROP TABLE tags;", to: name)
    let register = try workspace.run(["register", name])
    #expect(register.status == 0)
    #expect(
      register.stdout
        == "✅ Migration refreshed successfully\n   Rollback SQL: ✅ Available\n")
    #expect(register.stderr.contains("it was 'failed' and is 'applied' again\n"))
    #expect(try workspace.database.status(of: name) == "applied")
    #expect(try workspace.recorded("notes", of: name) == "")
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 0)
    #expect(try !workspace.database.hasTable("users"))
    #expect(try !workspace.database.hasTable("tags"))
    #expect(
      try workspace.database.events(of: name) == [
        "register registered", "rollback fail", "register refreshed", "rollback done",
      ])
  }

  @Test func anErrorThatPassesLeavesTheStatus() throws {
    try workspace.write(
      "CREATE TABLE x ();",
      section: "DROP TABLE x;\nDO $$ BEGIN RAISE deadlock_detected; END $$;", to: "2_x")
    try workspace.adopt("2_x")
    let result = try workspace.run(["rollback", "2_x", "--yes"])
    #expect(result.status == 2)
    #expect(result.stderr.hasSuffix("hint: nothing was changed: try again\n"))
    #expect(try workspace.database.hasTable("x"))
    #expect(try workspace.database.status(of: "2_x") == "applied")
    #expect(try workspace.database.events(of: "2_x") == ["register registered", "rollback fail"])
  }
}
