import SQLParsing
import Testing

@testable import MigrationCore

@Suite("What one transaction does not allow, and how to ask for another way")
struct SingleTransactionTests {
  private func refusals(
    _ sql: String, _ direction: Direction = .up, mode: TransactionMode = .single,
    path: String = "db/1_a.sql"
  ) -> [ErrorReport] {
    SQLInspection(
      of: sql, direction, mode: mode, origin: .file(path: path, firstLine: 1, prefixes: []),
      name: "1_a"
    ).refusals
  }

  private let header =
    "put '-- Transaction: none' into the file's header: its statements then run one by one"
  private let marker =
    "write '-- ROLLBACK START (no transaction)': its statements then run one by one"

  @Test func theHintIsTheDirective() {
    let sql = "CREATE INDEX CONCURRENTLY i ON t (a);"
    #expect(refusals(sql).map(\.hint) == [header])
    #expect(refusals(sql, .rollback).map(\.hint) == [marker])
    #expect(refusals(sql, .rollback, path: "db/1_a.down.sql").map(\.hint) == [header])
    #expect(refusals(sql, .rollback, path: "db/1_a/down.sql").map(\.hint) == [header])
    let recorded = SQLInspection(
      of: sql, .rollback, origin: .recorded(name: "1_a"), name: "1_a"
    ).refusals
    #expect(
      recorded.map(\.hint) == [marker + "; and run 'migration-manager register 1_a'"])
  }

  @Test(
    "What another tool is told is named",
    arguments: [
      "-- +goose NO TRANSACTION", "-- atlas:txmode none", "-- migrate:up transaction:false",
      "-- disable-transaction", "-- no transaction", "-- +migrate Up notransaction",
      "-- Transaction: none", "--executeInTransaction=false",
    ])
  func nearMisses(comment: String) {
    #expect(
      refusals("SELECT 1;\n\(comment)\nVACUUM;").map(\.hint) == [
        "line 2, '\(comment)', does not say so here: \(header)"
      ])
  }

  @Test func otherCommentsAreNotNamed() {
    for comment in ["-- a transaction", "-- transactions of none", "/* no transaction */"] {
      #expect(refusals("\(comment)\nVACUUM;").map(\.hint) == [header])
    }
  }

  @Test func severalIndexesAreDroppedInNoWay() {
    let sql = "DROP INDEX CONCURRENTLY a, b;"
    let message = "DROP INDEX CONCURRENTLY drops one index, not several"
    #expect(refusals(sql).map(\.message) == [message])
    #expect(
      refusals(sql).map(\.hint) == [
        "write a statement for each index, without CASCADE; \(header)"
      ])
    #expect(refusals(sql, mode: .none).map(\.message) == [message])
    #expect(
      refusals(sql, mode: .none).map(\.hint) == [
        "write a statement for each index, without CASCADE"
      ])
  }

  @Test func BEGINBesideWhatCannotRunInOne() {
    #expect(
      refusals("BEGIN; SELECT 1; COMMIT; VACUUM;").map(\.hint) == [
        "remove it; or \(header)", "remove it; or \(header)", header,
      ])
    #expect(refusals("SELECT 1; COMMIT;").map(\.hint) == ["remove it"])
  }

  @Test func statementByStatementTheyAreAllowed() {
    let sql = "CREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM;\nBEGIN; SELECT 1; COMMIT;"
    let inspection = SQLInspection(
      of: sql, .up, mode: .none, origin: .recorded(name: "1_a"), name: "1_a")
    #expect(inspection.refusals == [])
    #expect(inspection.units.map(\.line) == [1, 2, 3])
    #expect(
      SQLInspection(of: "SELECT 1", .up, origin: .recorded(name: "1_a"), name: "1_a").units == [])
  }

  @Test func statementByStatementHasRefusalsAndWarningsOfItsOwn() throws {
    let refusal = try #require(refusals("SELECT 1;\n  ROLLBACK;", mode: .none).first)
    #expect(refusal.message == "ROLLBACK in a migration that runs statement by statement")
    #expect(refusal.location?.description == "db/1_a.sql:2:3")
    #expect(refusal.details == ["  ROLLBACK;", "  ^"])
    let inspection = SQLInspection(
      of: "\nSET LOCAL work_mem = 1;", .up, mode: .none,
      origin: .file(path: "db/1_a.sql", firstLine: 1, prefixes: []), name: "1_a")
    #expect(
      inspection.warnings == ["db/1_a.sql:2: SET LOCAL has no effect outside BEGIN and COMMIT"])
  }

  // MARK: A value of an enum

  @Test(
    "A value that is used in the transaction that adds it",
    arguments: [
      ("ALTER TYPE mood ADD VALUE 'x';\nUPDATE t SET m = 'x';", 18),
      ("ALTER TYPE mood ADD VALUE 'x';\nSELECT 'x'::app.mood;", 8),
      ("ALTER TYPE mood ADD VALUE 'x';\nALTER TABLE t ALTER m SET DEFAULT 'x';", 35),
      ("ALTER TYPE mood ADD VALUE 'x';\nCREATE INDEX ON t (m) WHERE m <> 'x';", 34),
      ("ALTER TYPE mood ADD VALUE 'x';\nALTER TABLE t ADD CHECK (m IN ('y', 'x'));", 37),
    ])
  func use(sql: String, column: Int) throws {
    let refusal = try #require(refusals(sql).first)
    #expect(
      refusal.message
        == "'x' of type 'mood' cannot be used in the transaction that adds it (line 1)")
    #expect(refusal.location == ErrorReport.Location(file: "db/1_a.sql", line: 2, column: column))
    #expect(
      refusal.hint
        == "add the value in a migration of its own, before this one; or \(header)")
    #expect(refusals(sql, .rollback).first?.hint == marker)
    #expect(refusals(sql, mode: .none) == [])
  }

  @Test(
    "No such use",
    arguments: [
      "UPDATE t SET m = 'x'; ALTER TYPE mood ADD VALUE 'x';",
      "ALTER TYPE mood ADD VALUE 'x'; UPDATE t SET m = 'y';",
      "ALTER TYPE mood ADD VALUE 'x'; UPDATE t SET a = 'x'::text;",
      "ALTER TYPE mood ADD VALUE 'x'; COMMENT ON TYPE mood IS 'x';",
      "ALTER TYPE mood ADD VALUE 'x'; ALTER TYPE mood ADD VALUE 'y' AFTER 'x';",
      "ALTER TYPE mood ADD VALUE 'x'; ALTER TYPE mood RENAME VALUE 'x' TO 'z';",
      "ALTER TYPE mood ADD VALUE 'x'; SET app.name = 'x';",
      "ALTER TYPE mood ADD VALUE 'x'; CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$SELECT 'x'$$;",
      "CREATE TYPE mood AS ENUM (); ALTER TYPE mood ADD VALUE 'x'; SELECT 'x'::mood;",
      "ALTER TYPE mood ADD VALUE 'x'; SELECT 1;", "ALTER TYPE mood ADD VALUE 'x'",
    ])
  func noUse(sql: String) {
    #expect(refusals(sql) == [])
  }

  @Test func eachValueIsToldOnce() {
    let sql = "ALTER TYPE m ADD VALUE 'a'; ALTER TYPE m ADD VALUE 'b'; SELECT 'a', 'b', 'a';"
    #expect(refusals(sql).compactMap(\.location?.column) == [64, 69])
  }
}
