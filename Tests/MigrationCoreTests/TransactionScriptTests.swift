import Testing

@testable import MigrationCore

@Suite("Scripts: the one query string of a transaction")
struct TransactionScriptTests {
  private func step(
    _ name: String, _ sql: String, searchPath: String? = "\"app\"", direction: Direction = .rollback
  ) -> TransactionStep {
    TransactionStep(
      name, sql, direction, origin: .recorded(name: name), searchPath: searchPath)
  }

  private func script(
    _ steps: [TransactionStep], statementTimeout: Int? = nil, check: String? = nil,
    removal: String? = nil, tellsStatements: Bool = false
  ) throws -> TransactionScript {
    var settings = SessionSettings()
    settings.statementTimeoutMilliseconds = statementTimeout
    let work = TransactionWork(
      direction: .rollback, guards: ["SELECT guard()"], steps: steps, removal: removal,
      records: ["SELECT record()"], tellsStatements: tellsStatements)
    return try TransactionScript(
      work, calls: ledgerCalls, check: check, settings: TransactionSettings(settings, nil),
      deferral: "DO $deferral$")
  }

  private func lines(_ script: TransactionScript) -> [String] {
    script.text.replacing(TransactionSettings.safeguards, with: "-- safeguards")
      .split(separator: "\n").map(String.init)
  }

  private let settings = [
    "SET LOCAL lock_timeout = 2000;",
    "SET LOCAL idle_in_transaction_session_timeout = '30s';",
    "-- safeguards;",
  ]
  private let repairs = [
    "SET CONSTRAINTS ALL IMMEDIATE;", "RESET SESSION AUTHORIZATION;", "RESET ROLE;", "RESET ALL;",
  ]

  @Test("From BEGIN to COMMIT, in the contract's order")
  func order() throws {
    let script = try script(
      [step("a", "DROP TABLE a -- all of it")], statementTimeout: 5_000)
    let settings = settings + ["SET LOCAL statement_timeout = 5000;"]
    #expect(
      lines(script)
        == [
          "-- migration-manager: rollback a", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;",
        ] + settings + [
          "SELECT public.migration_lock();",
          "SELECT guard();",
          "SAVEPOINT migration_manager;",
          "SELECT pg_catalog.set_config('search_path', '\"app\"', true);",
          "DROP TABLE a -- all of it",
          ";",
        ] + repairs + settings + ["SELECT record();", "COMMIT;"])
  }

  @Test("Plain definitions follow each other; all is put right before COMMIT")
  func plainSteps() throws {
    let script = try script([
      step("c", "DROP TABLE c"), step("b", "ALTER TABLE a DROP COLUMN b"),
      step("a", "DROP TABLE a", searchPath: nil),
    ])
    #expect(
      Array(lines(script).drop { $0 != "SAVEPOINT migration_manager;" }.dropFirst())
        == [
          "SELECT pg_catalog.set_config('search_path', '\"app\"', true);",
          "DROP TABLE c", ";",
          "DO $$BEGIN RAISE INFO 'migration-manager: step 0'; END$$;",
          "ALTER TABLE a DROP COLUMN b", ";",
          "DO $$BEGIN RAISE INFO 'migration-manager: step 1'; END$$;",
          "RESET search_path;",
          "DROP TABLE a", ";",
        ] + repairs + settings + [
          "DO $$BEGIN RAISE INFO 'migration-manager: step 2'; END$$;",
          "SELECT record();", "COMMIT;",
        ])
  }

  @Test("Other SQL is followed by checks and resets, and constraints are deferred again")
  func otherSteps() throws {
    let script = try script([
      step("d", "DELETE FROM d"), step("c", "DROP TABLE c"), step("b", "DELETE FROM b"),
    ])
    #expect(
      Array(lines(script).drop { $0 != "DELETE FROM d" })
        == ["DELETE FROM d", ";"] + repairs + settings + [
          "DO $$BEGIN RAISE INFO 'migration-manager: step 0'; END$$;",
          "SELECT pg_catalog.set_config('search_path', '\"app\"', true);",
          "DROP TABLE c", ";",
          "DO $$BEGIN RAISE INFO 'migration-manager: step 1'; END$$;",
          "DO $deferral$;",
          "DELETE FROM b", ";",
        ] + repairs + settings + [
          "DO $$BEGIN RAISE INFO 'migration-manager: step 2'; END$$;",
          "SELECT record();", "COMMIT;",
        ])
  }

  @Test("Where the server stopped, by the statements that it completed")
  func stages() throws {
    let script = try script(
      [step("a", "SELECT 1; SELECT 2"), step("b", "SELECT 3")], removal: "DO $remove$")
    // BEGIN, three settings, lock, guard, mark, savepoint, path.
    let leading = 9
    // SET CONSTRAINTS, three RESETs, three settings and the mark.
    let repairs = 8
    func stage(_ completed: Int, inTransaction: Bool = true) -> TransactionStage {
      script.stage(completed: completed, isInTransaction: inTransaction)
    }
    #expect(stage(0, inTransaction: false) == .nothing)
    #expect(stage(0) == .preparation)
    #expect(stage(leading - 1) == .preparation)
    #expect(stage(leading) == .sql(step: 0, statement: 0))
    #expect(stage(leading + 1) == .sql(step: 0, statement: 1))
    #expect(stage(leading + 2) == .constraints(step: 0))
    #expect(stage(leading + 3) == .settling(step: 0))
    let second = leading + 2 + repairs
    // The deferred constraints, then the path again.
    #expect(stage(second) == .settling(step: 1))
    #expect(stage(second + 1) == .preparation)
    #expect(stage(second + 2) == .sql(step: 1, statement: 0))
    #expect(stage(second + 3) == .constraints(step: 1))
    #expect(stage(second + 3 + repairs) == .runnerLedgers)
    #expect(stage(second + 4 + repairs) == .conclusion)
    #expect(stage(second + 5 + repairs) == .conclusion)
    #expect(stage(second + 99) == .conclusion)
  }

  @Test("A position in the string is a place in one migration's SQL", arguments: [false, true])
  func places(inBytes: Bool) throws {
    let first = "SELECT 'äöü€', here"
    let script = try script(
      [step("a", first), step("b", "SELECT 'ß', there")], tellsStatements: true)
    func position(of word: String) throws -> Int {
      let range = try #require(script.text.firstRange(of: word))
      let before = script.text[..<range.lowerBound]
      return (inBytes ? before.utf8.count : before.unicodeScalars.count) + 1
    }
    func place(_ position: Int) throws -> (step: Int, offset: Int) {
      try #require(script.place(at: position, inBytes: inBytes))
    }
    let here = try place(position(of: "here"))
    #expect(here == (0, inBytes ? 21 : 16))
    let there = try place(position(of: "there"))
    #expect(there == (1, inBytes ? 14 : 13))
    // The semicolon behind it is where a statement ends too soon: the last character counts.
    let end = try position(of: ", here\n;") + ", here\n".utf8.count
    let last = try place(end)
    #expect(last == (0, inBytes ? 24 : 19))
    #expect(script.place(at: end + 2, inBytes: inBytes) == nil)
    #expect(script.place(at: 1, inBytes: inBytes) == nil)
  }

  @Test("Each statement is told of, and places are those of the whole")
  func statementMarks() throws {
    let script = try script(
      [step("a", "-- x\nSELECT 1; /* y */ SELECT 2;\n")], tellsStatements: true)
    #expect(
      lines(script).drop { $0 != "-- x" }.prefix(5)
        == [
          "-- x",
          "SELECT 1; /* y */ DO $$BEGIN RAISE INFO 'migration-manager: statement 0 0'; END$$;",
          "SELECT 2;",
          ";",
          "DO $$BEGIN RAISE INFO 'migration-manager: statement 0 1'; END$$;",
        ])
    #expect(script.stage(completed: 10, isInTransaction: true) == .settling(step: 0))
    #expect(script.stage(completed: 11, isInTransaction: true) == .sql(step: 0, statement: 1))
    let before = try #require(script.text.firstRange(of: "SELECT 2")).lowerBound
    let position = script.text[..<before].unicodeScalars.count + 1
    let place = try #require(script.place(at: position, inBytes: false))
    #expect(place == (0, 24))
  }

  @Test("Data of COPY and what is psql's alone are left out, and places are those of the whole")
  func omissions() throws {
    let sql = "\\restrict x\nCOPY a FROM stdin;\nä\n\\.\nSELECT 2;\n\\unrestrict x\n"
    let script = try script([step("a", sql), step("b", "COPY b FROM stdin;\n\\.\n")])
    #expect(
      lines(script).drop { $0 != "COPY a FROM stdin;" }.prefix(3)
        == ["COPY a FROM stdin;", "SELECT 2;", ";"])
    #expect(script.copyData.map(Array.init) == [Array("ä\n".utf8), []])
    let before = try #require(script.text.firstRange(of: "2;")).lowerBound
    for inBytes in [false, true] {
      let start = script.text[..<before]
      let position = (inBytes ? start.utf8.count : start.unicodeScalars.count) + 1
      let place = try #require(script.place(at: position, inBytes: inBytes))
      let source = sql[..<(try #require(sql.firstRange(of: "2;")).lowerBound)]
      #expect(
        place == (0, (inBytes ? source.utf8.count : source.unicodeScalars.count) + 1))
    }
    #expect(script.stage(completed: 10, isInTransaction: true) == .sql(step: 0, statement: 1))
  }

  @Test("A mark is read as it was written")
  func marks() {
    #expect(ProgressMark("migration-manager: step 7") == .step(7))
    #expect(
      ProgressMark("migration-manager: statement 7 8") == .statement(step: 7, statement: 8))
    #expect(ProgressMark("migration-manager: begun") == .begun)
    #expect(ProgressMark("migration-manager: transaction 7") == nil)
    #expect(ProgressMark("step 7") == nil)
  }

  @Test("Who is to blame")
  func blame() {
    let ours: [TransactionStage] = [.nothing, .preparation, .runnerLedgers]
    let theirs: [TransactionStage] = [
      .syntaxError(step: 2), .sql(step: 2, statement: 0), .constraints(step: 2),
      .settling(step: 2),
    ]
    #expect(ours.map { $0.culprit(of: 3) } == [nil, nil, nil])
    #expect(theirs.map { $0.culprit(of: 3) } == [2, 2, 2, 2])
    #expect(TransactionStage.conclusion.culprit(of: 1) == 0)
    #expect(TransactionStage.conclusion.culprit(of: 3) == nil)
    #expect((ours + [.conclusion]).map(\.isOfLedger) == [true, true, true, true])
    #expect(theirs.map(\.isOfLedger) == [false, false, false, false])
  }

  @Test("A late check of the ledger's owners comes before anything of the ledger is called")
  func lateCheck() throws {
    let lines = lines(try script([step("a", "SELECT 1")], check: "DO $check$"))
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
      ("CREATE TEMP TABLE t (); CREATE TABLE u ()", ["CLOSE ALL", "DISCARD TEMP"], []),
      (
        "SELECT pg_advisory_lock(1)", ["SELECT pg_catalog.pg_advisory_unlock_all()"],
        ["SELECT pg_catalog.pg_advisory_unlock_all()"]
      ),
    ])
  func cleanup(sql: String, afterSuccess: [String], afterFailure: [String]) {
    let cleanup = step("a", sql).inspection.cleanup
    #expect(cleanup.afterSuccess == SessionCleanup.always + afterSuccess)
    #expect(
      SessionCleanup.afterFailure(of: [cleanup, cleanup]) == SessionCleanup.always + afterFailure)
  }

  @Test(
    "What is plain leaves nothing behind",
    arguments: [
      ("DROP TABLE a; DROP INDEX b; COMMENT ON TABLE c IS 'd'", true),
      ("ALTER TABLE a DROP COLUMN b, DROP CONSTRAINT c", true),
      ("ALTER TABLE a RENAME COLUMN b TO c", true),
      ("ALTER TABLE a ADD COLUMN b int DEFAULT f()", false),
      ("ALTER TABLE a ALTER COLUMN b TYPE int USING f(b)", false),
      ("CREATE INDEX i ON a (f(b))", false), ("CREATE TABLE a AS SELECT f()", false),
      ("CREATE TEMP TABLE a ()", false), ("DROP EXTENSION a", false),
      ("DELETE FROM a", false), ("SELECT 1", false), ("SET ROLE a", false), ("DO 'x'", false),
      ("REFRESH MATERIALIZED VIEW a", false), ("DROP TABLE a; DRIP TABLE b", false),
    ])
  func plain(sql: String, isPlain: Bool) {
    #expect(step("a", sql).inspection.isPlain == isPlain)
  }
}
