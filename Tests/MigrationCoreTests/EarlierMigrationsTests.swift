import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Template: what earlier migrations tell")
struct EarlierMigrationsTests {
  @Test("Earlier migrations tell what was there, and where it was defined")
  func earlierMigrations() {
    var earlier = EarlierMigrations()
    let old = """
      CREATE TABLE t (a int);

      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE INDEX gone ON t (a); DROP INDEX gone;
      """
    earlier.take(parsed(old), SourceText(old), of: MigrationName("1_old"))
    let up = """
      CREATE TABLE IF NOT EXISTS public.t (a int);
      CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
      CREATE INDEX IF NOT EXISTS gone ON t (a);
      DROP TABLE t;
      """
    let text = SourceText(up)
    let template = RollbackTemplate(
      up: SQLParser.parse(text, findingNeeds: true), text: text, earlier: earlier)
    #expect(
      template.body == [
        "-- TODO: DROP TABLE t (line 4): its definition and its rows are not in this file",
        "--   it was defined in 1_old, line 1",
        "DROP INDEX gone;  -- IF NOT EXISTS: take this out if it was there before",
        "-- TODO: CREATE OR REPLACE FUNCTION f() (line 2): what it replaced must come back",
        "--   it was defined in 1_old, line 3",
        "-- TODO: CREATE TABLE public.t (line 1): it was there already",
        "--   it was defined in 1_old, line 1; if it was not: DROP TABLE public.t;",
      ])
  }

  /// The body for a migration that follows another one.
  private func body(_ up: String, after old: String) -> [String] {
    var earlier = EarlierMigrations()
    let oldText = SourceText(old)
    earlier.take(SQLParser.parse(oldText), oldText, of: MigrationName("1_old"))
    let text = SourceText(up)
    return RollbackTemplate(
      up: SQLParser.parse(text, findingNeeds: true), text: text, earlier: earlier
    ).body
  }

  @Test("A column that came with its table is not dropped because of IF NOT EXISTS")
  func columnThatWasThere() {
    let up = "ALTER TABLE u ADD COLUMN IF NOT EXISTS a int, ADD COLUMN IF NOT EXISTS b int"
    let body = body(up, after: "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u")
    #expect(
      body == [
        "ALTER TABLE u DROP COLUMN b;  -- IF NOT EXISTS: take this out if it was there before",
        "-- TODO: ALTER TABLE u ADD COLUMN a (line 1): it was there already",
        "--   it was defined in 1_old, line 1; if it was not: ALTER TABLE u DROP COLUMN a;",
      ])
  }

  @Test(
    "What PostgreSQL named in an earlier migration keeps its name",
    arguments: [
      "CREATE TABLE t (a int CHECK (a > 0) UNIQUE REFERENCES t, UNIQUE (a, b)); CREATE INDEX ON t (a)",
      """
      CREATE TABLE t (a int); ALTER TABLE t ADD CHECK (a > 0), ADD UNIQUE (a), ADD UNIQUE (a, b);
      ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t; CREATE INDEX t_a_idx ON t (b)
      """,
      """
      CREATE TABLE s (); ALTER TABLE s ADD a int CONSTRAINT t_a_check CHECK (a > 0);
      ALTER TABLE s RENAME TO t; CREATE INDEX t_a_idx ON other (a);
      ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a), ADD CONSTRAINT t_a_b_key UNIQUE (a, b),
        ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES t
      """,
    ])
  func takenNames(old: String) {
    let up = """
      ALTER TABLE t ADD CHECK (a > 5), ADD UNIQUE (a), ADD UNIQUE (a, b);
      ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t; CREATE INDEX ON t (a);
      """
    let remark = "  -- the name that PostgreSQL gives it, if that was free"
    #expect(
      body(up, after: old) == [
        "DROP INDEX t_a_idx1;" + remark, "ALTER TABLE t DROP CONSTRAINT t_a_fkey1;" + remark,
        "ALTER TABLE t DROP CONSTRAINT t_a_b_key1;" + remark,
        "ALTER TABLE t DROP CONSTRAINT t_a_key1;" + remark,
        "ALTER TABLE t DROP CONSTRAINT t_a_check1;" + remark,
      ])
    #expect(
      body("ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CHECK (a > 5)", after: old).first
        == "ALTER TABLE t DROP CONSTRAINT t_a_check;" + remark)
  }
}
