import Glibc
import TestSupport
import Testing

/// `migrate`: applies what is pending, each in a transaction of its own with its record.
@Suite(.scratchLedger) struct MigrateTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func table(_ name: String, to file: String, header: String = "") throws {
    try workspace.write(
      "\(header)CREATE TABLE \(name) ();", section: "DROP TABLE \(name);", to: file)
  }

  /// Names and statuses in the order of application.
  private func rows() throws -> String {
    try workspace.database.psql(
      """
      SELECT coalesce(string_agg(migration_name || '=' || status, ' '
        ORDER BY (metadata ->> 'sequence')::numeric), '') FROM migration_history
      """)
  }

  /// The same, also where there is no ledger yet.
  private func rowsIfAny() throws -> String {
    try workspace.database.psql("SELECT to_regclass('migration_history')") == "" ? "" : rows()
  }

  private func tables() throws -> String {
    try workspace.database.psql(
      """
      SELECT coalesce(string_agg(tablename, ' ' ORDER BY tablename), '') FROM pg_tables
      WHERE schemaname = 'public' AND tablename !~ '^migration_'
      """)
  }

  /// What went to standard error, with `N` for each duration.
  private func messages(_ result: ProgramResult) -> String {
    result.stderr.replacing(#/… \d+ ms/#, with: "… N ms")
  }

  @Test(.scratchDatabase) func everythingPendingIsAppliedInOrderAndRecorded() throws {
    try table("b", to: "10_b", header: "-- Depends on: 9_a\n")
    try table("a", to: "9_a")
    try workspace.write("INSERT INTO secret VALUES (1);", to: "11_c")
    try workspace.write("CREATE TABLE secret (x int);", to: "10_secret")
    let result = try workspace.run(["migrate", "--reason", "monday"])
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Applied 4 migrations\n")
    #expect(
      messages(result) == """
        🔄 Applying pending migrations...
        \(workspace.databaseLine)

        note: created the ledger in schema 'public' of \(workspace.databaseLine.dropFirst(10))
        [1/4] 9_a … N ms
        [2/4] 10_b … N ms
        [3/4] 10_secret … N ms
        [4/4] 11_c … N ms
        warning: no rollback SQL, so it cannot be rolled back: '10_secret', '11_c'

        """)
    #expect(try rows() == "9_a=applied 10_b=applied 10_secret=applied 11_c=applied")
    #expect(
      try workspace.database.psql(
        """
        SELECT count(DISTINCT run_id), count(*), count(DISTINCT transaction.xmin::text), min(reason)
        FROM migration_events AS transaction WHERE operation = 'migrate' AND outcome = 'applied'
        """) == "1|4|4|monday")
    #expect(
      try workspace.database.psql(
        "SELECT migration_name, depends_on FROM migration_dependencies") == "10_b|9_a")
    #expect(try workspace.recorded("metadata ->> 'search_path'", of: "9_a") == "\"public\"")
    #expect(try workspace.recorded("metadata ? 'evidence'", of: "9_a") == "f")
    #expect(
      try workspace.run(["status", "--exit-code", "-q"]).stdout
        == "Applied: 4\nPending: 0\nLast applied: 11_c\n")
    let again = try workspace.run(["migrate", "-q"])
    #expect(again.status == 0)
    #expect(again.stdout == "✅ Nothing to apply: 4 migrations applied already\n")
    #expect(again.stderr == "")
    // What it recorded is what a rollback runs.
    #expect(try workspace.run(["rollback", "11_c", "--yes"]).status == 1)
    try workspace.runSuccessfully("rollback", "10_b", "--yes")
    #expect(try tables() == "a secret")
  }

  @Test func aFailureLeavesNothingOfItselfAndIsTheLastError() throws {
    try table("a", to: "1_a")
    try workspace.write("CREATE TABLE b ();\nINSERT INTO\n  nowhere VALUES (1);\n", to: "2_b")
    try table("c", to: "3_c")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 2)
    #expect(result.stdout == "❌ Applied 1 of 3 migrations\n")
    #expect(
      messages(result).hasSuffix(
        """
        [1/3] 1_a … N ms
        migrations/2_b.sql:3:3: error: relation "nowhere" does not exist
            nowhere VALUES (1);
            ^
          STATEMENT: INSERT INTO nowhere VALUES (1)
        hint: nothing of it remains: mend it, then run 'migration-manager migrate' again

        """))
    #expect(try tables() == "a")
    #expect(try rows() == "1_a=applied")
    #expect(
      try workspace.run(["status", "-q"]).stdout == """
        Applied: 1
        Pending: 2
          2_b: last error: relation "nowhere" does not exist
          3_c
        Last applied: 1_a

        """)
    let document = try workspace.run(["migrate", "--json"])
    #expect(document.status == 2)
    #expect(
      document.stdout.hasPrefix(
        #"{"migrations":[{"name":"2_b","outcome":"failed","sql":null,"duration_ms":null,"#
          + #""error":{"code":"sql","message":"relation \"nowhere\" does not exist","#))
    #expect(document.stdout.contains(#""file":"migrations/2_b.sql","line":3,"column":3,"#))
    #expect(
      try workspace.database.psql(
        """
        SELECT outcome, error, details -> 'error' ->> 'location' FROM migration_events
        WHERE migration_name = '2_b' ORDER BY id LIMIT 1
        """) == "fail|relation \"nowhere\" does not exist|migrations/2_b.sql:3:3")
    try table("b", to: "2_b")
    #expect(try workspace.run(["migrate"]).stdout == "✅ Applied 2 migrations\n")
    #expect(try workspace.run(["status", "-q"]).stdout.contains("Pending: 0\n"))
  }

  @Test func aSyntaxErrorAndAFailedConstraintAreNoDifferent() throws {
    try workspace.write("CREATE TABLE a (;\n", to: "1_a")
    let syntax = try workspace.run(["migrate", "-q"])
    #expect(syntax.status == 2)
    #expect(syntax.stderr.contains("migrations/1_a.sql:1:17: error: syntax error at or near \";\""))
    try workspace.write(
      "CREATE TABLE a (x int UNIQUE DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO a VALUES (1), (1);",
      to: "1_a")
    let constraint = try workspace.run(["migrate", "-q"])
    #expect(constraint.status == 2)
    #expect(
      constraint.stderr.hasPrefix(
        "error: duplicate key value violates unique constraint \"a_x_key\"\n"))
    #expect(try tables() == "")
    #expect(
      try workspace.database.psql(
        "SELECT count(*) FROM migration_events WHERE operation = 'migrate' AND outcome = 'fail'")
        == "2")
  }

  @Test func upToATarget() throws {
    for name in ["1_a", "2_b", "2_c", "3_d"] { try table("t\(name)", to: name) }
    #expect(try workspace.run(["migrate", "--to", "1_a.sql"]).stdout == "✅ Applied 1 migration\n")
    #expect(try workspace.run(["migrate", "--to", "2"]).stdout == "✅ Applied 2 migrations\n")
    #expect(try rows() == "1_a=applied 2_b=applied 2_c=applied")
    #expect(
      try workspace.run(["migrate", "--to", "2_b"]).stdout
        == "✅ Nothing to apply: 3 migrations applied already\n")
    let unknown = try workspace.run(["migrate", "--to", "3_e"])
    #expect(unknown.status == 2)
    #expect(
      unknown.stderr.contains("error: no migration '3_e' in 'migrations'\n  did you mean '3_d'?"))
    #expect(try workspace.run(["migrate", "--to", ""]).status == 64)
  }

  @Test(.scratchDatabase) func aDryRunWritesNothingAndTakesNoLock() throws {
    try table("a", to: "1_a")
    try workspace.write("CREATE ROLE nobody_ever PASSWORD 'secret';", to: "2_b")
    let result = try workspace.run(["migrate", "--dry-run", "-q"])
    #expect(result.status == 0)
    let rule = String(repeating: "─", count: 76)
    #expect(
      result.stdout == """
        ✅ Dry run: 2 migrations would be applied, in this order (not executed)

        1_a:
        \(rule)
        CREATE TABLE a ();
        \(rule)

        2_b:
        \(rule)
        CREATE ROLE nobody_ever PASSWORD ********;
        \(rule)

        """)
    #expect(
      try workspace.database.psql("SELECT count(*) FROM pg_class WHERE relname ~ '^migration'")
        == "0")
    try workspace.runSuccessfully("init")
    let holder = try PsqlSession(workspace.database)
    try holder.run("BEGIN; SELECT migration_lock()")
    #expect(try workspace.run(["migrate", "-n", "--json", "--wait", "0s"]).status == 0)
    _ = holder
  }

  @Test func refusedBeforeAnythingRuns() throws {
    try table("a", to: "1_a")
    try table("b", to: "2_b", header: "-- Depends on: 3_c\n")
    try table("c", to: "3_c")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 1)
    #expect(result.stdout == "❌ Nothing was applied\n")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/2_b.sql:1: error: '2_b' depends on '3_c', which comes after it
        hint: give '2_b' the later version, or mend its 'Depends on:' line

        """))
    #expect(try tables() == "")
    let document = try workspace.run(["migrate", "--json"])
    #expect(document.status == 1)
    #expect(try document.errorDocument().code == "refused")
    #expect(document.stdout.contains(#"{"name":"1_a","outcome":"skipped","#))
    #expect(document.stdout.contains(#"{"name":"2_b","outcome":"refused","#))
  }

  @Test func whatWasRolledBackIsAppliedAgain() throws {
    for name in ["1_a", "2_b"] { try table("t\(name)", to: name) }
    try workspace.runSuccessfully("migrate")
    try workspace.runSuccessfully("rollback", "1_a", "--yes")
    #expect(try workspace.run(["migrate", "--strict-order", "-q"]).status == 1)
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0)
    #expect(
      result.stderr.contains("note: out of order, since '2_b' is applied already: '1_a'\n"))
    #expect(
      result.stderr.contains(#/note: '1_a' was rolled back 20\S+ \S+ by postgres: it is applied/#))
    #expect(try rows() == "2_b=applied 1_a=applied")
    #expect(try tables() == "t1_a t2_b")
  }

  @Test func aFailedRollbackStopsTheRunner() throws {
    try workspace.write("CREATE TABLE a ();", section: "DROP TABLE b;", to: "1_a")
    try table("b", to: "2_b")
    try workspace.runSuccessfully("migrate", "--to", "1_a")
    #expect(try workspace.run(["rollback", "1_a", "--yes"]).status == 2)
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasPrefix(
        "error: the last rollback of '1_a' failed: nothing is applied until that is settled\n"))
    #expect(try tables() == "a")
  }

  @Test func eachStatementIsToldWhenVerbose() throws {
    try workspace.write("CREATE TABLE a (x int); INSERT INTO a VALUES (1), (2);", to: "1_a")
    try workspace.write("-- Nothing.\n", to: "2_b")
    let result = try workspace.run(["migrate", "--verbose"])
    #expect(result.status == 0)
    #expect(
      result.stderr.replacing(#/\d+(\.\d+)? ms/#, with: "N ms").contains(
        """
        1_a: N ms  CREATE TABLE a (x int)
        1_a: N ms  INSERT INTO a VALUES (1), (2)
        [1/2] 1_a … N ms
        [2/2] 2_b … N ms
        """))
    #expect(try rows() == "1_a=applied 2_b=applied")
  }

  @Test func whatOthersMayHaveAppliedIsRefusedUntilItIsSettled() throws {
    try table("a", to: "1_a")
    try table("b", to: "2_b")
    try workspace.write("INSERT INTO d VALUES (1);", to: "3_c")
    try workspace.write("CREATE TABLE d (x int);", to: "0_d")
    try workspace.adopt("1_a")
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: '0_d' is out of order: '1_a' is applied already
        hint: records here were made by 'sync' or 'register': another runner may have applied it \
        without a record; if it was not applied, give --allow-out-of-order
        error: nothing tells whether '3_c' was applied
          it creates nothing that could be looked for, and records here were made by 'sync' or \
        'register': another runner may have applied it too
        hint: if it was applied, run 'migration-manager register 3_c'; if it was not, \
        'migration-manager resolve 3_c --rolled-back', and 'migrate' applies it

        """)
    #expect(try workspace.run(["migrate", "-q", "--to", "2_b"]).status == 1)
    #expect(
      try workspace.run(["migrate", "--to", "2_b", "--allow-out-of-order"]).stdout
        == "✅ Applied 2 migrations\n")
    try workspace.runSuccessfully("register", "3_c")
    #expect(try workspace.run(["migrate"]).stdout.hasPrefix("✅ Nothing to apply"))
    #expect(try rows() == "1_a=applied 0_d=applied 2_b=applied 3_c=applied")
  }

  /// dbmate's list, say, and nobody has run `sync` yet.
  @Test func whatARunnerOfAnotherKindMayHaveAppliedIsNotAppliedAgain() throws {
    try workspace.write("CREATE TABLE IF NOT EXISTS a (x int);", to: "1_a")
    try workspace.write("INSERT INTO a VALUES (1);", to: "2_b")
    try table("c", to: "3_c")
    try workspace.apply("1_a", "2_b")
    try workspace.database.psql("CREATE TABLE schema_migrations (version text)")
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: the ledger holds nothing, and 2 migrations may be applied already
          '1_a': it was applied and not recorded: the object that it creates exists
          '2_b': nothing tells whether it was applied
          another runner's table is here: public.schema_migrations
        hint: run 'migration-manager sync', which records what is applied, with \
        '--assume-applied-before NAME' for the files of which nothing tells

        """)
    #expect(try rowsIfAny() == "")
    let status = try workspace.run(["status"])
    #expect(
      status.stdout == """
        Applied: 0
        Pending: 1
          3_c
        Unknown: 2
          1_a: it was applied and not recorded: the object that it creates exists
          2_b: nothing tells whether it was applied
        Last applied: none

        """)
    #expect(
      status.stderr.contains(
        "💡 another runner's table is here (public.schema_migrations): 'migration-manager sync' "
          + "records what is applied, with '--assume-applied-before NAME' what nothing tells of\n"))
    try workspace.runSuccessfully("sync", "--assume-applied-before", "3_c")
    #expect(try workspace.run(["migrate"]).stdout == "✅ Applied 1 migration\n")
    #expect(try workspace.database.psql("SELECT count(*) FROM a") == "1")
  }

  @Test func aRenamedFileIsNotAppliedTwice() throws {
    let text = "CREATE TABLE IF NOT EXISTS a (x int);\nINSERT INTO a VALUES (1);\n"
    try workspace.write(text, to: "1_a")
    try workspace.runSuccessfully("migrate")
    try workspace.folder.remove("migrations/1_a.sql")
    try workspace.write(text, to: "1_better")
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: '1_better' is what was applied as '1_a', which has no file any more
        hint: if its file got another name, run 'migration-manager rename 1_a 1_better'; \
        to apply it once more, bring the file of '1_a' back

        """)
    try workspace.runSuccessfully("rename", "1_a", "1_better")
    #expect(try workspace.run(["migrate"]).stdout.hasPrefix("✅ Nothing to apply"))
    #expect(try workspace.database.psql("SELECT count(*) FROM a") == "1")
  }

  @Test func whatWasNotAppliedCanBeSaidToBePending() throws {
    try table("a", to: "1_a")
    try workspace.write("INSERT INTO b VALUES (1);", to: "2_b")
    try workspace.adopt("1_a")
    try workspace.database.psql("CREATE TABLE b (x int)")
    #expect(try workspace.run(["migrate", "-q"]).status == 1)
    try workspace.runSuccessfully("resolve", "2_b", "--rolled-back", "--yes")
    #expect(try workspace.run(["migrate"]).stdout == "✅ Applied 1 migration\n")
    #expect(try workspace.database.psql("SELECT count(*) FROM b") == "1")
    #expect(try rows() == "1_a=applied 2_b=applied")
  }

  @Test func anInterruptionUndoesOneAndKeepsThoseBefore() throws {
    try table("a", to: "1_a")
    try workspace.write("CREATE TABLE b (); SELECT pg_sleep(60);", to: "2_b")
    try workspace.runSuccessfully("init")
    let program = try Program.start(
      ["migrate"], environment: ["DATABASE_URL": workspace.database.url],
      directory: workspace.folder.path)
    try waitUntil("it slept") {
      try workspace.database.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
          + "AND datname = current_database()") == "1"
    }
    program.send(signal: SIGINT)
    let result = try program.waitUntilExit()
    #expect(result.status == 130)
    #expect(result.stdout == "❌ Applied 1 of 2 migrations\n")
    #expect(
      result.stderr.hasSuffix(
        """
        error: interrupted by SIGINT: '2_b' was not applied
          the server cancelled the statement and undid the migration
          the migration before it stays
        hint: the same command again goes on from there

        """))
    #expect(try tables() == "a")
    #expect(try rows() == "1_a=applied")
  }

  @Test func anotherRunnersLedgerIsAskedToo() throws {
    try workspace.database.psql(
      """
      CREATE SCHEMA supabase_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY);
      INSERT INTO supabase_migrations.schema_migrations VALUES ('20250101000000');
      """)
    try workspace.write("INSERT INTO a VALUES (1);", to: "20250101000000_a")
    try workspace.write("CREATE TABLE b ();", to: "20250102000000_b")
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasPrefix(
        """
        error: the ledger holds nothing, and 1 migration may be applied already
          '20250101000000_a': it was applied and not recorded: it stands in \
        supabase_migrations.schema_migrations
          another runner's table is here: supabase_migrations.schema_migrations

        """))
    try workspace.runSuccessfully("sync")
    let applied = try workspace.run(["migrate"])
    #expect(applied.stdout == "✅ Applied 1 migration\n")
    #expect(
      applied.stderr.contains("warning: another runner keeps a ledger in this database: it does"))
  }

  @Test func whatMigrateAppliesAgainIsTold() throws {
    func hint(_ arguments: String...) throws -> String? {
      let result = try workspace.run(["rollback", "--yes"] + arguments)
      #expect(result.status == 0)
      return result.stderr.split(separator: "\n").first { $0.hasPrefix("💡") }.map(String.init)
    }
    let names = ["7001_a", "7002_b", "7003_c"]
    for name in names {
      try workspace.write(
        "CREATE TABLE t\(name) ();", section: "DROP TABLE t\(name);", to: name)
    }
    try workspace.runSuccessfully("migrate", "--quiet")
    #expect(
      try hint("7003_c")
        == "💡 the next 'migration-manager migrate' applies it again: mend its file before, or take "
        + "its file away")
    // Without its file it does not come back.
    try workspace.folder.remove("migrations/7002_b.sql")
    #expect(try hint("7002_b") == nil)
    // Another runner applied this one.
    try workspace.write("CREATE TABLE d ();", section: "DROP TABLE d;", to: "7004_d")
    try workspace.adopt("7004_d")
    #expect(try hint("7004_d") == nil)
  }
}
