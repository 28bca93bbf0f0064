import SQLParsing
import Testing

@Suite("What sort of statement it is")
struct StatementKindTests {
  private func kind(_ sql: String) -> StatementKind? {
    let statements = SQLParser.parse(SourceText(sql)).statements
    return statements.count == 1 ? statements.first?.kind : nil
  }

  @Test(
    "Transaction control",
    arguments: [
      ("BEGIN", TransactionControl.begin), ("START TRANSACTION READ ONLY", .begin),
      ("COMMIT", .commit), ("END", .commit), ("ROLLBACK", .rollback), ("ABORT", .rollback),
      ("SAVEPOINT a", .savepoint("a")), ("RELEASE a", .release("a")),
      ("ROLLBACK TO SAVEPOINT a", .rollbackTo("a")),
      ("PREPARE TRANSACTION 'x'", .prepareTransaction("x")),
      ("COMMIT PREPARED 'x'", .commitPrepared("x")),
      ("ROLLBACK PREPARED 'x'", .rollbackPrepared("x")),
    ])
  func transactionControl(sql: String, control: TransactionControl) {
    #expect(kind(sql) == .transactionControl(control))
  }

  @Test(
    "Settings",
    arguments: [
      ("SET search_path = app, \"B\", public", "search_path", ["app", "B", "public"], false),
      ("SET LOCAL Search_Path TO ''", "search_path", [""], true),
      ("SET SCHEMA 'app'", "search_path", ["app"], false),
      ("SET lock_timeout = 10", "lock_timeout", ["10"], false),
      ("SET LOCAL my.x = -1.5", "my.x", ["-1.5"], true),
      ("SET ROLE owner", "role", ["owner"], false),
      ("SET SESSION AUTHORIZATION 'a'", "session_authorization", ["a"], false),
      ("SET TIME ZONE 'UTC'", "timezone", ["UTC"], false),
      ("SET client_encoding = 'UTF8'", "client_encoding", ["UTF8"], false),
      ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "transaction", [], false),
      ("SELECT pg_catalog.set_config('search_path', '', false)", "search_path", [], false),
      (
        "SELECT set_config('search_path', 'a, \"B\"\"c\"', true)", "search_path", ["a", "B\"c"],
        true
      ),
      ("SELECT set_config('lock_timeout', '1s', true)", "lock_timeout", ["1s"], true),
    ])
  func settings(sql: String, name: String, values: [String], isLocal: Bool) {
    #expect(kind(sql) == .setting(name: name, values: values, isLocal: isLocal))
  }

  @Test(
    "Settings that go back to their default",
    arguments: [
      ("SET search_path TO DEFAULT", "search_path", false), ("RESET ROLE", "role", false),
      ("SET LOCAL search_path TO DEFAULT", "search_path", true), ("RESET ALL", "all", false),
    ])
  func defaults(sql: String, name: String, isLocal: Bool) {
    #expect(kind(sql) == .setting(name: name, values: nil, isLocal: isLocal))
  }

  @Test(
    "The other kinds, with their tags",
    arguments: [
      ("COPY t FROM STDIN", StatementKind.copyFromStdin, "COPY"),
      ("COPY t TO STDOUT", .copyToStdout, "COPY"),
      ("COPY (SELECT 1) TO STDOUT", .copyToStdout, "COPY"),
      ("COPY t FROM '/x'", .dataChange, "COPY"),
      ("COPY t TO PROGRAM 'x'", .other, "COPY"),
      ("DO $$ BEGIN END $$", .doBlock, "DO"),
      ("INSERT INTO t VALUES (1)", .dataChange, "INSERT"),
      ("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", .dataChange, "SELECT"),
      ("WITH d AS (SELECT 1) SELECT * FROM d", .query, "SELECT"),
      ("TRUNCATE t", .dataChange, "TRUNCATE TABLE"),
      ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", .dataChange, "REFRESH MATERIALIZED VIEW"),
      ("VALUES (1)", .query, "SELECT"),
      ("SELECT 1 INTO t UNION SELECT 2", .definition, "SELECT INTO"),
      ("SHOW search_path", .query, "SHOW"),
      ("CALL p()", .other, "CALL"),
      ("ANALYZE t", .other, "ANALYZE"),
      ("LOCK TABLE t", .other, "LOCK TABLE"),
      ("SET CONSTRAINTS ALL IMMEDIATE", .other, "SET CONSTRAINTS"),
      ("GRANT SELECT ON t TO r", .definition, "GRANT"),
      ("REVOKE a FROM b", .definition, "REVOKE ROLE"),
      ("COMMENT ON TABLE t IS 'x'", .definition, "COMMENT"),
      ("CREATE TABLE t AS SELECT 1", .definition, "CREATE TABLE AS"),
      ("CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 1", .definition, "CREATE FUNCTION"),
      ("ALTER TABLE t RENAME COLUMN a TO b", .definition, "ALTER TABLE"),
      ("ALTER VIEW v RENAME COLUMN a TO b", .definition, "ALTER VIEW"),
      ("ALTER TYPE m ADD VALUE 'x'", .definition, "ALTER TYPE"),
      ("DROP MATERIALIZED VIEW v", .definition, "DROP MATERIALIZED VIEW"),
      ("CREATE FOREIGN DATA WRAPPER w", .definition, "CREATE FOREIGN DATA WRAPPER"),
      ("DROP FOREIGN DATA WRAPPER w", .definition, "DROP FOREIGN DATA WRAPPER"),
      ("CREAT TABLE t ()", .unknownToParser, "CREAT"),
    ])
  func others(sql: String, kind: StatementKind, tag: String) {
    let statement = SQLParser.parse(SourceText(sql)).statements.first
    #expect(statement?.kind == kind)
    #expect(statement?.tag == tag)
  }
}
