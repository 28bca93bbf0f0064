import SQLParsing
import Testing

@Suite("What a statement refers to and does not create")
struct NeedsTests {
  private func needs(_ sql: String) -> [String] {
    SQLParser.parse(SourceText(sql), findingNeeds: true).statements.flatMap(\.needs)
      .map(\.description)
  }

  @Test(
    "Needs",
    arguments: [
      (
        "CREATE TABLE app.t (a int, b app.mood, u int REFERENCES users)",
        ["schema app", "type app.mood", "table users"]
      ),
      ("CREATE TABLE t (LIKE a) INHERITS (b)", ["table a", "table b"]),
      ("CREATE TABLE p PARTITION OF t DEFAULT", ["table t"]),
      ("CREATE INDEX i ON t (lower(a))", ["table t", "function lower"]),
      (
        "CREATE VIEW v AS WITH w AS (SELECT * FROM a) SELECT f(x) FROM w JOIN app.b USING (id)",
        ["function f", "table app.b", "schema app", "table a"]
      ),
      (
        "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION app.f()",
        ["function app.f", "schema app", "table t"]
      ),
      (
        "CREATE POLICY p ON a TO bob USING (EXISTS (SELECT FROM b))",
        ["table a", "role bob", "table b"]
      ),
      (
        "CREATE FUNCTION f(a app.mood) RETURNS SETOF users LANGUAGE sql AS 'SELECT * FROM other'",
        ["type app.mood", "schema app", "type users"]
      ),
      ("ALTER TABLE a ADD COLUMN b int REFERENCES b", ["table a", "table b"]),
      (
        "ALTER TABLE t ALTER id SET DEFAULT nextval('app.\"S\"'::regclass)",
        ["table t", "function nextval", "table app.S", "schema app", "type regclass"]
      ),
      ("GRANT SELECT ON t TO bob, PUBLIC", ["table t", "role bob"]),
      ("CREATE AGGREGATE a(int) (sfunc = f, stype = int)", ["type f", "function f"]),
      ("CREATE FOREIGN TABLE t (a int) SERVER s", ["server s"]),
      ("DROP TABLE t", []),
      ("SELECT 1", []),
    ])
  func needs(sql: String, found: [String]) {
    #expect(needs(sql) == found)
  }

  @Test("They are looked for only where they are asked for")
  func onlyOnDemand() {
    let parsed = SQLParser.parse(SourceText("SELECT * FROM t"))
    #expect(parsed.statements.map(\.needs) == [[]])
  }

  @Test("A tree as deep as its text is long is walked")
  func deepTree() {
    let sql = "SELECT " + String(repeating: "1 + ", count: 20_000) + "f()"
    #expect(needs(sql) == ["function f"])
  }
}
