import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Template: what undoes a migration, from its text")
struct RollbackTemplateTests {
  @Test(
    "Statements that the text undoes",
    arguments: [
      ("CREATE TABLE app.Users (id int)", ["DROP TABLE app.Users;"]),
      ("CREATE TABLE \"user\" (id int)", ["DROP TABLE \"user\";"]),
      (
        "CREATE TABLE IF NOT EXISTS t ()",
        ["DROP TABLE t;  -- IF NOT EXISTS: take this out if it was there before"]
      ),
      (
        "CREATE INDEX CONCURRENTLY ON t (a)",
        [
          "DROP INDEX t_a_idx;  -- the name that PostgreSQL gives it, if that was free; "
            + "without CONCURRENTLY, to run in a transaction"
        ]
      ),
      (
        "CREATE FUNCTION f(a int, OUT b text, c varchar(9)[]) LANGUAGE sql AS 'SELECT 1'",
        ["DROP FUNCTION f(int, varchar[]);"]
      ),
      (
        "CREATE FUNCTION f(a INT4, b TEXT[], c timestamp with time zone, d timestamptz, "
          + "e App.Mood, f \"Odd\", g \"char\", h double precision) RETURNS int RETURN 1",
        [
          "DROP FUNCTION f(INT4, TEXT[], timestamptz, timestamptz, App.Mood, \"Odd\", \"char\", "
            + "double precision);"
        ]
      ),
      (
        "GRANT SELECT,\n  UPDATE (a) -- why\n ON t, u TO bob, PUBLIC WITH GRANT OPTION",
        [
          "REVOKE SELECT, UPDATE (a) ON t, u FROM bob, PUBLIC;"
            + "  -- also what was granted before this file"
        ]
      ),
      (
        "grant admin to bob with admin option granted by carol",
        ["REVOKE admin FROM bob granted by carol;  -- also what was granted before this file"]
      ),
      (
        "COMMENT ON COLUMN t.a IS 'it''s; -- x'",
        ["COMMENT ON COLUMN t.a IS NULL;  -- an earlier comment is not brought back"]
      ),
      (
        "ALTER TABLE t ALTER a DROP NOT NULL",
        ["ALTER TABLE t ALTER COLUMN a SET NOT NULL;  -- fails while there are NULLs"]
      ),
      (
        "ALTER TABLE IF EXISTS ONLY app.t ADD COLUMN IF NOT EXISTS a int",
        [
          "ALTER TABLE app.t DROP COLUMN a;"
            + "  -- IF NOT EXISTS: take this out if it was there before"
        ]
      ),
    ])
  func undone(up: String, body: [String]) {
    #expect(template(up).body == body)
    #expect(template(up).todos == [])
  }

  @Test(
    "Statements that it does not",
    arguments: [
      (
        "DROP TABLE a, app.b CASCADE",
        [
          "-- TODO: DROP TABLE app.b (line 1): its definition and its rows are not in this file; nor is what CASCADE dropped",
          "-- TODO: DROP TABLE a (line 1): its definition and its rows are not in this file; nor is what CASCADE dropped",
        ]
      ),
      (
        "DROP FUNCTION IF EXISTS f(int)",
        [
          "-- TODO: DROP FUNCTION IF EXISTS f(int) (line 1): if there was one, it is not brought back"
        ]
      ),
      (
        "ALTER TABLE t DROP COLUMN a",
        [
          "-- TODO: ALTER TABLE t DROP COLUMN a (line 1): its definition and its rows are not in this file"
        ]
      ),
      (
        "ALTER TABLE t ALTER a TYPE text",
        [
          "-- TODO: ALTER TABLE t ALTER COLUMN a TYPE (line 1): the earlier type of a is not in this file"
        ]
      ),
      (
        "ALTER TABLE t ALTER a SET DEFAULT 1",
        [
          "-- TODO: ALTER TABLE t ALTER COLUMN a DEFAULT (line 1): the earlier default of a is not in this file"
        ]
      ),
      (
        "ALTER TABLE t OWNER TO bob",
        ["-- TODO: ALTER TABLE t OWNER TO (line 1): the earlier owner is not in this file"]
      ),
      (
        "ALTER TYPE m ADD VALUE 'x'",
        [
          "-- TODO: ALTER TYPE m ADD VALUE x (line 1): a label cannot be taken out of an enum: the type must be made anew"
        ]
      ),
      (
        "ALTER TABLE t SET SCHEMA app",
        [
          "-- TODO: ALTER TABLE t (line 1): the schema that it came from is not in this file",
          "--   if it was public: ALTER TABLE app.t SET SCHEMA public;",
        ]
      ),
      (
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        [
          "-- TODO: CREATE OR REPLACE FUNCTION f() (line 1): what it replaced is not in this file",
          "--   if it was new: DROP FUNCTION f();",
        ]
      ),
      (
        "ALTER FUNCTION f(int) SET search_path = ''",
        [
          "-- TODO: ALTER FUNCTION f(int) (line 1): the earlier settings are not in this file",
          "--   if it was not set: ALTER FUNCTION f(int) RESET search_path;",
        ]
      ),
      (
        "\n\nDO $$ BEGIN END $$",
        ["-- TODO: DO (line 3): what a DO block does cannot be told from its text"]
      ),
      (
        "INSERT INTO t VALUES ('secret')",
        [
          "-- TODO: INSERT t (line 1): the rows that it adds must be told from those that were there"
        ]
      ),
      (
        "TRUNCATE t",
        ["-- TODO: TRUNCATE TABLE t (line 1): the rows as they were are not in this file"]
      ),
      (
        "COPY t FROM '/tmp/x'",
        ["-- TODO: COPY t (line 1): the rows that it adds must be told from those that were there"]
      ),
      (
        "REVOKE SELECT ON t FROM bob",
        ["-- TODO: REVOKE ON TABLE t (line 1): who had these privileges before is not in this file"]
      ),
      (
        "COMMENT ON TABLE t IS NULL",
        ["-- TODO: COMMENT ON TABLE t (line 1): the comment that it removed is not in this file"]
      ),
      (
        "SELECT cron.schedule('a', 'b', 'c')",
        ["-- TODO: SELECT (line 1): what cron.schedule() changes cannot be told from here"]
      ),
      ("CALL p()", ["-- TODO: CALL (line 1): what it runs cannot be told from here"]),
      (
        "EXPLAIN ANALYZE SELECT 1",
        ["-- TODO: EXPLAIN (line 1): EXPLAIN ANALYZE runs its statement"]
      ),
      (
        "CREATE DATABASE d",
        ["-- TODO: CREATE DATABASE d (line 1): DROP DATABASE cannot run in a transaction"]
      ),
      (
        "ALTER SYSTEM SET x = 1",
        ["-- TODO: ALTER SYSTEM (line 1): its undo cannot be told from its text"]
      ),
      (
        "DROP OWNED BY bob", ["-- TODO: DROP OWNED (line 1): its undo cannot be told from its text"]
      ),
      (
        "SECURITY LABEL ON TABLE t IS 'x'",
        ["-- TODO: SECURITY LABEL (line 1): its undo cannot be told from its text"]
      ),
      (
        "IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b",
        ["-- TODO: IMPORT FOREIGN SCHEMA (line 1): its undo cannot be told from its text"]
      ),
      (
        "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
        ["-- TODO: MERGE t (line 1): the rows as they were are not in this file"]
      ),
      (
        "ROLLBACK",
        [
          "-- TODO: ROLLBACK (line 1): it undoes statements above: take their undo out of this section"
        ]
      ),
      (
        "\\i other.sql",
        [
          "-- TODO: \\i (line 1): psql runs it, and this program does not see what it does"
        ]
      ),
      (
        "CREATE TABEL t ()",
        [
          "-- TODO: CREATE (line 1): the parser of this program (PostgreSQL 15) does not know it: "
            + "syntax error at or near \"TABEL\""
        ]
      ),
      (
        "SELECT 1;\nCREATE TABLE t (\n  a int,\n  b int b\n)",
        [
          "-- TODO: CREATE (line 2): the parser of this program (PostgreSQL 15) does not know it: "
            + "syntax error at or near \"b\" on line 4"
        ]
      ),
      (
        "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2",
        [
          "-- TODO: INSERT t (line 1): the rows as they were are not in this file"
        ]
      ),
      (
        "CLUSTER t USING i",
        [
          "-- TODO: CLUSTER (line 1): the table is marked as clustered: ALTER TABLE ... SET WITHOUT CLUSTER takes that back"
        ]
      ),
      (
        "ALTER TABLE t DETACH PARTITION p",
        ["-- TODO: ALTER TABLE t (line 1): the bounds of the partition are not in this file"]
      ),
      (
        "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
        [
          "-- TODO: ALTER TABLE t (line 1): dropping the constraint drops its index too: create that again",
          "ALTER TABLE t DROP CONSTRAINT c;",
        ]
      ),
    ])
  func left(up: String, body: [String]) {
    #expect(template(up).body == body)
  }

  @Test(
    "Statements that leave nothing behind",
    arguments: [
      "BEGIN; COMMIT", "SET search_path = app", "SET LOCAL lock_timeout = '1s'", "RESET ALL",
      "SELECT 1", "SELECT count(*), now() FROM t", "SHOW all", "LOCK TABLE t", "ANALYZE t",
      "VACUUM",
      "NOTIFY a", "LISTEN a", "EXPLAIN SELECT 1", "REINDEX TABLE t", "CHECKPOINT",
      "REFRESH MATERIALIZED VIEW m", "DISCARD ALL", "SET CONSTRAINTS ALL DEFERRED",
      "COPY t TO stdout",
      "PREPARE p AS DELETE FROM t", "DEALLOCATE p", "SELECT set_config('search_path', '', false)",
      "CREATE TEMP TABLE t (a int); CREATE INDEX ON t (a); INSERT INTO t VALUES (1); DROP TABLE t",
      "CREATE TEMP TABLE t (a int); ALTER TABLE t ADD b int; ALTER TABLE t RENAME TO u; DELETE FROM u",
      "CREATE TABLE t (a int); CREATE INDEX ON t (a); DROP TABLE t",
      "CREATE SCHEMA s; CREATE TABLE s.t (); DROP SCHEMA s CASCADE",
      "ALTER TABLE t ADD a int; ALTER TABLE t DROP COLUMN a", "",
      "CREATE TYPE a AS ENUM (); ALTER TYPE a RENAME TO b; DROP TYPE b",
      "CREATE TABLE a.t (); ALTER TABLE a.t SET SCHEMA b; DROP TABLE b.t",
    ])
  func nothing(up: String) {
    #expect(
      template(up).body
        == ["-- TODO: nothing in this file needs to be undone, as far as its text tells"])
  }

  @Test(
    "What brings a default back",
    arguments: [
      ("ALTER VIEW v SET (security_barrier)", "ALTER VIEW v RESET (security_barrier)"),
      (
        "ALTER INDEX i SET (fillfactor = 70, fastupdate=off)",
        "ALTER INDEX i RESET (fillfactor, fastupdate)"
      ),
      (
        "ALTER MATERIALIZED VIEW m SET (toast.autovacuum_enabled = false)",
        "ALTER MATERIALIZED VIEW m RESET (toast.autovacuum_enabled)"
      ),
      ("ALTER FUNCTION f() SET jit = off", "ALTER FUNCTION f() RESET jit"),
      ("ALTER DATABASE d SET a.b = 'c'", "ALTER DATABASE d RESET a.b"),
      ("ALTER DATABASE d SET work_mem FROM CURRENT", "ALTER DATABASE d RESET work_mem"),
      (
        "ALTER ROLE r IN DATABASE \"D\" SET app.jwt.y TO 'z'",
        "ALTER ROLE r IN DATABASE \"D\" RESET app.jwt.y"
      ),
      ("ALTER FUNCTION f() SET TIME ZONE 'UTC'", "ALTER FUNCTION f() RESET TIME ZONE"),
    ])
  func settingReset(up: String, reset: String) {
    let body = template(up).body
    #expect(body.dropFirst() == ["--   if it was not set: \(reset);"])
    #expect(SQLParser.parse(SourceText(reset)).syntaxError == nil)
  }

  @Test(
    "No command is suggested that there is not",
    arguments: [
      "ALTER DATABASE d SET TABLESPACE fast", "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100",
      "ALTER MATERIALIZED VIEW m SET TABLESPACE fast",
      "ALTER PUBLICATION p SET (publish = 'insert')",
      "ALTER ROLE r SET NAMES 'UTF8'", "ALTER INDEX i SET TABLESPACE fast",
      "ALTER FUNCTION f() RESET ALL", "ALTER VIEW v RESET (security_barrier)",
    ])
  func noSettingReset(up: String) {
    #expect(template(up).body.count == 1)
    #expect(template(up).rollbackSQL == nil)
  }

  @Test("A constraint is validated: one of this file goes, an older one is named")
  func validation() {
    #expect(
      template(
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c"
      ).body == ["ALTER TABLE t DROP CONSTRAINT c;"])
    let earlier = "CREATE TABLE t ();\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID"
    func body(_ up: String) -> [String] {
      let text = SourceText(up)
      let before = SourceText(earlier)
      var migrations = EarlierMigrations()
      migrations.take(SQLParser.parse(before), before, of: MigrationName("1_a"))
      return RollbackTemplate(
        up: SQLParser.parse(text, findingNeeds: true), text: text, earlier: migrations
      ).body
    }
    let reason = "a valid constraint cannot be made NOT VALID: drop it and add it so"
    #expect(
      body("ALTER TABLE t VALIDATE CONSTRAINT c") == [
        "-- TODO: ALTER TABLE t VALIDATE CONSTRAINT c (line 1): \(reason)",
        "--   it was defined in 1_a, line 2",
      ])
    #expect(
      body("ALTER TABLE t VALIDATE CONSTRAINT d") == [
        "-- TODO: ALTER TABLE t VALIDATE CONSTRAINT d (line 1): \(reason)"
      ])
    for up in ["INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t", "TRUNCATE t"] {
      #expect(body(up).count == 1)
    }
  }

  @Test("What goes with an object of the file needs no step of its own")
  func whatGoesAlong() {
    let up = """
      CREATE TABLE app.t (a int, u int REFERENCES users);
      CREATE INDEX ON app.t (a);
      CREATE UNIQUE INDEX one ON app.t (a);
      ALTER TABLE app.t ADD COLUMN b int, ADD CONSTRAINT c CHECK (b > 1), ALTER a SET DEFAULT 1;
      ALTER TABLE app.t ALTER a TYPE bigint, OWNER TO bob;
      ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
      DROP POLICY IF EXISTS p ON app.t;
      CREATE POLICY p ON app.t USING (true);
      CREATE TRIGGER g AFTER INSERT ON app.t EXECUTE FUNCTION touch();
      GRANT SELECT ON app.t TO bob;
      REVOKE ALL ON app.t FROM PUBLIC;
      COMMENT ON COLUMN app.t.a IS 'x';
      INSERT INTO app.t VALUES (1);
      ALTER PUBLICATION feed ADD TABLE app.t;
      """
    #expect(template(up).body == ["DROP TABLE app.t;"])
  }

  @Test("A policy that is dropped and made anew: the new one goes, the old one is named")
  func idempotentPolicy() {
    #expect(
      template("DROP POLICY IF EXISTS \"a b\" ON t; CREATE POLICY \"a b\" ON t USING (true)").body
        == [
          "DROP POLICY \"a b\" ON t;",
          "-- TODO: DROP POLICY IF EXISTS \"a b\" ON t (line 1): if there was one, it is not brought back",
        ])
  }

  @Test("Names that are found along another path at the end of the file get their schema")
  func searchPath() {
    #expect(
      template("SET search_path = app; CREATE TABLE a (); SET search_path = b; CREATE TABLE c ()")
        .body == ["DROP TABLE c;", "DROP TABLE app.a;"])
    #expect(
      template("CREATE TABLE a (); SET search_path = app").body == [
        "-- TODO: CREATE TABLE a (line 1): the file sets search_path after it: write the schema of the name",
        "--   DROP TABLE a;",
      ])
  }

  @Test("What the file drops before it creates it anew is new")
  func droppedBefore() {
    #expect(
      template(
        "DROP FUNCTION IF EXISTS f(int); CREATE OR REPLACE FUNCTION f(a int) RETURNS int RETURN 1;"
          + "DROP INDEX IF EXISTS i; CREATE INDEX IF NOT EXISTS i ON t (a)"
      ).body == [
        "DROP INDEX i;",
        "-- TODO: DROP INDEX IF EXISTS i (line 1): if there was one, it is not brought back",
        "DROP FUNCTION f(int);",
        "-- TODO: DROP FUNCTION IF EXISTS f(int) (line 1): if there was one, it is not brought back",
      ])
  }

  @Test("Statements of one kind that follow each other share a TODO, and each has its line")
  func manyStatements() {
    let up =
      String(repeating: "INSERT INTO t VALUES (1);\n", count: 8) + "INSERT INTO u DEFAULT VALUES"
    #expect(
      template(up).body == [
        "-- TODO: INSERT u (line 9): the rows that it adds must be told from those that were there",
        "-- TODO: INSERT t (lines 1, 2, 3, 4, 5 and 3 more): the rows that it adds must be told from those that were there",
      ])
    #expect(template(up).todos.map(\.line) == Array(1...9))
  }

  @Test("A primary key leaves its columns NOT NULL, and a column of the file goes anyway")
  func primaryKey() {
    #expect(
      template("ALTER TABLE t ADD b int; ALTER TABLE t ADD PRIMARY KEY (a, b)").body == [
        "ALTER TABLE t DROP CONSTRAINT t_pkey;"
          + "  -- the name that PostgreSQL gives it, if that was free",
        "-- TODO: ALTER TABLE t (line 1): the columns of the primary key stay NOT NULL",
        "--   if they were not: ALTER TABLE t ALTER COLUMN a DROP NOT NULL;",
        "ALTER TABLE t DROP COLUMN b;",
      ])
  }

  @Test("Of a statement that does many things, the one that is meant is named")
  func manyThings() {
    let up = "ALTER TABLE t ALTER a SET DEFAULT 1, ALTER b TYPE int, ALTER b SET STATISTICS 9"
    #expect(
      template(up).todos.map(\.statement) == [
        "ALTER TABLE t ALTER COLUMN a DEFAULT", "ALTER TABLE t ALTER COLUMN b TYPE",
        "ALTER TABLE t",
      ])
  }

  @Test("An index that is attached to one of another migration")
  func attachedIndex() {
    #expect(
      template("CREATE INDEX i ON ONLY p (a); ALTER INDEX i ATTACH PARTITION old").body == [
        "-- TODO: ALTER INDEX i (line 1): "
          + "dropping the index drops the attached one too: create that again",
        "DROP INDEX i;",
      ])
  }

  @Test("A name cannot end the comment that it stands in")
  func hostileNames() {
    let up = "DROP TABLE \"x\nDROP TABLE users; --\"; DROP TABLE \"y\r\u{85}z\""
    #expect(template(up).body.allSatisfy { $0.hasPrefix("--") && !$0.contains { $0.isNewline } })
    #expect(template(up).rollbackSQL == nil)
  }
}

/// The template of a script.
func template(_ up: String) -> RollbackTemplate {
  let text = SourceText(up)
  return RollbackTemplate(up: SQLParser.parse(text, findingNeeds: true), text: text)
}
