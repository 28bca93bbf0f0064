import TestSupport
import Testing

/// `rollback` of what is rolled back statement by statement.
@Suite(.scratchDatabase) struct StepwiseRollbackTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.database.psql(StepwiseMigration.preparation)
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  private func write(_ rollback: String) throws {
    try workspace.write(
      """
      CREATE TABLE audit (id int);
      CREATE INDEX items_n_idx ON items (n);
      -- ROLLBACK START (no transaction)
      \(rollback)
      -- ROLLBACK END
      """, to: "20250102_index")
  }

  @Test func theQuestionSaysThatWhatIsDoneStaysDone() throws {
    try write("DROP INDEX CONCURRENTLY items_n_idx;\nDROP TABLE audit;")
    try workspace.runSuccessfully("migrate")
    let result = try workspace.run(["rollback", "20250102_index"], input: "no\n")
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        """
        '20250102_index' is rolled back statement by statement, 2 in all: what is done stays done
        SQL to be executed:

        """), "\(result.stderr)")
  }

  @Test func aFailedOneGoesOnOnceItIsMended() throws {
    try write("DROP INDEX CONCURRENTLY items_n_idx;\nDROP TABLE audits;")
    try workspace.runSuccessfully("migrate")
    let result = try workspace.run(["rollback", "20250102_index", "--yes"])
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/20250102_index.sql:5:1: error: table "audits" does not exist
          DROP TABLE audits;
          ^
          STATEMENT: DROP TABLE audits
          stopped at statement 2 of 2; the statement before it is done and stays
        hint: mend its rollback section, run 'migration-manager register 20250102_index', then \
        'migration-manager rollback 20250102_index' goes on with statement 2

        """), "\(result.stderr)")
    #expect(try database.status(of: "20250102_index") == "failed")
    #expect(
      try workspace.run(["status", "-q"]).stdout == """
        Applied: 0
        Pending: 0
        Failed: 1
          20250102_index
        Half rolled back: 1
          20250102_index: stopped at statement 2 of 2: table "audits" does not exist
        Last applied: none

        """)
    let check = try workspace.run(["check", "20250102_index"])
    #expect(check.status == 0)
    #expect(
      check.stdout == """
        Status: ✅ Can rollback
        Reason: Its rollback goes on where it stopped
        Note: it is half rolled back (1 of 2 statements), and goes on from there: stopped at statement 2 \
        of 2: table "audits" does not exist

        """)
    #expect(
      try workspace.run(["list"]).stderr.contains(
        "note: '20250102_index' is half rolled back (1 of 2 statements): stopped at statement 2 of 2: table "
          + "\"audits\" does not exist\n"))

    // Nothing else is done before.
    try workspace.write(
      "CREATE TABLE other ();", section: "DROP TABLE other;", to: "20250103_other")
    let migrate = try workspace.run(["migrate"])
    #expect(migrate.status == 1)
    #expect(
      migrate.stderr.contains(
        "error: '20250102_index' is half rolled back (1 of 2 statements): nothing else is done before "
          + "that is settled\n"), "\(migrate.stderr)")

    // As it is recorded it fails again; mended, it goes on.
    #expect(try workspace.run(["rollback", "20250102_index", "--yes"]).status == 2)
    try write("DROP INDEX CONCURRENTLY items_n_idx;\nDROP TABLE audit;")
    try workspace.runSuccessfully("register", "20250102_index", "--force")
    let again = try workspace.run(["rollback", "20250102_index", "--yes"])
    #expect(again.status == 0, "\(again.stderr)")
    #expect(try database.hasTable("audit") == false)
    #expect(try database.status(of: "20250102_index") == "rolled_back")
    #expect(try workspace.run(["migrate"]).status == 0)
  }

  /// Interrupted, it is applied still; what was gone is brought back by hand.
  @Test func oneThatStandsStillIsResolvedAsApplied() throws {
    try write("DROP INDEX CONCURRENTLY items_n_idx;\nDROP TABLE audits;")
    try workspace.runSuccessfully("migrate")
    #expect(try workspace.run(["rollback", "20250102_index", "--yes"]).status == 2)
    try database.psql("UPDATE migration_history SET status = 'applied'; CREATE INDEX ON items (n)")
    let resolved = try workspace.run(["resolve", "20250102_index", "--applied", "--yes"])
    #expect(
      resolved.stdout == """
        ✅ Migration recorded as applied
           Status: applied, half rolled back (1 of 2 statements) -> applied

        """, "\(resolved)")
    #expect(try workspace.run(["status", "--exit-code"]).status == 0)
  }

  @Test func oneOfSeveralNeedsEach() throws {
    try write("DROP INDEX CONCURRENTLY items_n_idx;\nDROP TABLE audit;")
    try workspace.write(
      "CREATE TABLE other ();", section: "DROP TABLE other;", to: "20250103_other")
    try workspace.runSuccessfully("migrate")
    let result = try workspace.run(["rollback", "--last", "2", "--yes"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: '20250102_index' is rolled back statement by statement: no transaction can hold it and \
        others
        hint: give --each to roll them back one by one, or roll it back by itself

        """), "\(result.stderr)")
    #expect(try database.hasTable("other"))
    let each = try workspace.run(["rollback", "--last", "2", "--each", "--yes"])
    #expect(each.status == 0, "\(each.stderr)")
    #expect(try database.hasTable("other") == false)
    #expect(try database.hasTable("audit") == false)
  }

  @Test func itRunsUnderTheRecordedPath() throws {
    try database.psql(
      "CREATE SCHEMA app; CREATE TABLE app.items (id int); CREATE INDEX items_n_idx ON app.items (id)"
    )
    try workspace.write(
      "SET search_path = app;\nCREATE TABLE audit ();\n"
        + "-- ROLLBACK START (no transaction)\nDROP INDEX CONCURRENTLY items_n_idx;\n"
        + "DROP TABLE audit;\n-- ROLLBACK END\n", to: "20250102_app")
    try workspace.runSuccessfully("migrate")
    let result = try workspace.run(["rollback", "20250102_app", "--yes"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      try database.psql("SELECT to_regclass('app.items_n_idx'), to_regclass('app.audit')") == "|")
  }

  @Test func aPlainClientIsToldToUseTheCommandLine() throws {
    try write("DROP INDEX CONCURRENTLY items_n_idx;\nDROP TABLE audit;")
    try workspace.runSuccessfully("migrate")
    #expect(
      try database.psql("SELECT * FROM execute_migration_rollback('20250102_index')").hasPrefix(
        "f|Rollback failed: it runs without a transaction: use 'migration-manager rollback "
          + "20250102_index'"))
  }
}
