import TestSupport
import Testing

/// `sync`: every file that is applied and not recorded gets its record.
@Suite(.scratchLedger) struct SyncTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func statuses() throws -> String {
    try workspace.database.psql(
      """
      SELECT string_agg(migration_name || '=' || status, ' '
        ORDER BY (metadata ->> 'sequence')::numeric) FROM migration_history
      """)
  }

  @Test func whatIsAppliedIsRegisteredInTheOrderOfVersions() throws {
    try workspace.write("CREATE TABLE a ();", section: "DROP TABLE a;", to: "9_a")
    try workspace.write("CREATE TABLE b ();", to: "10_b")
    try workspace.write(
      "CREATE TABLE c ();\n-- ROLLBACK IRREVERSIBLE: it is final\n", to: "20250101_c")
    try workspace.apply("9_a", "10_b", "20250101_c")
    try workspace.runSuccessfully("init")
    let result = try workspace.run(["sync", "--reason", "monday"])
    #expect(result.status == 0)
    #expect(
      result.stdout == """
           ✅ Registered (Rollback: Yes)
           ✅ Registered (Rollback: No)
           ✅ Registered (Rollback: Irreversible)

        ✅ Sync complete: 3 registered, 0 skipped

        """)
    #expect(
      result.stderr == """
        🔄 Syncing migration files with database...
        \(workspace.databaseLine)

        📝 Registering: 9_a.sql
        📝 Registering: 10_b.sql
        📝 Registering: 20250101_c.sql

        """)
    #expect(try statuses() == "9_a=applied 10_b=applied 20250101_c=applied")
    #expect(
      try workspace.database.psql(
        "SELECT count(DISTINCT run_id), count(*), min(reason) FROM migration_events "
          + "WHERE operation = 'sync' AND outcome = 'registered'") == "1|3|monday")
    #expect(try workspace.recorded("metadata ->> 'search_path'", of: "9_a") == "\"public\"")
    let again = try workspace.run(["sync"])
    #expect(again.stdout == "✅ Sync complete: 0 registered, 3 skipped\n")
  }

  @Test func quietlyOnlyTheTotalsAreSaid() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.apply("1_a")
    let result = try workspace.run(["sync", "--quiet"])
    #expect(result.stdout == "✅ Sync complete: 1 registered, 0 skipped\n")
    #expect(result.stderr == "")
  }

  @Test(.scratchDatabase) func theFirstSyncSaysThatItMakesALedgerAndWhere() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.apply("1_a")
    let result = try workspace.run(["sync"])
    #expect(
      result.stderr == """
        🔄 Syncing migration files with database...
        note: created the ledger in schema 'public' of \(workspace.databaseLine.dropFirst(10))
        \(workspace.databaseLine)

        📝 Registering: 1_a.sql

        """)
  }

  @Test(.scratchDatabase) func whatIsNotAppliedIsCountedAndNothingElse() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Sync complete: 0 registered, 0 skipped, 1 not applied\n")
    // No ledger for nothing.
    #expect(try !workspace.database.hasTable("migration_history"))
    let verbose = try workspace.run(["sync", "--verbose"])
    #expect(verbose.stdout.hasPrefix("Not applied:\n  1_a.sql: 0 of 1 objects exist\n"))
  }

  @Test func whatIsAppliedInPartIsListedWithWhatIsMissing() throws {
    try workspace.write("CREATE TABLE a (); CREATE TABLE b ();", to: "1_a")
    try workspace.database.psql("CREATE TABLE a ()")
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(
      result.stdout == """
        Applied only in part, not registered:
          1_a.sql: 1 of 2 objects exist
            missing: table b

        ✅ Sync complete: 0 registered, 0 skipped, 1 partial

        """)
    #expect(
      result.stderr.hasSuffix(
        "💡 'migration-manager register NAME --force' records one that was changed by hand since\n"))
  }

  @Test func ofMuchThatIsMissingTheFirstIsShown() throws {
    try workspace.write(
      (1...8).map { "CREATE TABLE t\($0) ();" }.joined(separator: "\n"), to: "1_a")
    try workspace.database.psql("CREATE TABLE t1 ()")
    let short = try workspace.run(["sync"])
    #expect(
      short.stdout.hasPrefix(
        """
        Applied only in part, not registered:
          1_a.sql: 1 of 8 objects exist
            missing: table t2
            missing: table t3
            missing: table t4
            missing: table t5
            missing: table t6
            missing: 2 more, which --verbose lists

        """))
    let full = try workspace.run(["sync", "--verbose"])
    #expect(full.stdout.contains("    missing: table t7\n    missing: table t8\n"))
  }

  @Test func whatLeavesNothingToTellByIsNeverRegisteredOfItself() throws {
    try workspace.write("UPDATE pg_class SET relname = relname WHERE false;", to: "1_data")
    try workspace.write("DO $$ BEGIN PERFORM 1; END $$;", to: "2_do")
    try workspace.write("CREATE TABLE a ();", to: "3_a")
    try workspace.write("SELECT 1;", to: "4_late")
    try workspace.database.psql("CREATE TABLE a ()")
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(
      result.stdout == """
           ✅ Registered (Rollback: No)

        Nothing tells whether these were applied:
          1_data.sql
          2_do.sql
          4_late.sql

        ✅ Sync complete: 1 registered, 0 skipped, 3 unknown

        """)
    #expect(
      result.stderr.hasSuffix(
        "💡 'migration-manager register NAME' records one on your word, "
          + "'migration-manager sync --assume-applied-before NAME' all such older ones\n"))
    let assuming = try workspace.run(["sync", "--assume-applied-before", "3_a.sql"])
    #expect(
      assuming.stdout.hasSuffix("✅ Sync complete: 2 registered, 1 skipped, 1 unknown\n"))
    #expect(try statuses() == "1_data=applied 2_do=applied 3_a=applied")
    #expect(try workspace.recorded("metadata ->> 'assumed'", of: "1_data") == "true")
    #expect(try workspace.recorded("metadata ->> 'evidence'", of: "1_data") == "assumed")
    #expect(
      try workspace.database.psql(
        "SELECT string_agg(migration_name, ' ' ORDER BY id) FROM migration_events "
          + "WHERE details ->> 'assumed' = 'true'") == "1_data 2_do")
  }

  @Test func thatAnOlderFunctionExistsProvesNothingOfWhatReplacesIt() throws {
    let function = "FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    try workspace.write("CREATE \(function)", to: "1_f")
    try workspace.write("CREATE OR REPLACE \(function)", to: "2_replace")
    try workspace.write("CREATE OR REPLACE \(function) CREATE TABLE a ();", to: "3_both")
    try workspace.apply("1_f")
    let result = try workspace.run(["sync"])
    #expect(
      result.stdout == """
           ✅ Registered (Rollback: No)

        Nothing tells whether these were applied:
          2_replace.sql

        ✅ Sync complete: 1 registered, 0 skipped, 1 not applied, 1 unknown

        """)
    #expect(try statuses() == "1_f=applied")
    // The same where the earlier one is recorded already.
    #expect(
      try workspace.run(["sync"]).stdout.hasSuffix("1 skipped, 1 not applied, 1 unknown\n"))
    try workspace.apply("3_both")
    #expect(
      try workspace.run(["sync"]).stdout.hasSuffix("1 registered, 1 skipped, 1 unknown\n"))
  }

  @Test func aFunctionOfOtherArgumentsIsAnotherFunction() throws {
    try workspace.database.psql(
      """
      CREATE SCHEMA app; CREATE TYPE app."Mood" AS ENUM ('good'); CREATE TABLE users (id bigint);
      CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
      """)
    let arguments = [
      "text", "app.\"Mood\"", "app.\"Mood\"[], VARIADIC int[]", "numeric(10, 2), INOUT varchar(3)",
      "users.id%TYPE, timestamptz, \"char\", float, interval year to month, decimal[][]",
      "users, character(3), bit(3), time with time zone, OUT x int", "",
    ]
    for (index, types) in arguments.enumerated() {
      try workspace.write(
        "CREATE PROCEDURE g(\(types)) LANGUAGE plpgsql AS 'BEGIN END';", to: "\(100 + index)_g")
    }
    #expect(
      try workspace.run(["sync"]).stdout
        == "✅ Sync complete: 0 registered, 0 skipped, \(arguments.count) not applied\n")
    for index in arguments.indices { try workspace.apply("\(100 + index)_g") }
    #expect(
      try workspace.run(["sync"]).stdout.hasSuffix(
        "✅ Sync complete: \(arguments.count) registered, 0 skipped\n"))
  }

  @Test func theBoundaryMustBeAFile() throws {
    try workspace.write("SELECT 1;", to: "20250101_a")
    let result = try workspace.run(["sync", "--assume-applied-before", "20250101_b"])
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        "error: no migration '20250101_b' in 'migrations'\n  did you mean '20250101_a'?\n"))
  }

  @Test func assumingDoesNotOverruleTheCatalog() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.write("CREATE TABLE b (); CREATE TABLE c ();", to: "2_b")
    try workspace.write("SELECT 1;", to: "3_c")
    try workspace.database.psql("CREATE TABLE c ()")
    let result = try workspace.run(["sync", "--assume-applied-before", "3_c"])
    #expect(
      result.stdout.hasSuffix(
        "✅ Sync complete: 0 registered, 0 skipped, 1 not applied, 1 partial, 1 unknown\n"))
  }

  @Test func rowsThatAreRolledBackOrFailedAreLeftAlone() throws {
    try workspace.write("CREATE TABLE a ();", section: "DROP TABLE a;", to: "1_a")
    try workspace.write("CREATE TABLE b ();", section: "DROP TABLE wrong;", to: "2_b")
    try workspace.adopt("1_a", "2_b")
    try workspace.runSuccessfully("rollback", "1_a", "--yes")
    #expect(try workspace.run(["rollback", "2_b", "--yes"]).status == 2)
    try workspace.database.psql("CREATE TABLE a ()")
    let result = try workspace.run(["sync"])
    #expect(result.stdout == "✅ Sync complete: 0 registered, 2 skipped\n")
    #expect(
      result.stderr == """
        🔄 Syncing migration files with database...
        \(workspace.databaseLine)

        note: rolled back and left alone: 1_a
        note: left alone, because their last rollback failed: 2_b

        """)
    #expect(try statuses() == "1_a=rolled_back 2_b=failed")
  }

  @Test func everyKindOfObjectTells() throws {
    let kinds = [
      "CREATE TRIGGER t BEFORE INSERT ON base EXECUTE FUNCTION trigger_of_base();",
      "CREATE POLICY p ON base USING (true);", "CREATE EXTENSION pgcrypto;",
      "ALTER TABLE base ADD CONSTRAINT c CHECK (id > 0);", "ALTER TYPE mood ADD VALUE 'sad';",
      "ALTER DOMAIN word ADD CONSTRAINT w CHECK (VALUE <> '');",
      "ALTER TABLE other RENAME TO another;", "ALTER VIEW v SET SCHEMA app;",
      "ALTER TABLE base RENAME COLUMN old TO new;",
      "CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int);",
    ]
    try workspace.database.psql(
      """
      CREATE TABLE base (id int, old int); CREATE TABLE other (); CREATE VIEW v AS SELECT 1;
      CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('good'); CREATE DOMAIN word AS text;
      CREATE FUNCTION trigger_of_base() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';
      """)
    for (index, sql) in kinds.enumerated() { try workspace.write(sql, to: "\(100 + index)_x") }
    #expect(
      try workspace.run(["sync"]).stdout
        == "✅ Sync complete: 0 registered, 0 skipped, \(kinds.count) not applied\n")
    for index in kinds.indices { try workspace.apply("\(100 + index)_x") }
    #expect(
      try workspace.run(["sync"]).stdout.hasSuffix(
        "✅ Sync complete: \(kinds.count) registered, 0 skipped\n"))
  }

  /// What stands there is older, by the server's own catalog.
  @Test func whatWasThereBeforeProvesNothing() throws {
    try workspace.write(
      "CREATE TABLE t (id serial PRIMARY KEY, mail text CHECK (mail <> ''), UNIQUE (mail));"
        + "CREATE TYPE mood AS ENUM ('good'); CREATE TABLE status ();", to: "100_base")
    try workspace.apply("100_base")
    try workspace.database.psql("CREATE EXTENSION pgcrypto")
    let pending = [
      "ALTER TABLE t ADD COLUMN IF NOT EXISTS mail text; UPDATE t SET mail = 'x';",
      "ALTER TABLE t DROP CONSTRAINT t_mail_check, ADD CONSTRAINT t_mail_check CHECK (true);",
      "CREATE UNIQUE INDEX IF NOT EXISTS t_mail_key ON t (mail, id);",
      "CREATE SEQUENCE IF NOT EXISTS t_id_seq;",
      "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'good';",
      "CREATE EXTENSION IF NOT EXISTS pgcrypto; UPDATE t SET mail = crypt(mail, gen_salt('bf'));",
      "CREATE SCHEMA IF NOT EXISTS public; INSERT INTO t DEFAULT VALUES;",
    ]
    for (index, sql) in pending.enumerated() { try workspace.write(sql, to: "\(200 + index)_x") }
    // A table's row type is no type of the migration's.
    try workspace.write("DROP TABLE status; CREATE TYPE status AS ENUM ('a');", to: "300_type")
    // The table that it replaces is not in its own evidence any more.
    try workspace.runSuccessfully("register", "100_base")
    let result = try workspace.run(["sync"])
    #expect(
      result.stdout.hasSuffix(
        "✅ Sync complete: 0 registered, 1 skipped, 1 not applied, \(pending.count) unknown\n"))
  }

  /// A branch that was merged late: what it replaces is what a newer migration made.
  @Test func aLaterOneThatIsRecordedCameBefore() throws {
    let function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    try workspace.write(function, to: "3_c")
    try workspace.adopt("3_c")
    try workspace.write(function, to: "2_b")
    #expect(
      try workspace.run(["sync"]).stdout.hasSuffix(
        "✅ Sync complete: 0 registered, 1 skipped, 1 unknown\n"))
    #expect(try statuses() == "3_c=applied")
  }

  @Test func aFileThatCannotBeReadDoesNotStopTheOthers() throws {
    try workspace.write("CREATE TABLE a ();\n-- ROLLBACK START\nDROP TABLE a;\n", to: "1_open")
    try workspace.write("CREATE TABLE b ();", section: "COMMIT;", to: "2_commit")
    try workspace.write("CREATE TABLE c ();", to: "3_c")
    try workspace.database.psql("CREATE TABLE b (); CREATE TABLE c ()")
    let result = try workspace.run(["sync"])
    #expect(result.status == 2)
    #expect(
      result.stdout.hasSuffix("✅ Sync complete: 1 registered, 0 skipped, 2 refused\n"))
    #expect(result.stderr.contains("migrations/1_open.sql:2: error: "))
    #expect(
      result.stderr.contains(
        "migrations/2_commit.sql:3:1: error: COMMIT in the rollback SQL: it runs inside one "
          + "transaction\n"))
    #expect(try statuses() == "3_c=applied")
  }

  @Test(.scratchDatabase) func aDryRunWritesNothing() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.apply("1_a")
    let result = try workspace.run(["sync", "--dry-run"])
    #expect(result.status == 0)
    #expect(
      result.stdout
        == "   ✅ Applied (Rollback: No)\n\n✅ Dry run: 1 to register, 0 skipped\n")
    #expect(result.stderr.contains("📝 Would register: 1_a.sql\n"))
    try workspace.database.psql("DROP TABLE a")
    #expect(
      try workspace.run(["sync", "--dry-run"]).stdout
        == "✅ Dry run: 0 to register, 0 skipped, 1 not applied\n")
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  @Test func aDryRunDoesNotUpgradeALedgerEither() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.apply("1_a")
    try workspace.runSuccessfully("init")
    try workspace.database.psql("DROP FUNCTION migration_sync")
    let before = try workspace.database.psql("SELECT count(*) FROM migration_events")
    let result = try workspace.run(["sync", "--dry-run"])
    #expect(result.status == 2)
    #expect(result.stderr.contains("migration-manager init"))
    #expect(try workspace.database.psql("SELECT count(*) FROM migration_events") == before)
    #expect(
      try workspace.database.psql("SELECT to_regprocedure('migration_sync(uuid,jsonb,jsonb)')")
        == "")
    try workspace.runSuccessfully("sync")
    #expect(try workspace.database.status(of: "1_a") == "applied")
  }

  @Test func namesAloneAreForScripts() throws {
    for name in ["1_a", "2_b"] {
      try workspace.write("CREATE TABLE t\(name) ();", to: name)
      try workspace.apply(name)
    }
    try workspace.write("SELECT 1;", to: "3_c")
    #expect(try workspace.run(["sync", "--names"]).stdout == "2_b\n1_a\n")
    #expect(try workspace.run(["sync", "--names"]).stdout == "")
  }

  @Test func documentsSayWhatBecameOfEach() throws {
    struct Document: Decodable {
      struct Migration: Decodable, Equatable {
        var name: String
        var outcome: String
        var evidence: String?
        var missing: [String]
        var contradicted: [String]
        var status: String?
      }
      var migrations: [Migration]
      var dry_run: Bool
    }
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.adopt("1_a")
    try workspace.write("CREATE TABLE b (); CREATE TABLE c ();", to: "2_b")
    try workspace.database.psql("CREATE TABLE b ()")
    try workspace.write("CREATE TABLE d ();", to: "3_d")
    try workspace.database.psql("CREATE TABLE d ()")
    let result = try workspace.run(["sync", "--json"])
    #expect(result.stderr == "")
    let document: Document = try result.document()
    #expect(!document.dry_run)
    #expect(
      document.migrations == [
        .init(
          name: "1_a", outcome: "skipped", missing: [], contradicted: [], status: "applied"),
        .init(
          name: "2_b", outcome: "partial", evidence: "1 of 2 objects exist", missing: ["table c"],
          contradicted: []),
        .init(
          name: "3_d", outcome: "registered", evidence: "the object that it creates exists",
          missing: [], contradicted: []),
      ])
  }

  @Test func aDependencyOnANameThatNobodyKnowsIsKept() throws {
    try workspace.write("-- Depends on: 1_gone.sql\nCREATE TABLE b ();", to: "2_b")
    try workspace.apply("2_b")
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "warning: migrations/2_b.sql:1: depends on '1_gone', which is no file and not recorded; it "
          + "is kept until that name comes\n"))
    try workspace.write("CREATE TABLE a ();", to: "1_gone")
    try workspace.apply("1_gone")
    try workspace.runSuccessfully("sync")
    #expect(
      try workspace.database.psql(
        "SELECT migration_name, depends_on FROM migration_dependencies") == "2_b|1_gone")
  }

  @Test func anEmptyFolderHasNothingToSync() throws {
    #expect(try workspace.run(["sync"]).stdout == "✅ Sync complete: 0 registered, 0 skipped\n")
  }

  @Test func aReaderMayNot() throws {
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.apply("1_a")
    try workspace.database.withRole("reader", attributes: "LOGIN") { role in
      try workspace.runSuccessfully("init", "--reader", role)
      let result = try workspace.run(
        ["sync"], environment: ["DATABASE_URL": workspace.database.url(user: role)])
      #expect(result.status == 2)
      #expect(result.stderr.contains("error: "))
      #expect(result.stderr.contains("init --operator"))
    }
    #expect(try workspace.database.psql("SELECT count(*) FROM migration_history") == "0")
  }
}
