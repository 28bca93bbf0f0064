import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Units: SQL cut into what runs by itself")
struct UnitScriptTests {
  private func script(_ sql: String) -> UnitScript {
    let text = SourceText(sql)
    return UnitScript(of: SQLParser.parse(text), in: text)
  }

  private func units(_ sql: String) -> [MigrationUnit] { script(sql).units }

  @Test func eachStatementIsOne() {
    let units = units(
      """
      -- Transaction: none
      CREATE TABLE t (a int);

      -- why
      CREATE INDEX CONCURRENTLY i ON t (a); UPDATE t SET a = 1;
      VACUUM t
      """)
    #expect(units.map(\.number) == [1, 2, 3, 4])
    #expect(units.map(\.line) == [2, 5, 5, 6])
    #expect(
      units.map(\.sql) == [
        "CREATE TABLE t (a int)", "CREATE INDEX CONCURRENTLY i ON t (a)",
        String(repeating: " ", count: 38) + "UPDATE t SET a = 1", "VACUUM t",
      ])
    #expect(
      units.map(\.kind) == [
        .transactional,
        .lone(
          .createIndex(
            CreatedIndex(
              name: "i", defaultName: "t_a_idx", table: ObjectName(name: "t"), ifNotExists: false))),
        .transactional, .lone(.repeatable),
      ])
    #expect(units.map(\.statements) == [0..<1, 1..<2, 2..<3, 3..<4])
  }

  @Test func whatStandsBetweenBEGINAndCOMMITIsOne() {
    let script = script(
      "BEGIN;\n  UPDATE t SET a = 1; -- one\n  UPDATE t SET a = 2;\nCOMMIT; VACUUM;\nBEGIN; COMMIT;"
    )
    #expect(script.refusals == [])
    #expect(
      script.units.map(\.sql) == [
        "  UPDATE t SET a = 1; -- one\n  UPDATE t SET a = 2", "        VACUUM",
      ])
    #expect(script.units.map(\.line) == [2, 4])
    #expect(script.units.map(\.statements) == [1..<3, 4..<5])
    #expect(script.units.map(\.kind) == [.transactional, .lone(.repeatable)])
  }

  @Test func settingsHoldForWhatFollows() {
    let units = units(
      """
      SET search_path = app;
      CREATE TABLE a ();
      SET lock_timeout = '5s'; SET ROLE owner;
      CREATE TABLE b ();
      SELECT set_config('search_path', 'other', false);
      CREATE TABLE c ();
      RESET ALL;
      CREATE TABLE d ();
      RESET search_path; RESET ROLE;
      CREATE TABLE e ();
      DISCARD ALL;
      CREATE TABLE f ();
      """)
    #expect(
      units.map { $0.settings.map(\.sql) } == [
        ["SET search_path = app"],
        ["SET search_path = app", "SET lock_timeout = '5s'", "SET ROLE owner"],
        [
          "SET lock_timeout = '5s'", "SET ROLE owner",
          "SELECT set_config('search_path', 'other', false)",
        ],
        ["SET ROLE owner"],
        ["RESET search_path", "RESET ROLE"],
        [],
      ])
    #expect(units[1].settings.map(\.name) == ["search_path", "lock_timeout", "role"])
    #expect(units[1].settings.map(\.line) == [1, 3, 3])
  }

  @Test func settingsInABlockHoldBehindItToo() {
    let units = units("BEGIN; SET search_path = app; SELECT 1; COMMIT; SELECT 2;")
    #expect(units[0].sql == "       SET search_path = app; SELECT 1")
    #expect(units[0].settings == [])
    #expect(units[1].settings.map(\.sql) == ["SET search_path = app"])
  }

  @Test func whatHasNoEffectIsTold() {
    let script = script("SET LOCAL lock_timeout = 1;\nSET TRANSACTION READ ONLY;\nSELECT 1;")
    #expect(
      script.warnings.map(\.message) == [
        "SET LOCAL has no effect outside BEGIN and COMMIT",
        "SET TRANSACTION has no effect outside BEGIN and COMMIT",
      ])
    #expect(script.warnings.map(\.offset) == [0, 28])
    #expect(script.units.map(\.settings) == [[]])
  }

  @Test func theModesOfABlockAreLeftOut() {
    let script = script("START TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;")
    #expect(
      script.warnings.map(\.message) == [
        "what stands behind BEGIN is left out: each transaction is READ COMMITTED"
      ])
    #expect(script.units.map(\.statements) == [1..<2])
  }

  @Test(
    "Refused",
    arguments: [
      ("SELECT 1;\nROLLBACK;", 10, "ROLLBACK in a migration that runs statement by statement"),
      (
        "BEGIN; SAVEPOINT a; COMMIT;", 7,
        "SAVEPOINT in a migration that runs statement by statement"
      ),
      (
        "BEGIN; PREPARE TRANSACTION 'x';", 7,
        "PREPARE TRANSACTION in a migration that runs statement by statement"
      ),
      ("COMMIT;", 0, "COMMIT without a BEGIN before it"),
      ("SELECT 1; BEGIN; SELECT 2;", 10, "BEGIN without a COMMIT after it"),
      ("BEGIN; BEGIN; SELECT 1; COMMIT;", 7, "BEGIN inside of BEGIN and COMMIT"),
      ("BEGIN; VACUUM; COMMIT;", 7, "VACUUM cannot run inside a transaction block"),
      (
        "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT;", 7,
        "CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
      ),
      (
        "BEGIN; COMMIT PREPARED 'x'; COMMIT;", 7,
        "COMMIT PREPARED cannot run inside a transaction block"
      ),
      (
        "DROP INDEX CONCURRENTLY a, b;", 0,
        "DROP INDEX CONCURRENTLY drops one index, not several"
      ),
      (
        "CREATE TEMP TABLE t (); SELECT 1;", 0,
        "what is temporary would be gone before the next statement runs"
      ),
      (
        "PREPARE p AS SELECT 1;", 0,
        "a prepared statement would be gone before the next statement runs"
      ),
      (
        "COPY t FROM stdin; VACUUM;\n1\n\\.\n", 19, "VACUUM between a COPY and its data"
      ),
      (
        "BEGIN; ALTER TYPE m ADD VALUE 'x'; UPDATE t SET m = 'x'; COMMIT;", 52,
        "'x' of type 'm' cannot be used in the transaction that adds it (line 1)"
      ),
    ])
  func refused(sql: String, offset: Int, message: String) throws {
    let refusal = try #require(script(sql).refusals.first)
    #expect(refusal.message == message)
    #expect(refusal.offset == offset)
    #expect(!refusal.hint.isEmpty)
  }

  @Test(
    "Let through",
    arguments: [
      "BEGIN; CREATE TEMP TABLE t (); DROP TABLE t; COMMIT;", "CALL p();",
      "DO $$BEGIN COMMIT; END$$;",
      "ALTER TYPE m ADD VALUE 'x'; UPDATE t SET m = 'x';", "DROP INDEX CONCURRENTLY a;", "",
      "START TRANSACTION; SELECT 1; END;", "BEGIN; SET LOCAL lock_timeout = 1; SELECT 1; COMMIT;",
    ])
  func letThrough(sql: String) {
    #expect(script(sql).refusals == [])
    #expect(script(sql).warnings == [])
  }

  @Test func theDataOfACOPYBelongsToIt() {
    let units = units(
      "COPY t FROM stdin;\n1\n\\.\nSELECT 1;\nCOPY t FROM stdin; SELECT 2;\n2\n\\.\n")
    #expect(
      units.map(\.sql) == [
        "COPY t FROM stdin;\n1\n\\.", "SELECT 1", "COPY t FROM stdin; SELECT 2;\n2\n\\.",
      ])
    #expect(units.map(\.statements) == [0..<1, 1..<2, 2..<4])
  }

  @Test func columnsCountCharacters() {
    let unit = units("SELECT 'äöü€'; SELECT 2;")[1]
    #expect(unit.sql == String(repeating: " ", count: 15) + "SELECT 2")
  }

  @Test func whereAUnitStands() throws {
    let unit = try #require(units("SELECT 1;\n\n SELECT 2;").last)
    #expect(
      unit.origin(in: .file(path: "a.sql", firstLine: 10, prefixes: [3, 0, 4]))
        == .file(path: "a.sql", firstLine: 12, prefixes: [4]))
    #expect(
      unit.origin(in: .recorded(name: "1_a")).location(line: 1, column: 2).description
        == "1_a (recorded):3:2")
    #expect(unit.location(in: .recorded(name: "1_a")).description == "1_a (recorded):3")
  }

  @Test func theChecksumIsOfTheCode() {
    func checksum(_ sql: String) -> String? { units(sql).last?.checksum }
    let plain = checksum("UPDATE t SET a = 1")
    #expect(plain != nil)
    #expect(checksum("-- x\n  UPDATE t\n SET a = 1 /* y */;") == plain)
    #expect(checksum("BEGIN; UPDATE t SET a = 1; COMMIT;") == plain)
    #expect(checksum("SET lock_timeout = 1; UPDATE t SET a = 1") == plain)
    #expect(checksum("UPDATE t SET a = 2") != plain)
    let elsewhere = checksum("SET search_path = app; UPDATE t SET a = 1")
    #expect(elsewhere != plain)
    #expect(checksum("SET  search_path = app; SELECT 1; UPDATE t SET a = 1") == elsewhere)
  }

  @Test func whatTheServerRefusesInATransactionRunsAlone() {
    let units = units("REINDEX TABLE parted; SELECT f(); BEGIN; SELECT 1; SELECT 2; COMMIT;")
    #expect(units[0].alone(tag: "REINDEX")?.lone == .repeatable)
    #expect(units[1].alone(tag: "SELECT")?.lone == .unknowable)
    #expect(units[2].alone(tag: "SELECT") == nil)
  }
}
