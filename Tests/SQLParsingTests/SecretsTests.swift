import SQLParsing
import Testing

@Suite("Literals that are secrets")
struct SecretsTests {
  @Test(
    "Found",
    arguments: [
      ("CREATE ROLE r LOGIN PASSWORD 'x''y'", ["'x''y'"]),
      ("ALTER USER r WITH ENCRYPTED PASSWORD $$x$$ VALID UNTIL '2030-01-01'", ["$$x$$"]),
      ("CREATE USER r VALID UNTIL '2030-01-01' PASSWORD E'\\'x'", ["E'\\'x'"]),
      ("CREATE USER r PASSWORD -- 'no'\n 'x'", ["'x'"]),
      (
        "CREATE USER MAPPING FOR u SERVER s OPTIONS (user 'bob', password 'x')", ["'x'"]
      ),
      (
        "ALTER USER MAPPING FOR u SERVER s OPTIONS (SET password 'x', ADD sslpassword 'y')",
        ["'x'", "'y'"]
      ),
      ("CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', passwd 'x')", ["'x'"]),
      ("ALTER SERVER s OPTIONS (SET \"Api_Key\" 'x')", ["'x'"]),
      ("CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS (secret_access_key 'x')", ["'x'"]),
      (
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=x' PUBLICATION p",
        ["'host=h password=x'"]
      ),
      ("ALTER SUBSCRIPTION s CONNECTION 'password=x'", ["'password=x'"]),
      ("SELECT 'ä'; CREATE ROLE \"ä\" PASSWORD 'ö'", ["'ö'"]),
      ("\\echo ä\nSELECT 1; ALTER ROLE r PASSWORD 'x'", ["'x'"]),
    ])
  func found(sql: String, secrets: [String]) {
    let text = SourceText(sql)
    let parsed = SQLParser.parse(text)
    #expect(parsed.syntaxError == nil)
    #expect(parsed.statements.flatMap(\.secrets).map { text.text(in: $0) } == secrets)
  }

  @Test("What the grammar refuses may hold secrets all the same")
  func refusedStatements() {
    let text = SourceText("CREATE ROLEX r PASSWORD 'x'; CREATE SUBSCRIPTIO s CONNECTION 'y'")
    let secrets = SQLParser.parse(text).statements.flatMap(\.secrets)
    #expect(secrets.map { text.text(in: $0) } == ["'x'", "'y'"])
  }

  @Test(
    "Not found",
    arguments: [
      "ALTER ROLE r PASSWORD NULL", "ALTER ROLE r SET search_path = 'password'",
      "INSERT INTO t (password) VALUES ('x')", "COMMENT ON COLUMN t.password IS 'x'",
      "CREATE USER MAPPING FOR u SERVER s OPTIONS (user 'bob')",
      "ALTER USER MAPPING FOR u SERVER s OPTIONS (DROP password, SET user 'x')",
    ])
  func notFound(sql: String) {
    #expect(SQLParser.parse(SourceText(sql)).statements.flatMap(\.secrets).isEmpty)
  }
}
