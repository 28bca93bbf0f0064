import LedgerSQL
import TestSupport
import Testing

/// Rollback from a plain SQL client.
@Suite(.scratchLedger) struct ExecuteRollbackTests {
  private let inApplication = #"{"search_path": "app"}"#

  @Test func `it runs under the recorded path, and leaves status and event`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.run(
      "CREATE SCHEMA app; CREATE TABLE app.settings (); CREATE TABLE public.settings ()")
    try ledger.register(
      "1_a", rollback: "DROP TABLE IF EXISTS settings -- done",
      metadata: #"{"search_path": "app", "up_checksum": "beef"}"#)
    #expect(
      try ledger.send(
        """
        SET search_path = public;
        SELECT * FROM LEDGER.execute_migration_rollback('1_a.sql');
        SHOW search_path;
        """) == """
          t|Migration rolled back successfully|DROP TABLE IF EXISTS settings -- done
          public
          """)
    #expect(
      try ledger.value("to_regclass('app.settings'), to_regclass('public.settings')")
        == "|public.settings".replacing("public.", with: ""))
    #expect(
      try ledger.send(
        """
        SELECT status, rollback_by, rollback_at > applied_at, notes
        FROM LEDGER.migration_history;
        SELECT operation, outcome, migration_name, role_name, duration_ms > 0, checksum,
          rollback_sql, up_checksum, error, details
        FROM LEDGER.migration_events WHERE operation = 'rollback';
        """) == """
          rolled_back|postgres|t|
          rollback|done|1_a|postgres|t|c0ffee|DROP TABLE IF EXISTS settings -- done|beef||\
          {"function": "execute_migration_rollback"}
          """)
  }

  @Test func `without a recorded path it runs under the caller's`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.run("CREATE SCHEMA app; CREATE TABLE app.settings ()")
    try ledger.register("1_a", rollback: "DROP TABLE settings")
    try ledger.send(
      "SET search_path = app; SELECT LEDGER.execute_migration_rollback('1_a');")
    #expect(try ledger.value("to_regclass('app.settings') IS NULL") == "t")
  }

  @Test func `a dry run shows the SQL and does nothing`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run("CREATE TABLE public.t ()")
    try ledger.register("1_a", rollback: "DROP TABLE t")
    #expect(
      try ledger.execute("1_a", dryRun: true)
        == "t|Dry run: rollback SQL shown below (not executed)|DROP TABLE t")
    #expect(try ledger.value("to_regclass('public.t')") == "t")
    #expect(try ledger.status(of: "1_a") == "applied")
    #expect(
      try ledger.value("count(*) FROM LEDGER.migration_events WHERE operation = 'rollback'") == "0")
  }

  @Test(arguments: [true, false])
  func `a refusal is an answer, not an error`(dryRun: Bool) throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", rollback: nil, dependsOn: ["1_a"])
    let answers = [
      ("0_x", "f|Migration not found|"),
      ("1_a", "f|Cannot rollback: other migrations depend on this one|"),
      ("2_b", "f|No rollback SQL defined for this migration|"),
    ]
    for (name, answer) in answers {
      #expect(try ledger.execute(name, dryRun: dryRun) == answer)
    }
  }

  @Test func `a second rollback is refused`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.execute("1_a")
    #expect(try ledger.execute("1_a") == "f|Migration status is rolled_back, not applied|")
  }

  @Test func `SQL that fails half-way leaves nothing but its failure`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run("CREATE TABLE public.t (); CREATE TABLE public.u ()")
    let sql = "DROP TABLE t; DROP TABLE nonesuch; DROP TABLE u"
    try ledger.register("1_a", rollback: sql)
    #expect(
      try ledger.execute("1_a")
        == "f|Rollback failed: table \"nonesuch\" does not exist|\(sql)")
    #expect(try ledger.value("to_regclass('public.t'), to_regclass('public.u')") == "t|u")
    #expect(
      try ledger.send(
        """
        SELECT status, notes FROM LEDGER.migration_history;
        SELECT outcome, error, rollback_sql, details -> 'error' ->> 'sqlstate'
        FROM LEDGER.migration_events WHERE operation = 'rollback';
        """) == """
          failed|Rollback failed: table "nonesuch" does not exist (SQLSTATE 42P01)
          fail|table "nonesuch" does not exist|\(sql)|42P01
          """)
    #expect(try ledger.execute("1_a") == "f|Migration status is failed, not applied|")
    // The way out: a mended section.
    try ledger.register("1_a", rollback: "DROP TABLE t; DROP TABLE u")
    #expect(try ledger.execute("1_a").hasPrefix("t|Migration rolled back successfully|"))
  }

  @Test func `a syntax error, and a deferred constraint that does not hold, are failures`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      """
      CREATE TABLE public.parent (id int PRIMARY KEY);
      CREATE TABLE public.child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO public.parent VALUES (1); INSERT INTO public.child VALUES (1)
      """)
    try ledger.register("1_a", rollback: "DELETE FROM parent")
    #expect(
      try ledger.execute("1_a")
        == "f|Rollback failed: update or delete on table \"parent\" violates foreign key "
        + "constraint \"child_id_fkey\" on table \"child\"|DELETE FROM parent")
    #expect(try ledger.value("count(*) FROM parent") == "1")
    #expect(
      try ledger.send("SELECT notes FROM LEDGER.migration_history;").hasSuffix(
        "(SQLSTATE 23503)\nKey (id)=(1) is still referenced from table \"child\"."))
    try ledger.register("2_b", rollback: "DROP TABEL x")
    #expect(
      try ledger.execute("2_b")
        == "f|Rollback failed: syntax error at or near \"TABEL\"|DROP TABEL x")
    #expect(try ledger.status(of: "2_b") == "failed")
  }

  @Test func `trouble that passes leaves the status as it was`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register(
      "1_a", rollback: "DO $$ BEGIN RAISE 'busy' USING ERRCODE = 'lock_not_available'; END $$")
    #expect(try ledger.execute("1_a").hasPrefix("f|Rollback failed: busy|"))
    #expect(
      try ledger.send(
        """
        SELECT status, notes FROM LEDGER.migration_history;
        SELECT outcome, error, details ->> 'transient'
        FROM LEDGER.migration_events WHERE operation = 'rollback';
        """) == "applied|\nfail|busy|true")
  }

  @Test(arguments: [
    "SET ROLE %; SET search_path = nowhere",
    "SET LOCAL ROLE %; SET LOCAL search_path = nowhere",
    "SET SESSION AUTHORIZATION %",
    "SELECT set_config('search_path', 'app', false)",
  ])
  func `role and path of the caller are as before`(rollback: String) throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.database.withRole("nobody") { nobody in
      try ledger.database.withRole("caller", attributes: "SUPERUSER") { caller in
        try ledger.register(
          "1_a", rollback: rollback.replacing("%", with: nobody), metadata: inApplication)
        #expect(
          try ledger.send(
            """
            SET ROLE \(caller); SET search_path = public, pg_temp;
            SELECT success FROM LEDGER.execute_migration_rollback('1_a');
            SELECT session_user, current_user, current_setting('search_path');
            """) == "t\npostgres|\(caller)|public, pg_temp")
        #expect(
          try ledger.send("SELECT status, rollback_by FROM LEDGER.migration_history;")
            == "rolled_back|\(caller)")
      }
    }
  }

  @Test func `what the caller set for its transaction ends with it`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.register("1_a", rollback: "SET LOCAL search_path = x", metadata: inApplication)
    #expect(
      try ledger.send(
        """
        SET search_path = public; BEGIN; SET LOCAL search_path = pg_temp;
        SELECT success FROM LEDGER.execute_migration_rollback('1_a');
        SHOW search_path; COMMIT; SHOW search_path;
        """) == "t\npg_temp\npublic")
  }

  @Test func `role and path are as before where the SQL fails`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.database.withRole("nobody") { nobody in
      try ledger.register("1_a", rollback: "SET ROLE \(nobody); SET search_path = x; SELECT 1/0")
      #expect(
        try ledger.send(
          """
          SET search_path = public;
          SELECT message FROM LEDGER.execute_migration_rollback('1_a');
          SELECT current_user, current_setting('search_path');
          """) == "Rollback failed: division by zero\npostgres|public")
      #expect(try ledger.status(of: "1_a") == "failed")
    }
  }

  @Test func `a failed ASSERT is a failure like any`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "DO $$ BEGIN ASSERT false, 'not empty'; END $$")
    #expect(try ledger.execute("1_a").hasPrefix("f|Rollback failed: not empty|"))
    #expect(try ledger.status(of: "1_a") == "failed")
  }

  @Test func `transaction control in the SQL fails and changes nothing`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run("CREATE TABLE public.t ()")
    try ledger.register("1_a", rollback: "DROP TABLE t; COMMIT")
    #expect(try ledger.execute("1_a").hasPrefix("f|Rollback failed: "))
    #expect(try ledger.value("to_regclass('public.t')") == "t")
    #expect(try ledger.status(of: "1_a") == "failed")
  }

  @Test func `SQL that takes away its own record fails`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "DELETE FROM public.migration_history")
    #expect(
      try ledger.execute("1_a").hasPrefix(
        "f|Rollback failed: migration \"1_a\" is not in the ledger in schema \"public\"|"))
    #expect(try ledger.status(of: "1_a") == "failed")
    try ledger.register("2_b", rollback: "DROP TABLE public.migration_history CASCADE")
    #expect(try ledger.execute("2_b").hasPrefix("f|Rollback failed: "))
    #expect(try ledger.status(of: "2_b") == "failed")
  }
}
