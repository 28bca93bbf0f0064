import TestSupport
import Testing

/// Rollback SQL that changes its session, and what must not come of it.
@Suite(.scratchLedger) struct SessionStateTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  private func adopt(_ section: String) throws {
    try workspace.write("CREATE TABLE users ();", section: section, to: name)
    try workspace.adopt(name)
  }

  static let changes = [
    "SET search_path = nowhere;", "SET LOCAL search_path = pg_catalog;",
    "SET statement_timeout = '1ms'; SET lock_timeout = '1ms';",
    "SET LOCAL statement_timeout = '1ms';", "SET client_min_messages = error;",
    "SET default_transaction_read_only = on;", "SET standard_conforming_strings = off;",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;", "SET DateStyle = 'SQL, DMY';",
    "SELECT set_config('search_path', '', false);", "RESET ALL;", "SET TIME ZONE 'Asia/Tokyo';",
    "SET CONSTRAINTS ALL DEFERRED;", "SET xmloption = document;", "SET row_security = off;",
  ]

  @Test(arguments: changes) func settingsDoNotReachTheRecord(change: String) throws {
    try adopt("DROP TABLE users;\n" + change)
    let result = try workspace.run(["rollback", name, "--yes", "--reason", "it's \\ time"])
    #expect(result.status == 0)
    #expect(result.stderr.contains("Rolling back: \(name)\n"))
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
    #expect(
      try workspace.database.psql(
        "SELECT role_name, reason FROM migration_events WHERE operation = 'rollback'")
        == "postgres|it's \\ time")
  }

  @Test func anotherRoleDoesNotRecord() throws {
    try workspace.database.withRole("weak", attributes: "NOLOGIN") { role in
      for change in [
        "SET ROLE \(role);", "SET LOCAL ROLE \(role);", "SET SESSION AUTHORIZATION \(role);",
      ] {
        try adopt("DROP TABLE users;\n\(change)")
        let result = try workspace.run(["rollback", name, "--yes"])
        #expect(result.status == 0)
        #expect(try workspace.database.status(of: name) == "rolled_back")
        #expect(
          try workspace.database.psql(
            "SELECT DISTINCT rollback_by FROM migration_history") == "postgres")
      }
    }
  }

  @Test func aFinalCommentDoesNotSwallowTheRecord() throws {
    for ending in [" -- all of it", " /* all\nof it */", " --", ";;; -- x"] {
      try adopt("DROP TABLE users" + ending)
      #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
      #expect(try !workspace.database.hasTable("users"))
      #expect(try workspace.database.status(of: name) == "rolled_back")
    }
  }

  static let deferred = """
    CREATE TABLE parents (id int PRIMARY KEY);
    CREATE TABLE users (parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO parents VALUES (1);
    INSERT INTO users VALUES (1);
    """

  @Test func deferredConstraintsAreCheckedBeforeTheRecord() throws {
    try workspace.write(Self.deferred, section: "DELETE FROM parents;", to: name)
    try workspace.adopt(name)
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        error: update or delete on table "parents" violates foreign key constraint \
        "users_parent_fkey" on table "users"
          at the end of the rollback, when deferred constraints are checked
          DETAIL: Key (id)=(1) is still referenced from table "users".
        hint: nothing of it remains, and '\(name)' is now 'failed': mend its rollback section, \
        run 'migration-manager register \(name)', then roll back again

        """))
    #expect(try workspace.database.psql("SELECT count(*) FROM parents") == "1")
    #expect(try workspace.database.status(of: name) == "failed")
    #expect(try workspace.database.events(of: name) == ["register registered", "rollback fail"])
  }

  @Test func deferredConstraintsThatHoldInTheEndAreFine() throws {
    try workspace.write(
      Self.deferred, section: "DELETE FROM parents;\nDELETE FROM users;", to: name)
    try workspace.adopt(name)
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
  }

  @Test func dataForStandardOutputIsNoTrouble() throws {
    try adopt("COPY (SELECT generate_series(1, 3)) TO STDOUT;\nDROP TABLE users;")
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 0)
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }

  @Test func resultsAndNoticesAreNoTrouble() throws {
    try adopt(
      """
      SELECT generate_series(1, 10000);
      DO $$ BEGIN RAISE WARNING 'look %', 'here'; RAISE NOTICE 'note'; END $$;
      DROP TABLE users;
      """)
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 0)
    #expect(result.stderr.contains("warning: \(name): WARNING: look here\n"))
    #expect(result.stderr.contains("\(name): NOTICE: note\n"))
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n\nSQL executed:\n"))
  }

  @Test func theLedgerIsNotTheMigrationsToChange() throws {
    try adopt("DROP TABLE users;\nDELETE FROM migration_history;")
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: migration "\(name)" is not in the ledger in schema "public"
        hint: rollback SQL must leave the ledger's own tables alone

        """))
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
  }
}
