import SQLParsing
import Testing

@Suite("What a statement creates")
struct EffectsOfCreationTests {
  @Test(
    "Objects",
    arguments: [
      ("CREATE SCHEMA app", ["+ schema app"]),
      ("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION bob", ["+ schema bob if not exists"]),
      ("CREATE TABLE Users (id int)", ["+ table users"]),
      ("CREATE TABLE IF NOT EXISTS app.\"Users\" ()", ["+ table app.Users if not exists"]),
      ("CREATE UNLOGGED TABLE t ()", ["+ table t"]),
      ("CREATE TABLE p PARTITION OF app.t DEFAULT", ["+ table p"]),
      ("CREATE TABLE t AS SELECT 1", ["+ table t"]),
      ("CREATE TABLE t AS EXECUTE q", ["+ table t"]),
      ("SELECT 1 AS a INTO app.t UNION SELECT 2", ["+ table app.t"]),
      ("CREATE FOREIGN TABLE f (a int) SERVER s", ["+ foreign table f"]),
      ("CREATE VIEW app.v AS SELECT 1", ["+ view app.v"]),
      ("CREATE OR REPLACE VIEW v AS SELECT 1", ["+ view v or replace"]),
      ("CREATE RECURSIVE VIEW v (n) AS SELECT 1", ["+ view v"]),
      (
        "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1",
        ["+ materialized view v if not exists"]
      ),
      ("CREATE UNIQUE INDEX i ON app.t (a)", ["+ index app.i (on app.t)"]),
      ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", ["+ index i if not exists (on t)"]),
      ("CREATE SEQUENCE app.s", ["+ sequence app.s"]),
      ("CREATE TYPE app.mood AS ENUM ('a')", ["+ type app.mood"]),
      ("CREATE TYPE c AS (a int)", ["+ type c"]),
      ("CREATE TYPE r AS RANGE (subtype = int)", ["+ type r"]),
      ("CREATE TYPE app.b", ["+ type app.b"]),
      ("CREATE DOMAIN app.d AS text", ["+ domain app.d"]),
      ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", ["+ extension uuid-ossp if not exists"]),
      (
        "CREATE TRIGGER g BEFORE INSERT ON app.t EXECUTE FUNCTION f()",
        ["+ trigger g of app.t (on app.t)"]
      ),
      ("CREATE POLICY \"my rows\" ON t USING (true)", ["+ policy my rows of t (on t)"]),
      ("CREATE RULE r AS ON DELETE TO t DO NOTHING", ["+ rule r of t (on t)"]),
      ("CREATE STATISTICS app.s ON a, b FROM t", ["+ statistics app.s of t (on t)"]),
      ("CREATE COLLATION app.c (locale = 'C')", ["+ collation app.c"]),
      (
        "CREATE OPERATOR app.@+ (rightarg = int, function = f)",
        ["+ operator app.@+(NONE, integer)"]
      ),
      (
        "CREATE OPERATOR CLASS app.o FOR TYPE int USING btree AS STORAGE int",
        ["+ operator class app.o"]
      ),
      (
        "CREATE TEXT SEARCH CONFIGURATION app.c (copy = simple)",
        ["+ text search configuration app.c"]
      ),
      ("CREATE CAST (text AS app.mood) WITH INOUT", ["+ cast text AS app.mood"]),
      ("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", ["+ event trigger e"]),
      ("CREATE PUBLICATION p FOR ALL TABLES", ["+ publication p"]),
      ("CREATE SERVER s FOREIGN DATA WRAPPER w", ["+ server s"]),
      (
        "CREATE USER MAPPING FOR CURRENT_USER SERVER s",
        [
          "+ user mapping current_user of s (on s)"
        ]
      ),
      ("CREATE ROLE r", ["+ role r"]),
    ])
  func objects(sql: String, effects: [String]) {
    #expect(describedEffects(sql) == effects)
  }

  @Test(
    "Constraints with a name of their own",
    arguments: [
      (
        """
        CREATE TABLE app.t (
          a int CONSTRAINT k PRIMARY KEY, b int CONSTRAINT n NOT NULL CONSTRAINT d DEFAULT 1,
          CONSTRAINT "F" FOREIGN KEY (b) REFERENCES u, CHECK (a > 1))
        """,
        [
          "+ table app.t", "+ constraint k of app.t (on app.t)",
          "+ constraint F of app.t (on app.t)",
        ]
      ),
      (
        "CREATE TABLE IF NOT EXISTS t (a int, CONSTRAINT x EXCLUDE (a WITH =))",
        ["+ table t if not exists", "+ constraint x of t if not exists (on t)"]
      ),
      (
        "CREATE TABLE p PARTITION OF t (CONSTRAINT c CHECK (a > 1)) DEFAULT",
        ["+ table p", "+ constraint c of p (on p)"]
      ),
      (
        "CREATE TEMP TABLE t (a int CONSTRAINT u UNIQUE)",
        ["+ table t temporary", "+ constraint u of t temporary (on t)"]
      ),
      (
        "CREATE DOMAIN app.d AS int CONSTRAINT p CHECK (value > 0) CHECK (value < 9)",
        ["+ domain app.d", "+ constraint p of app.d (on app.d)"]
      ),
      (
        "CREATE SCHEMA app CREATE TABLE t (a int CONSTRAINT c CHECK (a > 1))",
        ["+ schema app", "+ table app.t", "+ constraint c of app.t (on app.t)"]
      ),
    ])
  func constraints(sql: String, effects: [String]) {
    #expect(describedEffects(sql) == effects)
  }

  @Test(
    "What lives for the session only is temporary",
    arguments: [
      ("CREATE TEMP TABLE t ()", ["+ table t temporary"]),
      ("CREATE TABLE pg_temp.t ()", ["+ table pg_temp.t temporary"]),
      ("CREATE TEMPORARY VIEW v AS SELECT 1", ["+ view v temporary"]),
      ("CREATE TEMP SEQUENCE s", ["+ sequence s temporary"]),
      ("SELECT 1 INTO TEMP t", ["+ table t temporary"]),
      ("CREATE TEMP TABLE t AS SELECT 1", ["+ table t temporary"]),
      ("CREATE INDEX i ON pg_temp.t (a)", ["+ index pg_temp.i temporary (on pg_temp.t)"]),
      ("CREATE FUNCTION pg_temp.f() RETURNS int RETURN 1", ["+ function pg_temp.f() temporary"]),
    ])
  func temporary(sql: String, effects: [String]) {
    #expect(describedEffects(sql) == effects)
  }

  @Test("The elements of CREATE SCHEMA stand in that schema")
  func schemaElements() {
    let sql = """
      CREATE SCHEMA app
        CREATE TABLE t (a int)
        CREATE VIEW v AS SELECT 1
        CREATE INDEX i ON t (a)
        CREATE SEQUENCE s
        CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()
      """
    #expect(
      describedEffects(sql) == [
        "+ schema app", "+ table app.t", "+ view app.v", "+ index app.i (on app.t)",
        "+ sequence app.s", "+ trigger g of app.t (on app.t)",
      ])
  }

  @Test(
    "Routines are told apart by the types of their input arguments",
    arguments: [
      ("f()", "function f()"),
      ("app.f(a int, b varchar(10) DEFAULT 'x')", "function app.f(integer, character varying)"),
      ("f(IN int8, OUT x text, INOUT y bool)", "function f(bigint, boolean)"),
      ("f(VARIADIC a numeric(5,2)[])", "function f(numeric[])"),
      (
        "f(app.mood, \"Mood\", \"char\", char)",
        "function f(app.mood, \"Mood\", \"char\", character)"
      ),
      (
        "f(timestamptz, double precision, int4[][])",
        "function f(timestamp with time zone, double precision, integer[])"
      ),
      ("f(\"any\", \"größe\", \"user\")", "function f(\"any\", \"größe\", \"user\")"),
      ("f(t.c%TYPE)", "function f(t.c%TYPE)"),
      ("f(pg_catalog.int2, json)", "function f(smallint, json)"),
    ])
  func functions(declaration: String, object: String) {
    let sql = "CREATE FUNCTION \(declaration) RETURNS int AS 'x' LANGUAGE sql"
    #expect(describedEffects(sql) == ["+ \(object)"])
  }

  @Test("Procedures, table functions and aggregates")
  func otherRoutines() {
    #expect(
      describedEffects("CREATE OR REPLACE PROCEDURE p(a int) AS 'x' LANGUAGE sql") == [
        "+ procedure p(integer) or replace"
      ])
    #expect(
      describedEffects("CREATE FUNCTION f(a int) RETURNS TABLE (b text) AS 'x' LANGUAGE sql") == [
        "+ function f(integer)"
      ])
    #expect(
      describedEffects("CREATE AGGREGATE app.a(int, text) (sfunc = f, stype = int)") == [
        "+ aggregate app.a(integer, text)"
      ])
    #expect(
      describedEffects("CREATE AGGREGATE a(*) (sfunc = f, stype = int)") == [
        "+ aggregate a()"
      ])
    #expect(
      describedEffects("CREATE AGGREGATE a (basetype = 'ANY', sfunc = f, stype = int)") == [
        "+ aggregate a()"
      ])
    #expect(
      describedEffects("CREATE AGGREGATE a (basetype = int, sfunc = f, stype = int)") == [
        "+ aggregate a(integer)"
      ])
  }

  @Test(
    "Statements that create nothing",
    arguments: [
      "SELECT 1", "DO $$ BEGIN CREATE TABLE t (); END $$", "SET search_path = app",
      "REFRESH MATERIALIZED VIEW v",
    ])
  func nothing(sql: String) {
    #expect(describedEffects(sql) == [])
  }
}

/// What a script does to objects, in short: `+ table t`, `- table t cascade`, `t -> u`, `~ table t`.
func describedEffects(_ sql: String) -> [String] {
  SQLParser.parse(SourceText(sql)).statements.flatMap(\.effects).map { effect in
    switch effect {
    case .creates(let object, let isTemporary, let ifNotExists, let orReplace):
      "+ \(object)" + (isTemporary ? " temporary" : "") + (ifNotExists ? " if not exists" : "")
        + (orReplace ? " or replace" : "") + (object.owner.map { " (on \($0))" } ?? "")
    case .drops(let object, let ifExists, let cascade):
      "- \(object)" + (ifExists ? " if exists" : "") + (cascade ? " cascade" : "")
    case .renames(let object, let name): "\(object) -> \(name)"
    case .moves(let object, let schema): "\(object) => \(schema)"
    case .alters(let object, .parts): "~ \(object)"
    case .alters(let object, let alteration): "~ \(object) \(alteration)"
    }
  }
}
