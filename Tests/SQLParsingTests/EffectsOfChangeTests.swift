import SQLParsing
import Testing

@Suite("What a statement drops, renames, moves and alters")
struct EffectsOfChangeTests {
  @Test(
    "Drops",
    arguments: [
      ("DROP TABLE a, app.\"B\" CASCADE", ["- table a cascade", "- table app.B cascade"]),
      ("DROP TABLE IF EXISTS t", ["- table t if exists"]),
      ("DROP VIEW app.v", ["- view app.v"]),
      ("DROP MATERIALIZED VIEW v", ["- materialized view v"]),
      ("DROP INDEX CONCURRENTLY app.i", ["- index app.i"]),
      ("DROP SEQUENCE s", ["- sequence s"]),
      ("DROP SCHEMA app CASCADE", ["- schema app cascade"]),
      ("DROP FOREIGN TABLE f", ["- foreign table f"]),
      ("DROP FUNCTION app.f(int, OUT text), g", ["- function app.f(integer)", "- function g"]),
      ("DROP FUNCTION f()", ["- function f()"]),
      ("DROP PROCEDURE p(int)", ["- procedure p(integer)"]),
      ("DROP ROUTINE r", ["- routine r"]),
      ("DROP AGGREGATE a(*)", ["- aggregate a()"]),
      ("DROP TYPE app.mood", ["- type app.mood"]),
      ("DROP DOMAIN d", ["- domain d"]),
      ("DROP TRIGGER g ON app.t", ["- trigger g of app.t"]),
      ("DROP POLICY IF EXISTS p ON t", ["- policy p of t if exists"]),
      ("DROP RULE r ON t", ["- rule r of t"]),
      ("DROP EXTENSION e", ["- extension e"]),
      ("DROP CAST (text AS int)", ["- cast text AS integer"]),
      ("DROP TRANSFORM FOR a LANGUAGE b", ["- transform FOR a LANGUAGE b"]),
      ("DROP OPERATOR CLASS app.o USING btree", ["- operator class app.o"]),
      ("DROP OPERATOR app.+ (int, int)", ["- operator app.+(integer, integer)"]),
      ("DROP TEXT SEARCH PARSER app.p", ["- text search parser app.p"]),
      ("DROP USER a, b", ["- role a", "- role b"]),
      ("DROP USER MAPPING FOR u SERVER s", ["- user mapping u of s"]),
      ("DROP SUBSCRIPTION s", ["- subscription s"]),
    ])
  func drops(sql: String, effects: [String]) {
    #expect(describedEffects(sql) == effects)
  }

  @Test(
    "Commands of ALTER TABLE",
    arguments: [
      ("ADD a int", ["+ column a of app.t (on app.t)"]),
      ("ADD COLUMN IF NOT EXISTS a int", ["+ column a of app.t if not exists (on app.t)"]),
      (
        "DROP a, DROP COLUMN IF EXISTS b CASCADE",
        [
          "- column a of app.t", "- column b of app.t if exists cascade",
        ]
      ),
      ("ADD CONSTRAINT c CHECK (a > 1)", ["+ constraint c of app.t (on app.t)"]),
      ("ADD CHECK (a > 1)", ["~ table app.t addsUnnamed(constraint t_a_check of app.t)"]),
      (
        "ADD a int CONSTRAINT c CHECK (a > 1) CONSTRAINT d NOT NULL",
        ["+ column a of app.t (on app.t)", "+ constraint c of app.t (on app.t)"]
      ),
      (
        "ADD CONSTRAINT c UNIQUE USING INDEX i",
        [
          "+ constraint c of app.t (on app.t)", "index app.i -> c",
        ]
      ),
      ("DROP CONSTRAINT c", ["- constraint c of app.t"]),
    ])
  func tableCommands(command: String, effects: [String]) {
    #expect(describedEffects("ALTER TABLE app.t \(command)") == ["~ table app.t"] + effects)
  }

  @Test(
    "Commands of ALTER TABLE that are about no part",
    arguments: [
      ("ALTER a TYPE text, OWNER TO bob", ["columnType(column: \"a\")", "owner"]),
      ("ENABLE ROW LEVEL SECURITY", ["rowSecurity(isEnabled: true)"]),
      ("NO FORCE ROW LEVEL SECURITY", ["forcedRowSecurity(isForced: false)"]),
      ("ALTER a SET NOT NULL", ["notNull(column: Optional(\"a\"), isSet: true)"]),
      ("ALTER a ADD GENERATED ALWAYS AS IDENTITY", ["identity(column: \"a\")"]),
      ("DISABLE TRIGGER USER", ["trigger(SQLParsing.TriggerChoice.user, isEnabled: false)"]),
      ("ENABLE RULE r", ["rule(\"r\", isEnabled: true)"]),
      ("INHERIT app.p", ["inheritance(app.p, isAdded: true)"]),
      ("DETACH PARTITION p", ["partition(p, isAttached: false)"]),
      ("VALIDATE CONSTRAINT c", ["validation(constraint: \"c\")"]),
      ("SET (fillfactor = 70)", ["settings"]),
      ("SET UNLOGGED", ["logging(isLogged: false)"]),
      ("REPLICA IDENTITY FULL", ["other"]),
    ])
  func tableAlterations(command: String, alterations: [String]) {
    #expect(
      describedEffects("ALTER TABLE app.t \(command)")
        == alterations.map { "~ table app.t \($0)" })
  }

  @Test(
    "Rows, privileges and comments",
    arguments: [
      ("INSERT INTO t VALUES (1)", ["~ table t rows(columns: nil)"]),
      ("UPDATE app.t SET a = 1, b = 2", ["~ table app.t rows(columns: Optional([\"a\", \"b\"]))"]),
      (
        "WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone",
        ["~ table a rows(columns: nil)", "~ table b rows(columns: nil)"]
      ),
      ("WITH d AS (DELETE FROM a RETURNING 1) SELECT * FROM d", ["~ table a rows(columns: nil)"]),
      ("TRUNCATE a, b", ["~ table a rows(columns: nil)", "~ table b rows(columns: nil)"]),
      ("COPY t FROM stdin", ["~ table t rows(columns: nil)"]),
      ("COPY t TO stdout", []),
      ("GRANT SELECT (a) ON t, app.u TO r", ["~ table t privileges", "~ table app.u privileges"]),
      ("REVOKE ALL ON FUNCTION f(int) FROM r", ["~ function f(integer) privileges"]),
      (
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA a, b TO r",
        ["~ schema a privileges", "~ schema b privileges"]
      ),
      ("GRANT admin TO bob", ["~ role admin privileges"]),
      ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r", []),
      ("COMMENT ON COLUMN app.t.a IS 'x'", ["~ column a of app.t comment"]),
      ("COMMENT ON CONSTRAINT c ON DOMAIN app.d IS NULL", ["~ constraint c of app.d comment"]),
      ("COMMENT ON FUNCTION f(int) IS 'x'", ["~ function f(integer) comment"]),
      ("ALTER SEQUENCE s OWNED BY app.t.a", ["~ sequence s ownedBy(app.t, column: \"a\")"]),
      ("ALTER SEQUENCE s OWNED BY NONE", ["~ sequence s other"]),
      (
        "CREATE SEQUENCE s OWNED BY t.a",
        ["+ sequence s", "~ sequence s ownedBy(t, column: \"a\")"]
      ),
    ])
  func otherAlterations(sql: String, effects: [String]) {
    #expect(describedEffects(sql) == effects)
  }

  @Test(
    "Renames",
    arguments: [
      ("ALTER TABLE app.t RENAME TO u", "table app.t -> u"),
      ("ALTER TABLE t RENAME a TO b", "column a of t -> b"),
      ("ALTER VIEW v RENAME COLUMN a TO b", "column a of v -> b"),
      ("ALTER TABLE t RENAME CONSTRAINT a TO b", "constraint a of t -> b"),
      ("ALTER DOMAIN app.d RENAME CONSTRAINT a TO b", "constraint a of app.d -> b"),
      ("ALTER INDEX app.i RENAME TO j", "index app.i -> j"),
      ("ALTER MATERIALIZED VIEW v RENAME TO w", "materialized view v -> w"),
      ("ALTER SEQUENCE s RENAME TO r", "sequence s -> r"),
      ("ALTER SCHEMA a RENAME TO b", "schema a -> b"),
      ("ALTER FUNCTION app.f(int) RENAME TO g", "function app.f(integer) -> g"),
      ("ALTER PROCEDURE p RENAME TO q", "procedure p -> q"),
      ("ALTER TYPE app.m RENAME TO n", "type app.m -> n"),
      ("ALTER DOMAIN d RENAME TO e", "domain d -> e"),
      ("ALTER TYPE c RENAME ATTRIBUTE a TO b", "attribute a of c -> b"),
      ("ALTER TRIGGER g ON t RENAME TO h", "trigger g of t -> h"),
      ("ALTER POLICY p ON app.t RENAME TO q", "policy p of app.t -> q"),
      ("ALTER SERVER s RENAME TO r", "server s -> r"),
      ("ALTER ROLE a RENAME TO b", "role a -> b"),
      ("ALTER OPERATOR FAMILY app.f USING btree RENAME TO g", "operator family app.f -> g"),
    ])
  func renames(sql: String, effect: String) {
    #expect(describedEffects(sql) == [effect])
  }

  @Test(
    "Moves to another schema",
    arguments: [
      ("ALTER TABLE t SET SCHEMA app", "table t => app"),
      ("ALTER TABLE a.t SET SCHEMA b", "table a.t => b"),
      ("ALTER VIEW v SET SCHEMA app", "view v => app"),
      ("ALTER FUNCTION f(int) SET SCHEMA app", "function f(integer) => app"),
      ("ALTER TYPE m SET SCHEMA app", "type m => app"),
      ("ALTER EXTENSION e SET SCHEMA app", "extension e => app"),
      ("ALTER TEXT SEARCH DICTIONARY a.d SET SCHEMA b", "text search dictionary a.d => b"),
    ])
  func moves(sql: String, effect: String) {
    #expect(describedEffects(sql) == [effect])
  }

  @Test(
    "Alterations",
    arguments: [
      (
        "ALTER TYPE app.m ADD VALUE 'x' BEFORE 'y'",
        ["~ type app.m", "+ enum label x of app.m (on app.m)"]
      ),
      (
        "ALTER TYPE m ADD VALUE IF NOT EXISTS 'Not Yet'",
        ["~ type m", "+ enum label Not Yet of m if not exists (on m)"]
      ),
      ("ALTER TYPE m RENAME VALUE 'x' TO 'y'", ["~ type m", "enum label x of m -> y"]),
      ("ALTER TYPE c ADD ATTRIBUTE a int", ["~ type c", "+ attribute a of c (on c)"]),
      (
        "ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 1)",
        [
          "~ domain d", "+ constraint c of d (on d)",
        ]
      ),
      ("ALTER DOMAIN d DROP CONSTRAINT c", ["~ domain d", "- constraint c of d"]),
      ("ALTER FUNCTION f(int) OWNER TO bob", ["~ function f(integer) owner"]),
      ("ALTER FUNCTION f(int) SET search_path = ''", ["~ function f(integer) settings"]),
      ("ALTER SCHEMA s OWNER TO bob", ["~ schema s owner"]),
      ("ALTER SEQUENCE s RESTART", ["~ sequence s other"]),
      ("ALTER POLICY p ON t TO bob", ["~ policy p of t other"]),
      ("ALTER VIEW v ALTER a SET DEFAULT 1", ["~ view v columnDefault(column: \"a\")"]),
      ("ALTER EXTENSION e UPDATE", ["~ extension e other"]),
      ("ALTER PUBLICATION p ADD TABLE t", ["~ publication p publishes([t])"]),
      ("ALTER ROLE r SET search_path = app", ["~ role r settings"]),
    ])
  func alterations(sql: String, effects: [String]) {
    #expect(describedEffects(sql) == effects)
  }

  @Test("Effects come in the order of the script")
  func order() {
    let sql = "CREATE TABLE a (); ALTER TABLE a RENAME TO b; DROP TABLE b"
    #expect(describedEffects(sql) == ["+ table a", "table a -> b", "- table b"])
  }

  @Test("Names are cut to 63 bytes, as the server does")
  func longNames() {
    let name = String(repeating: "x", count: 70)
    #expect(describedEffects("DROP TABLE \(name)") == ["- table \(name.prefix(63))"])
  }
}
