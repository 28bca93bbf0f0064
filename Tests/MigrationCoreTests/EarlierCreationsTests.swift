import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Evidence: what an earlier file creates too")
struct EarlierCreationsTests {
  private func older(_ up: String, earlier: String, outOfOrder: Bool = false) -> [String] {
    var creations = EarlierCreations()
    creations.note(FileEffects(parsed(earlier).statements), by: MigrationName("1_earlier"))
    creations.note(FileEffects(parsed(up).statements), by: MigrationName("2_this"))
    creations.note(
      FileEffects(parsed("CREATE TABLE late ()").statements), by: MigrationName("3_later"))
    var evidence = Evidence(up: parsed(up))
    creations.apply(
      to: &evidence, of: MigrationName("2_this"),
      cameBefore: { outOfOrder && $0 == MigrationName("3_later") })
    return evidence.objects.filter(\.isOlder).map(\.description)
  }

  @Test("Replaced, made if not there, or dropped and made again")
  func marked() {
    let earlier = """
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE app.t ();
      CREATE POLICY p ON t;
      """
    #expect(
      older(
        """
        CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
        CREATE TABLE IF NOT EXISTS t (); CREATE TABLE IF NOT EXISTS other.t ();
        DROP POLICY p ON t; CREATE POLICY p ON t; CREATE POLICY p ON u; CREATE TABLE late ();
        """, earlier: earlier) == ["function f()", "table t", "policy p of t"])
  }

  @Test("A function of other arguments is another one")
  func overloads() {
    let earlier = "CREATE FUNCTION f(int, app.mood) RETURNS int LANGUAGE sql AS 'SELECT 1'"
    func body(_ arguments: String) -> String {
      "CREATE OR REPLACE FUNCTION f(\(arguments)) RETURNS int LANGUAGE sql AS 'SELECT 1'"
    }
    #expect(older(body("int"), earlier: earlier) == [])
    #expect(older(body("int, text"), earlier: earlier) == [])
    #expect(older(body("integer, mood"), earlier: earlier) == ["function f(integer, mood)"])
    #expect(older(body("a.b%TYPE, app.mood"), earlier: earlier).count == 1)
  }

  @Test("Not what was temporary, nor what this file or a later one creates")
  func unmarked() {
    #expect(older("CREATE TABLE t ()", earlier: "CREATE TEMP TABLE t ()") == [])
    #expect(older("CREATE TABLE t (); CREATE TABLE late ()", earlier: "SELECT 1") == [])
  }

  @Test(
    "What comes along with a table or a type, what is renamed, what is dropped first",
    arguments: [
      ("CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      ("CREATE TABLE app.t (LIKE u)", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      ("CREATE TABLE t AS SELECT 1 AS a", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      ("CREATE TABLE t PARTITION OF u DEFAULT", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      ("ALTER TABLE u RENAME TO t", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      ("ALTER TABLE t RENAME b TO a", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      // A table that no file creates may have had it always.
      ("SELECT 1", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"),
      ("CREATE TYPE m AS ENUM ('a')", "ALTER TYPE m ADD VALUE IF NOT EXISTS 'a'"),
      ("SELECT 1", "ALTER TYPE m ADD VALUE IF NOT EXISTS 'a'"),
      (
        "CREATE TABLE t (a int CHECK (a > 0))",
        "ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 1)"
      ),
      (
        "ALTER TABLE t ADD a int REFERENCES u", "ALTER TABLE t ADD CONSTRAINT t_a_fkey CHECK (true)"
      ),
      ("CREATE TABLE t (a int, UNIQUE (a))", "CREATE UNIQUE INDEX IF NOT EXISTS t_a_key ON t (a)"),
      ("CREATE TABLE t (a int PRIMARY KEY)", "CREATE INDEX IF NOT EXISTS t_pkey ON t (a)"),
      ("ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)", "CREATE INDEX IF NOT EXISTS c ON t (a)"),
      ("CREATE INDEX ON t (a)", "DROP INDEX t_a_idx; CREATE INDEX t_a_idx ON t (a, b)"),
      ("CREATE TABLE t (a serial)", "CREATE SEQUENCE IF NOT EXISTS t_a_seq"),
      (
        "CREATE DOMAIN d AS int CHECK (VALUE > 0)",
        "ALTER DOMAIN d ADD CONSTRAINT d_check CHECK (true)"
      ),
      ("ALTER TABLE t RENAME TO u", "CREATE TABLE IF NOT EXISTS u ()"),
      ("ALTER TABLE t SET SCHEMA app", "CREATE TABLE IF NOT EXISTS app.t ()"),
      ("SELECT 1", "DROP POLICY p ON t; CREATE POLICY p ON t"),
      ("SELECT 1", "CREATE TABLE t_new (); DROP TABLE t; ALTER TABLE t_new RENAME TO t"),
      ("SELECT 1", "ALTER TYPE m RENAME TO m_old; CREATE TYPE m AS (); DROP TYPE m_old"),
      (
        "SELECT 1",
        "ALTER TABLE t ADD b int; ALTER TABLE t DROP COLUMN a; ALTER TABLE t RENAME b TO a"
      ),
      (
        "SELECT 1",
        "ALTER TABLE t DROP CONSTRAINT IF EXISTS c; ALTER TABLE t ADD CONSTRAINT c CHECK (true)"
      ),
    ])
  func cameAlong(_ earlier: String, _ up: String) {
    #expect(older(up, earlier: earlier).count == 1)
  }

  @Test(
    "What is new on what was there",
    arguments: [
      ("CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN IF NOT EXISTS b int"),
      ("CREATE TABLE t (LIKE u)", "ALTER TABLE t ADD COLUMN a int"),
      ("SELECT 1", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN IF NOT EXISTS b int"),
      ("SELECT 1", "DROP POLICY IF EXISTS p ON t; CREATE POLICY p ON t"),
      ("SELECT 1", "CREATE TABLE t (); DROP TABLE t; CREATE TABLE t ()"),
      ("SELECT 1", "ALTER TABLE t RENAME TO u; ALTER TABLE t RENAME a TO b"),
      ("CREATE TYPE m AS ENUM ('a')", "ALTER TYPE m ADD VALUE IF NOT EXISTS 'b'"),
    ])
  func new(_ earlier: String, _ up: String) {
    #expect(older(up, earlier: earlier) == [])
  }

  @Test("A later one that came before this one")
  func outOfOrder() {
    #expect(
      older("CREATE TABLE IF NOT EXISTS late ()", earlier: "SELECT 1", outOfOrder: true)
        == ["table late"])
  }

  @Test("Texts are searched by words, in any case")
  func words() {
    let search = WordSearch(["Users", "f1", "drop"])
    #expect(search.mayMatch(Array("CREATE TABLE app.users();".utf8)))
    #expect(search.mayMatch(Array("\"USERS\"".utf8)))
    #expect(search.mayMatch(Array("F1".utf8)))
    #expect(!search.mayMatch(Array("CREATE TABLE users_2 (f11 int); -- dropped".utf8)))
    #expect(!search.mayMatch([]))
    #expect(!WordSearch([String]()).mayMatch(Array("anything".utf8)))
    // A name of other characters may stand in any text.
    #expect(WordSearch(["My Table"]).mayMatch(Array("SELECT 1".utf8)))
    #expect(WordSearch(["größe"]).mayMatch(Array("a (größe int)".utf8)))
  }
}
