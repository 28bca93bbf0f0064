import SQLParsing
import Testing

@Suite("Statements that run alone")
struct LoneStatementTests {
  private func lone(_ sql: String) -> LoneStatement? {
    SQLParser.parse(SourceText(sql)).statements.first?.lone
  }

  private func name(_ name: String, in schema: String? = nil) -> ObjectName {
    ObjectName(schema: schema, name: name)
  }

  @Test func anIndexWithAName() {
    #expect(
      lone("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I\" ON app.t (a)")
        == .createIndex(
          CreatedIndex(
            name: "I", defaultName: "t_a_idx", table: name("t", in: "app"), ifNotExists: true,
            isUnique: true)))
  }

  @Test func anIndexThatTheServerNames() {
    #expect(
      lone("CREATE INDEX CONCURRENTLY ON t (a, b)")
        == .createIndex(
          CreatedIndex(name: nil, defaultName: "t_a_b_idx", table: name("t"), ifNotExists: false)))
  }

  @Test(arguments: [
    (
      "DROP INDEX CONCURRENTLY IF EXISTS app.i",
      LoneStatement.dropIndex(
        [ObjectName(schema: "app", name: "i")], ifExists: true, cascade: false)
    ),
    (
      "REINDEX INDEX CONCURRENTLY i",
      .reindex(.index(ObjectName(name: "i")), isConcurrent: true)
    ),
    (
      "REINDEX (CONCURRENTLY) TABLE app.t",
      .reindex(.table(ObjectName(schema: "app", name: "t")), isConcurrent: true)
    ),
    ("REINDEX SCHEMA app", .reindex(.schema("app"), isConcurrent: false)),
    ("REINDEX DATABASE CONCURRENTLY d", .reindex(.database, isConcurrent: true)),
    (
      "ALTER TABLE app.t DETACH PARTITION p CONCURRENTLY",
      .detachPartition(ObjectName(name: "p"), of: ObjectName(schema: "app", name: "t"))
    ),
    ("CREATE DATABASE d", .create(.database, "d")),
    ("DROP DATABASE IF EXISTS d", .drop(.database, "d", ifExists: true)),
    ("CREATE TABLESPACE s LOCATION '/x'", .create(.tablespace, "s")),
    ("DROP TABLESPACE s", .drop(.tablespace, "s", ifExists: false)),
    ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", .create(.subscription, "s")),
    ("DROP SUBSCRIPTION s", .drop(.subscription, "s", ifExists: false)),
    ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", .repeatable),
    ("ALTER SUBSCRIPTION s ADD PUBLICATION p", .unknowable),
    ("VACUUM t", .repeatable),
    ("ALTER SYSTEM SET work_mem = '1MB'", .repeatable),
    ("ALTER DATABASE d SET TABLESPACE s", .repeatable),
    ("DISCARD ALL", .discard),
    ("CALL backfill()", .unknowable),
    ("COMMIT PREPARED 'x'", .unknowable),
  ])
  func whatItIs(sql: String, statement: LoneStatement) {
    #expect(lone(sql) == statement)
  }

  @Test(
    "A DO block that may end its transaction",
    arguments: [
      "DO $$ BEGIN UPDATE t SET a = 1; COMMIT; END $$",
      "DO $$ BEGIN IF true THEN ROLLBACK; END IF; END $$ LANGUAGE plpgsql",
      "DO $$ BEGIN LOOP /* each */ COMMIT; END LOOP; END $$",
      "DO $$ <<a>> BEGIN CALL p(); END $$",
      "DO LANGUAGE plpython3u $$ plpy.commit() $$",
    ])
  func block(sql: String) {
    #expect(lone(sql) == .unknowable)
  }

  @Test(
    "What can run in a transaction",
    arguments: [
      "CREATE INDEX i ON t (a)", "REINDEX TABLE t", "BEGIN", "COMMIT", "DISCARD TEMP",
      "DO $$ BEGIN UPDATE t SET commit = 1; END $$",
      "DO $$ BEGIN RAISE NOTICE 'x; COMMIT;'; -- ; COMMIT;\nEND $$",
      "DO $$ DECLARE rollback int; BEGIN NULL; END $$", "ALTER TYPE m ADD VALUE 'x'",
    ])
  func others(sql: String) {
    #expect(lone(sql) == nil)
  }

  @Test func whatTheServerTakesInNoForm() {
    #expect(
      lone("DROP INDEX CONCURRENTLY a, b")?.limitation
        == "DROP INDEX CONCURRENTLY drops one index, not several")
    #expect(
      lone("DROP INDEX CONCURRENTLY a CASCADE")?.limitation
        == "DROP INDEX CONCURRENTLY knows no CASCADE")
    #expect(lone("DROP INDEX CONCURRENTLY a")?.limitation == nil)
  }

  @Test func constantsThatAreAskedFor() {
    let sql = "INSERT INTO t VALUES ('a', 'b', 'a'::app.mood, U&'a'); COMMENT ON TABLE t IS 'a'"
    let constants = SQLParser.parse(SourceText(sql), findingConstants: ["a"]).statements
      .map { $0.constants.map { "\($0.byteOffset) \($0.value) \($0.type?.description ?? "")" } }
    #expect(constants == [["22 a ", "32 a app.mood", "47 a "], []])
    #expect(SQLParser.parse(SourceText(sql)).statements.allSatisfy { $0.constants.isEmpty })
  }
}
