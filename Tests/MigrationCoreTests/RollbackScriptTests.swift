import Testing

@testable import MigrationCore

@Suite("Scripts: the one query string of a rollback")
struct RollbackScriptTests {
  private func script(
    _ sql: String, searchPath: String? = "\"app\"", statementTimeout: Int? = nil,
    check: String? = nil, removal: String? = nil
  ) throws -> RollbackScript {
    var options = SessionOptions()
    options.statementTimeoutMilliseconds = statementTimeout
    let plan = RollbackPlan(
      name: "it's", sql: sql, searchPath: searchPath, sqlChecksum: "c0ffee",
      origin: .recorded(name: "it's"), drift: nil, fileMissing: false, warnings: [], refusal: nil,
      dependents: [])
    return try RollbackScript(
      plan: plan, calls: ledgerCalls, check: check, settings: TransactionSettings(options),
      cleanup: RollbackInspection(of: sql, origin: plan.origin, name: plan.name).cleanup,
      removal: removal, run: anyRun)
  }

  @Test("From BEGIN to COMMIT, in the contract's order")
  func order() throws {
    let script = try script("DROP TABLE a -- all of it", statementTimeout: 5_000)
    let lines = script.text.replacing(TransactionSettings.safeguards, with: "-- safeguards").split(
      separator: "\n"
    ).map(String.init)
    #expect(
      lines == [
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;",
        "SET LOCAL lock_timeout = 2000;",
        "SET LOCAL idle_in_transaction_session_timeout = '30s';",
        "-- safeguards;",
        "SET LOCAL statement_timeout = 5000;",
        "SELECT public.migration_lock();",
        "SELECT public.migration_guard('it''s'::pg_catalog.text, 'c0ffee'::pg_catalog.text);",
        "SAVEPOINT migration_manager;",
        "SELECT pg_catalog.set_config('search_path', '\"app\"', true);",
        "DROP TABLE a -- all of it",
        ";",
        "SET CONSTRAINTS ALL IMMEDIATE;",
        "RESET SESSION AUTHORIZATION;",
        "RESET ROLE;",
        "RESET ALL;",
        "SET LOCAL lock_timeout = 2000;",
        "SET LOCAL idle_in_transaction_session_timeout = '30s';",
        "-- safeguards;",
        "SET LOCAL statement_timeout = 5000;",
        "SELECT public.migration_record_rollback('\(anyRun.id)'::pg_catalog.uuid, "
          + "'it''s'::pg_catalog.text, "
          + "'{\"details\":{},\"host\":\"desk\",\"os_user\":\"ann\",\"tool_version\":\"1\"}'"
          + "::pg_catalog.jsonb);",
        "COMMIT;",
      ])
    #expect(script.leadingStatements == 9)
    #expect(
      String(
        String.UnicodeScalarView(script.text.unicodeScalars.dropFirst(script.leading.characters))
      )
      .hasPrefix("DROP TABLE a -- all of it\n;\n"))
  }

  @Test("Where the server stopped, by the statements that it completed")
  func stages() throws {
    let script = try script("SELECT 1; SELECT 2")
    func stage(_ completed: Int, inTransaction: Bool = true) -> RollbackScript.Stage {
      script.stage(completed: completed, rollbackStatements: 2, isInTransaction: inTransaction)
    }
    #expect(script.leadingStatements == 8)
    #expect(stage(0, inTransaction: false) == .nothing)
    #expect(stage(1) == .preparation)
    #expect(stage(7) == .preparation)
    #expect(stage(8) == .rollbackSQL(statement: 0))
    #expect(stage(9) == .rollbackSQL(statement: 1))
    #expect(stage(10) == .constraints)
    #expect(stage(11) == .conclusion)
    #expect(stage(13) == .conclusion)
  }

  @Test("Rows of other runners' ledgers go last, and the record takes up what went")
  func removal() throws {
    let script = try script("SELECT 1; SELECT 2", removal: "DO $remove$")
    let client =
      #"'{"details":{},"host":"desk","os_user":"ann","tool_version":"1"}'::pg_catalog.jsonb"#
    let removed = "pg_catalog.current_setting('migration_manager.removed_rows')::pg_catalog.jsonb"
    let record = """
      SELECT public.migration_record_rollback('\(anyRun.id)'::pg_catalog.uuid, \
      'it''s'::pg_catalog.text, pg_catalog.jsonb_set(\(client), \
      '{details,runner_ledgers}'::pg_catalog.text[], \(removed), true));
      """
    #expect(script.text.hasSuffix("\nDO $remove$;\n\(record)\nCOMMIT;\n"))
    func stage(_ completed: Int) -> RollbackScript.Stage {
      script.stage(completed: completed, rollbackStatements: 2, isInTransaction: true)
    }
    // SET CONSTRAINTS, three RESETs and three settings stand between.
    #expect(stage(script.leadingStatements + 2) == .constraints)
    #expect(stage(script.leadingStatements + 8) == .conclusion)
    #expect(stage(script.leadingStatements + 9) == .runnerLedgers)
    #expect(stage(script.leadingStatements + 10) == .conclusion)
  }

  @Test("Who is to blame")
  func blame() {
    let ours: [RollbackScript.Stage] = [.nothing, .preparation, .runnerLedgers]
    let theirs: [RollbackScript.Stage] = [
      .syntaxError, .rollbackSQL(statement: 0), .constraints, .conclusion,
    ]
    #expect(ours.map(\.isOfMigration) == [false, false, false])
    #expect(theirs.map(\.isOfMigration) == [true, true, true, true])
    #expect(ours.map(\.isOfLedger) == [true, true, true])
    #expect(theirs.map(\.isOfLedger) == [false, false, false, true])
  }

  @Test("A late check of the ledger's owners comes before anything of the ledger is called")
  func lateCheck() throws {
    let lines = try script("SELECT 1", check: "DO $check$").text.split(separator: "\n")
    let check = try #require(lines.firstIndex(of: "DO $check$;"))
    #expect(lines[check + 1] == "SELECT public.migration_lock();")
  }

  @Test(
    "What SQL leaves in its session is taken away, and nothing else",
    arguments: [
      ("DROP TABLE a", [], []),
      ("PREPARE p AS SELECT 1", ["DEALLOCATE ALL"], ["DEALLOCATE ALL"]),
      ("LISTEN news", ["UNLISTEN *"], []),
      ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", ["CLOSE ALL"], []),
      ("CREATE TEMP TABLE t (); CREATE TABLE u ()", ["DISCARD TEMP"], []),
      (
        "SELECT pg_advisory_lock(1)", ["SELECT pg_catalog.pg_advisory_unlock_all()"],
        ["SELECT pg_catalog.pg_advisory_unlock_all()"]
      ),
    ])
  func cleanup(sql: String, afterSuccess: [String], afterFailure: [String]) {
    let cleanup = RollbackInspection(of: sql, origin: .recorded(name: "a"), name: "a").cleanup
    #expect(cleanup.afterSuccess == SessionCleanup.always + afterSuccess)
    #expect(cleanup.afterFailure == SessionCleanup.always + afterFailure)
  }
}
