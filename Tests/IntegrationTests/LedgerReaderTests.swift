import TestSupport
import Testing

/// `init --reader`: `list` and `check` work, all else is refused, and no SQL text is to be seen.
@Suite(.scratchLedger) struct LedgerReaderTests {
  let database = ScratchDatabase.current
  /// What stands in every rollback SQL and nowhere else.
  private static let secret = "only_for_operators"

  private static let users = SampleMigration(
    name: "20250101_users", up: "CREATE TABLE users (id int PRIMARY KEY);",
    rollback: "SELECT '\(secret)'; DROP TABLE users;")
  private static let teams = SampleMigration(
    name: "20250102_teams", up: "CREATE TABLE teams (id int PRIMARY KEY);",
    rollback: "SELECT '\(secret)'; DROP TABLE teams;", dependsOn: ["20250101_users"])

  /// A ledger of two migrations and a reader of it.
  private func withReader(_ body: (_ role: String, _ folder: MigrationFolder) throws -> Void) throws
  {
    let folder = try database.adopt([Self.users, Self.teams])
    try database.withRole("reader") { role in
      let result = try runSuccessfully(["init", "--reader", role])
      #expect(
        result.stdout == "✅ Ledger in schema 'public' is up to date\n   Readers: \(role)\n")
      try body(role, folder)
    }
  }

  private func run(_ arguments: [String], as role: String) throws -> ProgramResult {
    try Program.run(arguments + ["--database-url", database.url(user: role)])
  }

  @Test func listShowsTheSame() throws {
    try withReader { role, _ in
      for options in [[], ["--names"], ["--all"], ["--limit", "1"], ["--json"]] {
        let own = try Program.run(["list"] + options)
        let readers = try run(["list"] + options, as: role)
        #expect(readers.status == 0)
        #expect(readers == own)
      }
    }
  }

  @Test func checkAnswersTheSame() throws {
    try withReader { role, folder in
      for (name, status) in [("20250102_teams", Int32(0)), ("20250101_users", 1), ("other", 1)] {
        for options in [["--dir", folder.path], ["--dir", folder.path, "--json"]] {
          let own = try Program.run(["check", name] + options)
          let readers = try run(["check", name] + options, as: role)
          #expect(readers.status == status)
          #expect(readers == own)
        }
      }
    }
  }

  @Test func whatWritesIsRefusedBeforeAnythingRuns() throws {
    try withReader { role, folder in
      let before = try database.dump()
      for command in [
        ["rollback", "20250102_teams", "--yes"], ["rollback", "20250102_teams", "--dry-run"],
        ["rollback", "no_such_migration", "--yes"], ["register", "20250102_teams"],
        ["register", "20250102_teams", "--force"], ["init"], ["init", "--reader", role],
        ["init", "--operator", role],
      ] {
        let options = ["--dir", folder.path]
        let result = try run(command + options, as: role)
        #expect(result.status == 2)
        #expect(result.stdout == "")
        #expect(
          result.stderr.hasSuffix(
            """
            error: role "\(role)" may read but not write the migration ledger in schema "public"
            hint: ask the ledger's owner to run 'migration-manager init --operator \(role)'

            """))
        let document = try run(command + options + ["--json"], as: role)
        #expect(document.status == 2)
        #expect(try document.errorDocument().code == "permission")
        #expect(try database.dump() == before)
      }
    }
  }

  @Test func theRecordedSQLIsNotShown() throws {
    try withReader { role, folder in
      try folder.remove(Self.teams.fileName)
      let result = try run(
        ["show", "20250102_teams", "--rollback", "--dir", folder.path], as: role)
      #expect(result.status == 2)
      #expect(result.stdout == "")
      #expect(result.hides(Self.secret))
      #expect(result.stderr.contains("'migration-manager init --operator \(role)'"))
    }
  }

  /// Ways to look for the SQL texts, for a role that may call and create what it likes.
  private static let attempts = [
    "TABLE migration_history", "SELECT rollback_sql FROM migration_history",
    "SELECT h FROM migration_history h", "COPY migration_history TO STDOUT",
    "COPY (SELECT * FROM migration_history) TO STDOUT", "TABLE migration_events",
    "SELECT rollback_sql FROM migration_events", "TABLE migration_snapshots",
    "TABLE migration_overview", "TABLE migration_event_log", "TABLE migration_dependencies",
    "SELECT * FROM can_rollback_migration('20250102_teams')",
    "SELECT * FROM list_rollbackable_migrations()",
    "SELECT * FROM execute_migration_rollback('20250102_teams', true)",
    "SELECT * FROM execute_migration_rollback('20250102_teams')",
    "SELECT * FROM migration_prepare_rollback('20250102_teams', true)",
    "SELECT * FROM migration_prepare_rollback('20250102_teams', false)",
    "SELECT migration_guard('{20250102_teams}', '{x}')",
    "SELECT create_migration_snapshot('20250102_teams')",
    "SELECT * FROM migration_overview WHERE pg_temp.leaks(migration_overview)",
    "SELECT * FROM migration_overview WHERE pg_temp.leaks(metadata)",
    "SELECT * FROM migration_event_log WHERE pg_temp.leaks(migration_event_log)",
    "SELECT * FROM pg_stats WHERE tablename ~ '^migration_'",
    "SELECT query FROM pg_stat_activity", "SELECT pg_get_viewdef('migration_overview'::regclass)",
    "ALTER TABLE migration_history DISABLE ROW LEVEL SECURITY; TABLE migration_history",
    "ALTER POLICY migration_manager_write ON migration_history TO PUBLIC; TABLE migration_history",
    "SET row_security = off; TABLE migration_history",
    "UPDATE migration_history SET notes = rollback_sql RETURNING *",
    "DELETE FROM migration_history RETURNING *",
  ]

  @Test(arguments: [false, true])
  func noWayLeadsToTheSQL(afterABlanketGrant: Bool) throws {
    try withReader { role, _ in
      try database.psql("ANALYZE")
      if afterABlanketGrant {
        try database.psql(
          """
          GRANT ALL ON ALL TABLES IN SCHEMA public TO \(role);
          GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO \(role);
          """)
      }
      let before = try database.dump()
      let leak = """
        CREATE FUNCTION pg_temp.leaks(what anyelement) RETURNS bool LANGUAGE plpgsql
        COST 0.0000001 AS 'BEGIN RAISE NOTICE ''%'', what; RETURN true; END';
        """
      // The owner finds it, by the plain ways and by the sly one.
      for attempt in [Self.attempts[0], "SELECT FROM migration_history h WHERE pg_temp.leaks(h)"] {
        #expect(try !database.psqlOutcome(leak + attempt).hides(Self.secret))
      }
      for attempt in Self.attempts {
        let result = try database.psqlOutcome(leak + attempt, user: role)
        #expect(result.hides(Self.secret), "\(attempt)")
      }
      #expect(try database.dump() == before)
      // The views still say what a reader may know.
      #expect(
        try database.psql("SELECT count(*) FROM migration_overview", user: role) == "2")
    }
  }

  @Test func itIsRecordedOnce() throws {
    try withReader { role, _ in
      try runSuccessfully(["init", "--reader", role])
      #expect(
        try database.psql(
          """
          SELECT operation, outcome, details ->> 'role', details ->> 'access', os_user IS NOT NULL,
            tool_version
          FROM migration_events WHERE operation = 'grant'
          """) == "grant|done|\(role)|reader|t|0.1.0")
    }
  }

  @Test func membersOfAReadingGroupReadToo() throws {
    try database.adopt([Self.users])
    try database.withRole("group", attributes: "NOLOGIN") { group in
      try database.withRole("member", attributes: "LOGIN IN ROLE \(group)") { member in
        #expect(try run(["list"], as: member).status == 2)
        try runSuccessfully(["init", "--reader", group])
        #expect(try run(["list", "--names"], as: member).stdout == "20250101_users\n")
      }
    }
  }
}
