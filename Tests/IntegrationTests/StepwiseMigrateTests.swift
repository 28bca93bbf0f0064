import TestSupport
import Testing

/// `migrate` with `-- Transaction: none`: statement by statement, and on from where it stopped.
@Suite(.scratchDatabase) struct StepwiseMigrateTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private var database: ScratchDatabase { workspace.database }

  private func journal() throws -> String {
    try database.psql(
      """
      SELECT string_agg(format('%s %s/%s%s%s', direction, statement_no, statement_count,
        CASE WHEN finished_at IS NULL THEN ' unfinished' END, CASE WHEN is_open THEN ' open' END),
        ', ' ORDER BY id) FROM migration_steps
      """)
  }

  private func messages(_ result: ProgramResult) -> String {
    result.stderr.replacing(#/… \d+ ms/#, with: "… N ms")
  }

  @Test func statementByStatementThereAndBack() throws {
    try database.psql(StepwiseMigration.preparation)
    try workspace.runSuccessfully("init")
    try workspace.write(StepwiseMigration.text, to: StepwiseMigration.name)
    let result = try workspace.run(["migrate", "--reason", "monday"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout == "✅ Applied 1 migration\n")
    #expect(
      messages(result) == """
        🔄 Applying pending migrations...
        \(workspace.databaseLine)

        [1/1] 20250102_mixed … statement 1 of 5 (line 2: \(StepwiseMigration.up[0]))
        [1/1] 20250102_mixed … statement 2 of 5 (line 3: \(StepwiseMigration.up[1]))
        [1/1] 20250102_mixed … statement 3 of 5 (line 4: \(StepwiseMigration.up[2]))
        [1/1] 20250102_mixed … statement 4 of 5 (line 5: \(StepwiseMigration.up[3]))
        [1/1] 20250102_mixed … statement 5 of 5 (line 6: \(StepwiseMigration.up[4]))
        [1/1] 20250102_mixed … N ms

        """)
    #expect(try StepwiseMigration.state(of: database) == StepwiseMigration.applied)
    #expect(try journal() == "up 1/5, up 2/5, up 3/5, up 4/5, up 5/5")
    #expect(
      try workspace.recorded(
        "concat_ws(' ', status, metadata ->> 'up_transaction', metadata ->> 'rollback_transaction')",
        of: StepwiseMigration.name) == "applied none none")
    #expect(try database.events(of: StepwiseMigration.name) == ["migrate applied"])
    #expect(try database.psql("SELECT count(*) FROM migration_lease") == "0")

    let back = try workspace.run(["rollback", StepwiseMigration.name, "--yes", "--json"])
    #expect(back.status == 0, "\(back.stderr)")
    #expect(back.stdout.contains(#""statements":{"done":5,"of":5}"#), "\(back.stdout)")
    #expect(try StepwiseMigration.state(of: database) == StepwiseMigration.notApplied)
    #expect(try database.status(of: StepwiseMigration.name) == "rolled_back")
    #expect(
      try journal().hasSuffix(
        "up 5/5, rollback 1/5, rollback 2/5, rollback 3/5, rollback 4/5, rollback 5/5"))
  }

  /// Fails at the second of four statements.
  private func writeHalf(unique: String = "(id / 2)", last: String = "VACUUM items") throws {
    try workspace.write(
      """
      -- Transaction: none
      UPDATE items SET n = n + 1;
      CREATE UNIQUE INDEX CONCURRENTLY items_unique_idx ON items (\(unique));
      INSERT INTO items VALUES (101, 1);
      \(last);
      """, section: "DROP INDEX items_unique_idx;", to: "20250102_half")
  }

  @Test func itGoesOnWhereItStopped() throws {
    try database.psql(StepwiseMigration.preparation)
    try workspace.runSuccessfully("init")
    try writeHalf()
    try workspace.write(
      "CREATE TABLE later ();", section: "DROP TABLE later;", to: "20250103_later")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 2)
    #expect(result.stdout == "❌ Applied 0 of 2 migrations\n")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/20250102_half.sql:3:1: error: could not create unique index "items_unique_idx"
          CREATE UNIQUE INDEX CONCURRENTLY items_unique_idx ON items ((id / 2));
          ^
          STATEMENT: CREATE UNIQUE INDEX CONCURRENTLY items_unique_idx ON items ((id / 2))
          DETAIL: Key ((id / 2))=(1) is duplicated.
          stopped at statement 2 of 4; the statement before it is done and stays
        hint: mend it, then 'migration-manager migrate' goes on with statement 2

        """) || result.stderr.contains("is duplicated."), "\(result.stderr)")
    #expect(
      try workspace.run(["status", "-q"]).stdout == """
        Applied: 0
        Pending: 2
          20250102_half: stopped at statement 2 of 4: could not create unique index "items_unique_idx"
          20250103_later
        Last applied: none

        """)
    #expect(
      try workspace.run(["status", "--json"]).stdout.contains(
        #""progress":{"statement":2,"of":4,"error":"could not create unique index"#))
    #expect(try journal() == "up 1/4 open, up 2/4 unfinished open")
    // What it left is INVALID; it is dropped, and built anew by the statement as it is now.
    #expect(try StepwiseMigration.state(of: database) == "1 items_old_idx items_unique_idx!")
    try writeHalf(unique: "id")
    let preview = try workspace.run(["migrate", "--dry-run", "-q"])
    #expect(
      preview.stdout.contains(
        "\n20250102_half:\nruns statement by statement: 1 of 4 statements are done, it goes on with the "
          + "next\n"), "\(preview.stdout)")
    let again = try workspace.run(["migrate", "--json"])
    #expect(again.status == 0, "\(again)")
    #expect(again.stdout.contains(#""statements":{"done":4,"of":4}"#))
    #expect(try StepwiseMigration.state(of: database) == "1 items_old_idx items_unique_idx")
    #expect(
      try database.events(of: "20250102_half") == ["migrate fail", "migrate applied"])
    #expect(try database.hasTable("later"))
  }

  @Test func whatIsDoneMustNotBeAnotherNow() throws {
    try database.psql(StepwiseMigration.preparation)
    try workspace.runSuccessfully("init")
    try writeHalf()
    #expect(try workspace.run(["migrate"]).status == 2)
    try workspace.write(
      "-- Transaction: none\nUPDATE items SET n = n + 2;\nVACUUM items;", section: "SELECT 1;",
      to: "20250102_half")
    let changed = try workspace.run(["migrate"])
    #expect(changed.status == 1)
    #expect(
      changed.stderr.contains(
        """
        migrations/20250102_half.sql:2: error: statement 1 of '20250102_half' was changed after it was \
        carried out: a migration cannot go on
        """) || changed.stderr.contains("was changed after it was carried out"), "\(changed.stderr)"
    )
    try workspace.write("UPDATE items SET n = n + 1;", section: "SELECT 1;", to: "20250102_half")
    let inTransaction = try workspace.run(["migrate"])
    #expect(inTransaction.status == 1)
    #expect(
      inTransaction.stderr.contains(
        """
        error: '20250102_half' is half applied (1 of 4 statements), and its file does not say any more \
        that it runs so

        """), "\(inTransaction.stderr)")
    #expect(try StepwiseMigration.state(of: database) == "1 items_old_idx items_unique_idx!")
  }

  @Test func whatIsHalfAppliedIsFinishedOrResolved() throws {
    try database.psql(StepwiseMigration.preparation)
    try workspace.write(
      "CREATE TABLE first ();", section: "DROP TABLE first;", to: "20250101_first")
    try workspace.runSuccessfully("init")
    try workspace.runSuccessfully("migrate", "--to", "20250101_first")
    try writeHalf()
    #expect(try workspace.run(["migrate"]).status == 2)
    let commands = [
      ["20250102_half"], ["20250101_first"], ["--last", "1"], ["--all"],
      ["--to", "20250101_first"],
    ]
    for command in commands {
      let result = try workspace.run(["rollback", "--yes"] + command)
      #expect(result.status == 1)
      let isOwn = command == commands[0]
      #expect(
        result.stderr.hasSuffix(
          """
          error: '20250102_half' is half applied (1 of 4 statements)\
          \(isOwn ? "" : ": nothing is rolled back before that is settled")
            stopped at statement 2 of 4: could not create unique index "items_unique_idx"
          hint: 'migration-manager migrate' goes on with it; or undo by hand what is there and run \
          'migration-manager resolve 20250102_half --rolled-back'

          """), "\(command): \(result.stderr)")
    }
    let sync = try workspace.run(["sync"])
    #expect(sync.status == 0)
    #expect(
      sync.stdout.contains(
        "  20250102_half.sql: half applied (1 of 4 statements), stopped at statement 2 of 4: "),
      "\(sync)")
    #expect(try database.status(of: "20250102_half") == "")
    try database.psql("DROP INDEX items_unique_idx; UPDATE items SET n = n - 1")
    try workspace.runSuccessfully("resolve", "20250102_half", "--rolled-back", "--yes")
    #expect(try journal() == "up 1/4, up 2/4 unfinished")
    #expect(try workspace.run(["rollback", "--last", "1", "--yes"]).status == 0)
    #expect(try database.hasTable("first") == false)
  }

  @Test func settingsHoldForWhatFollowsAndAreMadeAgain() throws {
    try database.psql("CREATE SCHEMA app; CREATE TABLE app.items (id int)")
    try workspace.runSuccessfully("init")
    func write(_ third: String) throws {
      try workspace.write(
        """
        -- Transaction: none
        SET search_path = app;
        CREATE INDEX CONCURRENTLY items_idx ON items (id);
        SET work_mem = '7MB';
        CREATE TABLE seen AS SELECT current_setting('work_mem') AS work_mem;
        \(third);
        """, section: "DROP TABLE app.seen; DROP INDEX app.items_idx;", to: "20250102_set")
    }
    try write("SELECT 1 / 0")
    #expect(try workspace.run(["migrate"]).status == 2)
    try write("INSERT INTO seen SELECT current_setting('work_mem')")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try database.psql("SELECT * FROM app.seen") == "7MB\n7MB")
    #expect(try database.psql("SELECT 'app.items_idx'::regclass") == "app.items_idx")
    #expect(try workspace.recorded("metadata ->> 'search_path'", of: "20250102_set") == "\"app\"")
  }

  @Test func anIndexThatAnotherLeftInvalidIsNotPassedOver() throws {
    try database.psql(StepwiseMigration.preparation)
    _ = try database.psqlOutcome("CREATE UNIQUE INDEX CONCURRENTLY i ON items ((id / 2))")
    try workspace.runSuccessfully("init")
    try workspace.write(
      "-- Transaction: none\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON items (id);",
      section: "DROP INDEX i;", to: "20250102_index")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "migrations/20250102_index.sql:2: error: the index 'public.i' is there and INVALID: no query "
          + "uses it\n"), "\(result.stderr)")
    try database.psql("DROP INDEX i")
    #expect(try workspace.run(["migrate"]).status == 0)
  }

  @Test func whatOnlyTheServerKnowsCannotRunInATransaction() throws {
    try database.psql(
      """
      CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
      """)
    try workspace.runSuccessfully("init")
    try workspace.write(
      "-- Transaction: none\nREINDEX TABLE parts;\nCREATE TABLE after ();",
      section: "DROP TABLE after;", to: "20250102_parts")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try journal() == "up 1/2, up 2/2")
    #expect(try database.events(of: "20250102_parts") == ["migrate applied"])
  }
}
