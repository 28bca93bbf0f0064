import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Evidence: what the catalog should hold of an applied migration")
struct EvidenceTests {
  private func expected(_ up: String, later: String...) -> [String] {
    var evidence = Evidence(up: parsed(up))
    var removals = LaterRemovals()
    for (index, sql) in later.enumerated() {
      removals.note(
        parsed(sql).statements.flatMap(\.effects), by: MigrationName("\(index + 2)_later"))
    }
    removals.apply(to: &evidence, of: MigrationName("1_this"))
    // What is certain to stand under the name that its file gives it.
    return evidence.objects.filter { !$0.mayBeGone && $0.laterNames.isEmpty }.map(\.description)
  }

  @Test("Everything that is looked for")
  func kinds() {
    #expect(
      expected(
        """
        CREATE SCHEMA app;
        CREATE TABLE app.a (id int PRIMARY KEY);
        ALTER TABLE app.a ADD COLUMN b int, ADD c text;
        CREATE INDEX a_b ON app.a (b);
        CREATE VIEW v AS SELECT 1;
        CREATE MATERIALIZED VIEW m AS SELECT 1;
        CREATE SEQUENCE s;
        CREATE FUNCTION f(x int, OUT y int) LANGUAGE sql AS 'SELECT 1';
        CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE t AS ENUM ('x');
        CREATE DOMAIN d AS text;
        CREATE TABLE k AS SELECT 1;
        CREATE EXTENSION IF NOT EXISTS pgcrypto;
        CREATE POLICY o ON app.a USING (true);
        CREATE TRIGGER r BEFORE INSERT ON app.a EXECUTE FUNCTION f();
        ALTER TABLE app.a ADD CONSTRAINT q CHECK (b > 0);
        ALTER TYPE t ADD VALUE 'y';
        CREATE AGGREGATE g(int) (sfunc = int4pl, stype = int);
        """) == [
          "schema app", "table app.a", "column b of app.a", "column c of app.a", "index app.a_b",
          "view v", "materialized view m", "sequence s", "function f(integer)", "procedure p()",
          "type t", "domain d", "table k", "extension pgcrypto", "policy o of app.a",
          "trigger r of app.a", "constraint q of app.a", "enum label y of t",
          "aggregate g(integer)",
        ])
  }

  @Test("What the catalog is not asked for: other objects, changes, rows")
  func others() {
    #expect(
      expected(
        """
        CREATE PUBLICATION p;
        ALTER TABLE a ALTER COLUMN b SET NOT NULL;
        GRANT SELECT ON a TO public;
        INSERT INTO a VALUES (1);
        DO $$ BEGIN CREATE TABLE hidden(); END $$;
        """) == [])
  }

  @Test("Temporary objects do not count")
  func temporary() {
    #expect(
      expected(
        "CREATE TEMP TABLE a(); CREATE TABLE pg_temp.b(); CREATE TEMPORARY VIEW v AS SELECT 1; "
          + "CREATE TEMP SEQUENCE s; SELECT 1 INTO TEMP c; CREATE TABLE d();") == ["table d"])
  }

  @Test("What the same file drops does not count, in the order of its statements")
  func droppedAtOnce() {
    #expect(expected("CREATE TABLE a(); DROP TABLE a;") == [])
    #expect(expected("DROP TABLE IF EXISTS a; CREATE TABLE a();") == ["table a"])
    #expect(
      expected("CREATE TABLE a(); ALTER TABLE a ADD b int; ALTER TABLE a DROP COLUMN b;")
        == ["table a"])
    #expect(
      expected("CREATE TABLE IF NOT EXISTS a(); CREATE TABLE IF NOT EXISTS a();") == ["table a"])
  }

  @Test("What the same file renames counts under its new name")
  func renamedAtOnce() {
    #expect(expected("CREATE TABLE app.a(); ALTER TABLE app.a RENAME TO b;") == ["table app.b"])
    #expect(
      expected("ALTER TABLE a ADD b int; ALTER TABLE a RENAME COLUMN b TO c;") == ["column c of a"])
    #expect(
      expected("CREATE TABLE a(); ALTER TABLE a SET SCHEMA app;") == ["table app.a"])
  }

  @Test("So does what renames or moves an object of an earlier file")
  func renamedOnly() {
    #expect(
      expected("ALTER TABLE a RENAME TO b; ALTER TABLE c RENAME COLUMN d TO e;") == [
        "table b", "column e of c",
      ])
    #expect(expected("ALTER VIEW v SET SCHEMA app;") == ["view app.v"])
    #expect(expected("ALTER ROLE r RENAME TO s; ALTER TABLE a RENAME TO pg_temp_b;").count == 1)
    // ALTER TABLE takes views and sequences too.
    let renamed = Evidence(up: parsed("ALTER TABLE a RENAME TO b")).objects
    #expect(renamed.map(\.isAnyRelation) == [true])
    #expect(
      CatalogQuestion(number: 0, renamed[0])
        == CatalogQuestion(number: 0, kind: "relation", name: "b"))
  }

  @Test("Parts are asked for by what they belong to")
  func questions() {
    let objects = Evidence(
      up: parsed(
        "ALTER TYPE app.mood ADD VALUE 'Sad'; CREATE POLICY p ON app.a; CREATE INDEX i ON app.a (b)"
      )
    ).objects
    #expect(
      objects.enumerated().map { CatalogQuestion(number: $0.offset, $0.element) } == [
        CatalogQuestion(
          number: 0, kind: "enum label", schema: "app", name: "Sad", relation: "mood"),
        CatalogQuestion(number: 1, kind: "policy", schema: "app", name: "p", relation: "a"),
        CatalogQuestion(number: 2, kind: "index", schema: "app", name: "i"),
      ])
  }

  @Test("What may have been there before is marked")
  func shared() {
    let objects = Evidence(
      up: parsed(
        "CREATE EXTENSION IF NOT EXISTS e; CREATE SCHEMA IF NOT EXISTS s; CREATE EXTENSION f; "
          + "CREATE TABLE IF NOT EXISTS t ()")
    ).objects
    #expect(objects.map(\.isShared) == [true, true, false, false])
  }

  @Test("What a later file drops, renames or moves does not count")
  func later() {
    let up = """
      CREATE TABLE app.a (id int); CREATE INDEX a_id ON app.a (id); ALTER TABLE app.a ADD b int;
      CREATE TABLE app.z ();
      """
    #expect(expected(up, later: "DROP TABLE app.a") == ["table app.z"])
    #expect(expected(up, later: "ALTER TABLE app.a RENAME TO c") == ["table app.z"])
    #expect(expected(up, later: "ALTER TABLE app.a SET SCHEMA old") == ["table app.z"])
    #expect(expected(up, later: "DROP SCHEMA app CASCADE") == [])
    #expect(expected(up, later: "DROP TABLE other.a").count == 4)
    #expect(expected(up, later: "DROP TABLE a") == ["table app.z"])
    #expect(
      expected(up, later: "ALTER TABLE app.a DROP COLUMN b") == ["table app.a", "table app.z"])
    #expect(
      expected(up, later: "ALTER INDEX app.a_id RENAME TO i", "DROP INDEX i")
        == ["table app.a", "column b of app.a", "table app.z"])
    #expect(
      expected("CREATE VIEW v AS SELECT 1; CREATE TABLE a();", later: "DROP TABLE x CASCADE")
        == ["table a"])
    #expect(
      expected(
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        later: "ALTER FUNCTION f(int) RENAME TO g") == [])
    #expect(expected("CREATE TYPE t AS ENUM ('x')", later: "ALTER TYPE t RENAME TO u") == [])
    #expect(expected("ALTER TYPE t ADD VALUE 'x'", later: "DROP TYPE t") == [])
    let parts = "CREATE POLICY p ON a; CREATE TRIGGER p AFTER INSERT ON b EXECUTE FUNCTION f()"
    #expect(expected(parts, later: "DROP POLICY p ON b") == ["policy p of a", "trigger p of b"])
    #expect(expected(parts, later: "DROP POLICY p ON a") == ["trigger p of b"])
    #expect(expected(parts, later: "DROP FUNCTION f CASCADE") == [])
    #expect(expected(parts, later: "ALTER TABLE a RENAME COLUMN x TO y").count == 2)
    #expect(expected(up, later: "SELECT 1", "DROP TABLE app.a") == ["table app.z"])
  }

  @Test("What a later file renames or moves is looked for by all its names")
  func laterNames() {
    func names(_ up: String, _ later: String...) -> [[String]] {
      var evidence = Evidence(up: parsed(up))
      var removals = LaterRemovals()
      // In any order: the files are not read one after the other.
      for (index, sql) in later.enumerated().reversed() {
        removals.note(
          parsed(sql).statements.flatMap(\.effects), by: MigrationName("\(index + 2)_later"))
      }
      removals.apply(to: &evidence, of: MigrationName("1_this"))
      return evidence.objects.map {
        $0.names.map(\.description) + ($0.mayBeGone ? ["gone"] : [])
      }
    }
    #expect(
      names(
        "CREATE TABLE app.a (); ALTER TABLE app.a ADD b int; CREATE INDEX i ON app.a (b);",
        "ALTER TABLE app.a RENAME TO c", "ALTER TABLE app.c SET SCHEMA old",
        "ALTER TABLE old.c RENAME b TO d", "ALTER SCHEMA old RENAME TO older") == [
          ["table app.a", "table app.c", "table old.c", "table older.c"],
          [
            "column b of app.a", "column b of app.c", "column b of old.c", "column d of old.c",
            "column b of older.c", "column d of older.c",
          ],
          ["index app.i", "index app.i", "index old.i", "index older.i"],
        ])
    #expect(
      names("CREATE TABLE a ()", "ALTER TABLE a RENAME TO b", "DROP TABLE b", "DROP TABLE x")
        == [["table a", "table b", "gone"]])
    #expect(
      names("CREATE TABLE a ()", "DROP TABLE b", "ALTER TABLE a RENAME TO b") == [
        ["table a", "table b"]
      ])
  }

  @Test("Unqualified names go by the file's own search path at that place")
  func searchPath() {
    let evidence = Evidence(
      up: parsed(
        "CREATE TABLE a(); SET search_path = app, \"My Schema\"; CREATE TABLE b(); "
          + "SELECT set_config('search_path', 'x, y', false); CREATE TABLE c();"))
    #expect(evidence.objects.map(\.path) == [nil, ["app", "My Schema"], ["x", "y"]])
    #expect(evidence.searchPath == ["x", "y"])
    #expect(Evidence(up: parsed("CREATE TABLE a()")).searchPath == nil)
    #expect(Evidence(up: parsed("SET search_path = app; RESET search_path")).searchPath == nil)
  }
}
