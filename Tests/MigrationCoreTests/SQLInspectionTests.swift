import Testing

@testable import MigrationCore

@Suite("Inspection: what must not run, found before it runs")
struct SQLInspectionTests {
  private func inspection(_ sql: String, prefixes: [Int] = []) -> SQLInspection {
    SQLInspection(
      of: sql, .rollback, origin: .file(path: "db/1_a.sql", firstLine: 10, prefixes: prefixes),
      name: "1_a")
  }

  @Test(
    "Refused, each with its place",
    arguments: [
      (
        "DROP TABLE a;\nCOMMIT;", "11:1",
        "COMMIT in the rollback SQL: it runs inside one transaction"
      ),
      ("SELECT 'ä€'; BEGIN;", "10:14", "BEGIN in the rollback SQL: it runs inside one transaction"),
      ("SAVEPOINT a", "10:1", "SAVEPOINT in the rollback SQL: it runs inside one transaction"),
      (
        "  DROP INDEX CONCURRENTLY i;", "10:3",
        "DROP INDEX CONCURRENTLY cannot run inside a transaction block"
      ),
      ("VACUUM a", "10:1", "VACUUM cannot run inside a transaction block"),
      (
        "ALTER SYSTEM SET work_mem = 1", "10:1",
        "ALTER SYSTEM cannot run inside a transaction block"
      ),
      ("DROP TABLE a;\n  \\i b.sql", "11:3", "'\\i b.sql' is a psql command, not SQL"),
      (
        "COPY a FROM stdin;\n1\n", "10:1",
        "COPY ... FROM stdin in the rollback SQL: no line '\\.' ends its data"
      ),
      ("-- nothing\n;", "10:1", "the rollback SQL holds no statement: it would undo nothing"),
      (
        "ALTER ROLE b PASSWORD 'x'", "10:23",
        "a password in the rollback SQL would be kept in the ledger"
      ),
      (
        "CREATE USER MAPPING FOR b SERVER s OPTIONS (password 'x')", "10:54",
        "a password in the rollback SQL would be kept in the ledger"
      ),
    ])
  func refused(sql: String, place: String, message: String) throws {
    let refusal = try #require(inspection(sql).refusals.first)
    #expect(refusal.message == message)
    #expect(refusal.location?.description == "db/1_a.sql:\(place)")
    #expect(refusal.code == .refused)
    #expect(refusal.hint != nil)
  }

  @Test(
    "Let through",
    arguments: [
      "DROP INDEX i", "REFRESH MATERIALIZED VIEW CONCURRENTLY m", "COPY a FROM '/tmp/x'",
      "ALTER ROLE b PASSWORD NULL", "DO $$ BEGIN COMMIT; END $$", "SELECT 'COMMIT;'",
      "MERGE INTO a USING b ON true WHEN NOT MATCHED BY SOURCE THEN DELETE", "DRIP TABLE a",
    ])
  func letThrough(sql: String) {
    #expect(inspection(sql).refusals == [])
    #expect(inspection(sql).statements == [0..<sql.utf8.count])
  }

  @Test("A refusal shows its line with a caret, where uncommenting removed something too")
  func caret() throws {
    let refusal = try #require(
      inspection("-- x\nSELECT 'äöü€'; COMMIT;", prefixes: [3, 3]).refusals.first)
    #expect(refusal.location?.description == "db/1_a.sql:11:19")
    #expect(refusal.details == ["SELECT 'äöü€'; COMMIT;", "               ^"])
  }

  @Test("session_replication_role is warned about, SET LOCAL and set_config too")
  func replicationRole() {
    for sql in [
      "SET session_replication_role = replica", "SET LOCAL session_replication_role TO 'replica'",
      "SELECT set_config('session_replication_role', 'replica', true)",
    ] {
      #expect(
        inspection("DROP TABLE a;\n" + sql).warnings == [
          "db/1_a.sql:11: sets session_replication_role: triggers and foreign keys are not checked"
        ])
    }
    #expect(inspection("SET search_path = app").warnings == [])
  }

  @Test("What is still to be written is warned about: where, its words, and how many more")
  func todos() {
    let template = """
      -- TODO: CREATE OR REPLACE FUNCTION f() (line 3): its old body is not known
      --   CREATE FUNCTION f() ...
      DROP TABLE a; -- todo drop b too
      /* ToDo */
      """
    #expect(
      inspection(template).warnings == [
        "db/1_a.sql:10: the rollback SQL holds a TODO: "
          + "'CREATE OR REPLACE FUNCTION f() (line 3): its old body is not known', and 2 more"
      ])
    for (sql, words) in [
      ("DROP TABLE a; --TODO", ""), ("/*\n * TODO: b\n c\n */ DROP TABLE a", ": 'b'"),
      ("DROP TABLE a; --- TODO(ann): b", ": '(ann): b'"),
      (
        "DROP TABLE a; -- TODO \(String(repeating: "x", count: 101))",
        ": '\(String(repeating: "x", count: 100))...'"
      ),
    ] {
      #expect(
        inspection(sql).warnings == ["db/1_a.sql:10: the rollback SQL holds a TODO\(words)"])
    }
    for sql in [
      "INSERT INTO a VALUES ('-- TODO: x')", "DROP TABLE todo", "SELECT $$\n-- TODO\n$$",
      "DROP TABLE a; -- todos", "DROP TABLE a; -- no TODO", "DROP TABLE a; -- TODO_list",
    ] {
      #expect(inspection(sql).warnings == [])
    }
  }

  @Test("What the grammar does not know is warned about: it may only be newer")
  func syntaxError() {
    #expect(
      inspection("DROP TABEL a;").warnings == [
        "db/1_a.sql:10:6: syntax error at or near \"TABEL\": the server will refuse it, "
          + "unless it is SQL newer than PostgreSQL 15"
      ])
  }

  @Test("All refusals, in the order of their places")
  func order() {
    #expect(
      inspection("COMMIT;\n\\q\nVACUUM;").refusals.compactMap(\.location?.line) == [10, 11, 12])
  }
}
