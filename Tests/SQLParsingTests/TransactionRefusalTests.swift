import SQLParsing
import Testing

@Suite("Statements that PostgreSQL refuses in a transaction block")
struct TransactionRefusalTests {
  private func kind(_ sql: String) -> StatementKind? {
    SQLParser.parse(SourceText(sql)).statements.first?.kind
  }

  @Test(
    "Refused, in the server's words",
    arguments: [
      ("CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY"),
      ("DROP INDEX CONCURRENTLY IF EXISTS i", "DROP INDEX CONCURRENTLY"),
      ("REINDEX INDEX CONCURRENTLY i", "REINDEX CONCURRENTLY"),
      ("REINDEX (CONCURRENTLY) TABLE t", "REINDEX CONCURRENTLY"),
      ("REINDEX DATABASE d", "REINDEX DATABASE"),
      ("REINDEX SCHEMA s", "REINDEX SCHEMA"),
      ("REINDEX SYSTEM d", "REINDEX SYSTEM"),
      ("VACUUM", "VACUUM"),
      ("VACUUM (ANALYZE) t", "VACUUM"),
      ("CLUSTER", "CLUSTER"),
      ("CREATE DATABASE d", "CREATE DATABASE"),
      ("DROP DATABASE IF EXISTS d", "DROP DATABASE"),
      ("ALTER DATABASE d SET TABLESPACE s", "ALTER DATABASE SET TABLESPACE"),
      ("CREATE TABLESPACE s LOCATION '/x'", "CREATE TABLESPACE"),
      ("DROP TABLESPACE s", "DROP TABLESPACE"),
      ("ALTER SYSTEM SET work_mem = '1MB'", "ALTER SYSTEM"),
      ("DISCARD ALL", "DISCARD ALL"),
      ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "ALTER TABLE ... DETACH CONCURRENTLY"),
      (
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        "CREATE SUBSCRIPTION ... WITH (create_slot = true)"
      ),
      ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", "ALTER SUBSCRIPTION ... REFRESH"),
      ("ALTER SUBSCRIPTION s SET PUBLICATION p", "ALTER SUBSCRIPTION with refresh"),
      ("DROP SUBSCRIPTION s", "DROP SUBSCRIPTION"),
    ])
  func refused(sql: String, command: String) {
    #expect(
      kind(sql) == .nonTransactional(reason: "\(command) cannot run inside a transaction block"))
  }

  @Test(
    "Allowed",
    arguments: [
      "CREATE INDEX i ON t (a)", "DROP INDEX i", "REINDEX TABLE t", "REINDEX (VERBOSE) INDEX i",
      "REINDEX (CONCURRENTLY false) TABLE t", "ANALYZE", "CLUSTER t USING i",
      "ALTER DATABASE d SET work_mem = '1MB'", "ALTER DATABASE d CONNECTION LIMIT 5",
      "DISCARD TEMP", "ALTER TABLE t DETACH PARTITION p",
      "ALTER TABLE t DETACH PARTITION p FINALIZE",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = off)",
      "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
      "ALTER SUBSCRIPTION s DISABLE", "ALTER TYPE m ADD VALUE 'x'",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
    ])
  func allowed(sql: String) {
    if case .nonTransactional(let reason) = kind(sql) { Issue.record("\(reason)") }
    #expect(kind(sql) != .unknownToParser)
  }
}
