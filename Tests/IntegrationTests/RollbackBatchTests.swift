import TestSupport
import Testing

/// Several migrations rolled back at once, from the command line.
@Suite(.scratchLedger) struct RollbackBatchTests {
  private let workspace: Workspace
  private var database: ScratchDatabase { workspace.database }

  /// Four tables, `20250104_d` the newest; `20250103_c` stands on `20250102_b`.
  init() throws {
    workspace = try Workspace()
    for (index, table) in ["a", "b", "c", "d"].enumerated() {
      let header = table == "c" ? "-- Depends on: 20250102_b\n" : ""
      try workspace.write(
        "\(header)CREATE TABLE \(table) (id int);", section: "DROP TABLE \(table);",
        to: "2025010\(index + 1)_\(table)")
      try database.psql("CREATE TABLE \(table) (id int)")
    }
    try workspace.runSuccessfully("sync")
  }

  private func tables() throws -> String {
    try database.psql(
      """
      SELECT coalesce(string_agg(relname, '' ORDER BY relname), '') FROM pg_class
      WHERE relname ~ '^[a-z]$' AND relkind = 'r'
      """)
  }

  private func statuses() throws -> String {
    try database.psql(
      """
      SELECT string_agg(right(migration_name, 1) || ' ' || status, ', ' ORDER BY migration_name)
      FROM migration_history
      """)
  }

  @Test func toAPointInOneTransaction() throws {
    let result = try workspace.run(["rollback", "--to", "20250102_b.sql", "--yes"])
    #expect(result.status == 0)
    #expect(
      result.stdout.hasPrefix(
        "✅ 2 migrations rolled back successfully\n   20250104_d\n   20250103_c\n\n"))
    #expect(
      result.stderr.replacing(#/… \d+ ms/#, with: "… N ms") == """
        ⚠️ Rolling back: all after 20250102_b

        \(workspace.databaseLine)

        [1/2] 20250104_d … N ms
        [2/2] 20250103_c … N ms

        """)
    #expect(try tables() == "ab")
    #expect(try statuses() == "a applied, b applied, c rolled_back, d rolled_back")
    #expect(
      try database.psql(
        """
        SELECT string_agg(migration_name, ',' ORDER BY id), count(DISTINCT run_id),
          count(DISTINCT details) FROM migration_events WHERE outcome = 'done'
          AND operation = 'rollback'
        """) == "20250104_d,20250103_c|1|0")
    let again = try workspace.run(["rollback", "--to", "20250102", "--yes"])
    #expect(again.status == 0)
    #expect(again.stdout == "✅ Nothing to roll back\n")
  }

  @Test(arguments: [
    (["--last", "1"], "abc"), (["--last", "3"], "a"), (["--last", "9"], ""), (["--all"], ""),
    (["20250101_a", "20250104_d"], "bc"), (["20250102_b", "20250103_c"], "ad"),
    (["20250102_b", "--cascade"], "ad"), (["--all", "--each"], ""),
  ])
  func whatIsMeant(arguments: [String], remains: String) throws {
    let result = try workspace.run(["rollback", "--yes"] + arguments)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try tables() == remains)
  }

  @Test func aDryRunShowsTheOrder() throws {
    let result = try workspace.run(["rollback", "20250102_b", "--cascade", "--dry-run"])
    #expect(result.status == 0)
    #expect(
      result.stdout.hasPrefix(
        """
        ✅ Dry run: rollback SQL shown below (not executed)

        Migrations that would be rolled back, in this order:
          1  20250103_c
          2  20250102_b

        """))
    #expect(try tables() == "abcd")
  }

  @Test func oneQuestionForAll() throws {
    let result = try workspace.run(["rollback", "--last", "2"], input: "no\n")
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "⚠️  Are you sure you want to rollback these 2 migrations? (yes/no): "))
    #expect(
      result.stderr.contains(
        "error: rollback of 2 migrations was not confirmed; nothing was changed\n"))
    #expect(try tables() == "abcd")
  }

  @Test func oneRefusalStopsAll() throws {
    try database.psql(
      "UPDATE migration_history SET status = 'failed' WHERE migration_name = '20250103_c'")
    let result = try workspace.run(["rollback", "20250104_d", "20250103_c", "20250102_b", "--json"])
    #expect(result.status == 1)
    let outcomes = try result.document(Outcomes.self).migrations
    #expect(
      outcomes.map { "\($0.name) \($0.outcome)" } == [
        "20250104_d skipped", "20250103_c refused", "20250102_b skipped",
      ])
    #expect(try tables() == "abcd")
  }

  @Test func aFailureUndoesAllAndNamesTheCulprit() throws {
    try database.psql(
      """
      UPDATE migration_history SET rollback_sql = 'DROP TABLE b; DROP TABLE gone'
      WHERE migration_name = '20250102_b'
      """)
    let result = try workspace.run(["rollback", "--all", "--yes", "--use-recorded"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        20250102_b (recorded):1:15: error: table "gone" does not exist
          DROP TABLE b; DROP TABLE gone
                        ^
          STATEMENT: DROP TABLE gone
        hint: none of the 4 was rolled back, and '20250102_b' is now 'failed': mend its rollback \
        section, run 'migration-manager register 20250102_b', then roll back again

        """))
    #expect(try tables() == "abcd")
    #expect(try statuses() == "a applied, b failed, c applied, d applied")
  }

  /// The server refuses the whole string before anything of it runs, the guard included.
  @Test func aSyntaxErrorBelowADependentIsRecorded() throws {
    try database.psql(
      """
      UPDATE migration_history SET rollback_sql = 'DROP TABEL b'
      WHERE migration_name = '20250102_b'
      """)
    let result = try workspace.run(["rollback", "--all", "--yes", "--use-recorded"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        "hint: none of the 4 was rolled back, and '20250102_b' is now 'failed': "),
      "\(result.stderr)")
    #expect(try statuses() == "a applied, b failed, c applied, d applied")
  }

  @Test func whatTheSQLSaysItselfIsNoProgress() throws {
    try database.psql(
      """
      UPDATE migration_history
      SET rollback_sql = $$DO 'BEGIN RAISE INFO ''migration-manager: step 99''; END'; DROP TABLE d$$
      WHERE migration_name = '20250104_d'
      """)
    let result = try workspace.run([
      "rollback", "--last", "2", "--yes", "--use-recorded", "--verbose",
    ])
    #expect(result.status == 0)
    #expect(
      result.stdout.hasPrefix(
        "✅ 2 migrations rolled back successfully\n   20250104_d\n   20250103_c\n"))
    #expect(try tables() == "ab")
  }

  /// Not one of the two was told of before the connection was lost.
  @Test func aCommitThatNobodyHeardOfIsOfAll() throws {
    let proxy = try WireProxy(to: database.server)
    let trap = proxy.set(.commandComplete("BEGIN"), .abandon)
    let result = try workspace.run(
      ["rollback", "--last", "2", "--yes"], environment: ["DATABASE_URL": proxy.url(of: database)])
    #expect(trap.isSprung)
    #expect(result.status == 0, "\(result)")
    #expect(
      result.stdout.hasPrefix(
        "✅ 2 migrations rolled back successfully\n   20250104_d\n   20250103_c\n"))
    #expect(try tables() == "ab")
  }

  @Test func oneByOneTheEarlierOnesStay() throws {
    try database.psql(
      """
      UPDATE migration_history SET rollback_sql = 'DROP TABLE gone'
      WHERE migration_name = '20250103_c'
      """)
    let result = try workspace.run(["rollback", "--all", "--each", "--yes", "--use-recorded"])
    #expect(result.status == 2)
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n"))
    #expect(
      result.stderr.contains(
        "  1 of 4 was rolled back before, and is committed; 3 are as before\n"))
    #expect(try tables() == "abc")
    #expect(try statuses() == "a applied, b applied, c failed, d rolled_back")
  }

  @Test func settingsOfOneDoNotReachTheNext() throws {
    try database.withRole("powerless") { role in
      try database.psql(
        """
        CREATE SCHEMA other;
        UPDATE migration_history SET rollback_sql = 'SET search_path = other; SET ROLE \(role)'
        WHERE migration_name = '20250104_d'
        """)
      let result = try workspace.run(["rollback", "--last", "2", "--yes", "--use-recorded"])
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try tables() == "abd")
    }
  }

  /// The second deletes in the order that only a deferred check allows.
  @Test func constraintsAreDeferredForEach() throws {
    try database.psql(
      """
      CREATE TABLE p (id int PRIMARY KEY);
      CREATE TABLE q (id int REFERENCES p DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO p VALUES (1), (2); INSERT INTO q VALUES (1), (2);
      UPDATE migration_history SET rollback_sql = 'DELETE FROM p WHERE id = 1; DELETE FROM q WHERE id = 1'
      WHERE migration_name = '20250104_d';
      UPDATE migration_history SET rollback_sql = 'DELETE FROM p; DELETE FROM q'
      WHERE migration_name = '20250103_c';
      """)
    let result = try workspace.run(["rollback", "--last", "2", "--yes", "--use-recorded"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try database.psql("SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM q)") == "0|0")
  }

  @Test func dataOfCopyIsRestored() throws {
    try database.psql(
      """
      UPDATE migration_history SET rollback_sql = E'DROP TABLE d;\\nCOPY a FROM stdin;\\n7\\n8\\n\\\\.\\n'
      WHERE migration_name = '20250104_d'
      """)
    let result = try workspace.run(["rollback", "20250104_d", "--yes", "--use-recorded"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try database.psql("SELECT sum(id) FROM a") == "15")
  }

  @Test func versionsOutOfOrderAreSaid() throws {
    try workspace.write("CREATE TABLE e ();", section: "DROP TABLE e;", to: "20250100_e")
    try workspace.adopt("20250100_e")
    try database.psql(
      """
      UPDATE migration_history SET metadata = metadata || '{"sequence": 9}'
      WHERE migration_name = '20250100_e'
      """)
    let result = try workspace.run(["rollback", "--to", "20250103", "--dry-run"])
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "warning: they were not applied in the order of their versions; by version "
          + "'20250100_e' would stay\n"))
    #expect(result.stdout.contains("\n  1  20250100_e\n  2  20250104_d\n"))
  }

  @Test(arguments: [["--to", "20250103"], ["--last", "1"], ["--all"], ["--all", "--each"]])
  func whatIsAppliedMeanwhileIsNotLeftStanding(arguments: [String]) throws {
    let program = try Program.start(
      ["rollback"] + arguments, environment: ["DATABASE_URL": database.url],
      directory: workspace.folder.path)
    try program.wait(for: "(yes/no): ", on: .error)
    try workspace.write("CREATE TABLE e ();", section: "DROP TABLE e;", to: "20250105_e")
    try workspace.runSuccessfully("migrate")
    try program.write("yes\n".utf8)
    program.closeInput()
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        """
        error: what is to be rolled back changed meanwhile
          now also: '20250105_e'

        """), "\(result.stderr)")
    #expect(
      result.stderr.hasSuffix("hint: run it again: it shows what is to be rolled back now\n"))
    #expect(try tables() == "abcde")
  }

  /// Older ones that were registered late may have got numbers below zero.
  @Test func whatHasNoSequenceIsOlderThanAll() throws {
    try database.psql(
      """
      UPDATE migration_history SET metadata = metadata - 'sequence'
      WHERE migration_name = '20250101_a';
      UPDATE migration_history SET metadata = metadata || '{"sequence": -7}'
      WHERE migration_name = '20250102_b';
      """)
    let result = try workspace.run(["rollback", "--to", "20250102_b", "--yes"])
    #expect(result.status == 0)
    #expect(try tables() == "ab")
  }

  @Test func migrationsOfOneVersionAreInOrderByTheirNames() throws {
    try workspace.write("CREATE TABLE e ();", section: "DROP TABLE e;", to: "20250104_e")
    try workspace.runSuccessfully("migrate")
    let result = try workspace.run(["rollback", "--to", "20250104_d", "--dry-run"])
    #expect(result.status == 0)
    #expect(!result.stderr.contains("warning"), "\(result.stderr)")
    #expect(result.stdout.contains("DROP TABLE e;"))
  }

  @Test func whatStandsOnOneOfThemIsNamed() throws {
    let result = try workspace.run(["rollback", "20250102_b", "20250104_d", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: 1 of 2 migrations cannot be rolled back; nothing was changed
          Cannot rollback: other migrations depend on this one: '20250102_b'
            depends on it: 20250103_c
        hint: 'migration-manager rollback 20250102_b --cascade' rolls back first: 20250103_c

        """)
    try workspace.runSuccessfully("rollback", "20250102_b", "--cascade", "--yes")
    #expect(try tables() == "ad")
  }

  @Test func whereThereIsNothingToGoBackTo() throws {
    let unset = try workspace.run(["rollback", "--to", "", "--yes"])
    #expect(unset.status == 64)
    let missing = try workspace.run(["rollback", "--to", "2099", "--yes"])
    #expect(missing.status == 1)
    #expect(
      missing.stderr.contains(
        "error: there is nothing to go back to: '2099' is no applied migration\n"))
    let both = try workspace.run(["rollback", "20250104_d", "--last", "1"])
    #expect(both.status == 64)
    #expect(both.stderr.contains("hint: give names, or one of '--to', '--last' and '--all'\n"))
    #expect(try tables() == "abcd")
  }
}
