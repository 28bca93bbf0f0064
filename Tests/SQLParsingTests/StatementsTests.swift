import SQLParsing
import Testing

@Suite("Statements of a script")
struct StatementsTests {
  private func statements(_ sql: String) -> [String] {
    let text = SourceText(sql)
    return SQLParser.parse(text).statements.map { text.text(in: $0.range) }
  }

  @Test("A statement goes from its first token to its last")
  func ranges() {
    #expect(
      statements("-- x\n SELECT 'ä' /* a */ ; -- y\n;;\nSELECT 2 -- z\n") == [
        "SELECT 'ä'", "SELECT 2",
      ])
    #expect(statements("") == [])
    #expect(statements("-- only\n/* comments */ ;") == [])
    #expect(statements("SELECT 1;") == ["SELECT 1"])
  }

  @Test("Semicolons in quotes, parentheses and SQL bodies end nothing")
  func innerSemicolons() {
    let function = """
      CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql
      BEGIN ATOMIC
        SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END;
        SELECT t.end AS end FROM t;
        SELECT 2;
      END
      """
    let rule = "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)"
    #expect(
      statements("\(function);\n\(rule);DO $$ BEGIN; END $$") == [
        function, rule, "DO $$ BEGIN; END $$",
      ])
  }

  @Test("The same holds where the grammar refuses another statement")
  func innerSemicolonsWithoutParser() {
    let function = """
      CREATE OR REPLACE PROCEDURE f(a int) LANGUAGE sql
      BEGIN ATOMIC
        SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END;
        SELECT t.end AS end FROM t;
      END
      """
    let rule = "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)"
    let script = "CREATE TABEL x;\(function);\(rule);BEGIN;SELECT 1;END"
    #expect(
      statements(script) == [
        "CREATE TABEL x", function, rule, "BEGIN", "SELECT 1", "END",
      ])
  }

  @Test("A syntax error is reported once, with the parser's words and place; the rest is parsed")
  func syntaxError() {
    let parsed = SQLParser.parse(SourceText("-- äöü€\nSELECT 1;\n'ä' FORM x;\nDROP TABLE t"))
    #expect(parsed.syntaxError?.message == "syntax error at or near \"'ä'\"")
    #expect(
      parsed.syntaxError?.position == SourcePosition(byteOffset: 23, line: 3, column: 1))
    #expect(parsed.statements.map(\.kind) == [.query, .unknownToParser, .definition])
    #expect(parsed.statements.map(\.tag) == ["SELECT", "", "DROP TABLE"])
  }

  @Test("A syntax error at the end of the text is placed there")
  func errorAtEnd() {
    let parsed = SQLParser.parse(SourceText("SELECT 1;\nSELECT (1"))
    #expect(parsed.syntaxError?.message == "syntax error at end of input")
    #expect(parsed.syntaxError?.position.line == 2)
    #expect(parsed.statements.map(\.kind) == [.query, .unknownToParser])
  }

  @Test("An open quote is an error at its place")
  func openQuote() {
    let parsed = SQLParser.parse(SourceText("SELECT 1;\nSELECT 'a;\nDROP TABLE t;"))
    #expect(parsed.syntaxError?.message.hasPrefix("unterminated quoted string") == true)
    #expect(parsed.syntaxError?.position.line == 2)
    #expect(parsed.syntaxError?.position.column == 8)
    #expect(parsed.statements.map(\.kind) == [.query, .unknownToParser])
  }

  @Test("A byte order mark is no error")
  func byteOrderMark() {
    let parsed = SQLParser.parse(SourceText("\u{FEFF}SELECT 1; X"))
    #expect(parsed.statements.first?.range == 3..<11)
    #expect(parsed.syntaxError?.position == SourcePosition(byteOffset: 13, line: 1, column: 11))
  }

  @Test("Commands for psql and COPY data are reported and no part of a statement")
  func scripts() {
    let script = """
      \\include ä
      CREATE TABLE t (a text);
      COPY t FROM stdin;
      it's -- data
      \\.

        \\connect x 'y\t
      SELECT 1;
      """
    let text = SourceText(script)
    let parsed = SQLParser.parse(text)
    #expect(parsed.syntaxError == nil)
    #expect(
      parsed.statements.map { text.text(in: $0.range) } == [
        "CREATE TABLE t (a text)", "COPY t FROM stdin", "SELECT 1",
      ])
    #expect(parsed.metaCommands.map(\.text) == ["\\include ä", "\\connect x 'y"])
    #expect(parsed.metaCommands.map(\.position.line) == [1, 7])
    #expect(parsed.metaCommands.map(\.position.column) == [1, 3])
    #expect(parsed.copyData.map { text.text(in: $0.range) } == ["it's -- data\n\\."])
    #expect(parsed.copyData.map { text.text(in: $0.content) } == ["it's -- data\n"])
  }

  @Test("A part is parsed alone, and places are those of the whole")
  func part() {
    let text = SourceText("ä'; DROP TABLE t; CREATE ROLE r PASSWORD 'x'; SELECT FROM; '")
    let parsed = SQLParser.parse(text, range: 4..<59)
    #expect(
      parsed.statements.map { text.text(in: $0.range) } == [
        "DROP TABLE t", "CREATE ROLE r PASSWORD 'x'", "SELECT FROM",
      ])
    #expect(parsed.statements[1].secrets.map { text.text(in: $0) } == ["'x'"])
    let failed = SQLParser.parse(text, range: 3..<text.bytes.count)
    #expect(failed.syntaxError?.message == "syntax error at or near \";\"")
    #expect(failed.syntaxError?.position.column == 58)
  }

  @Test("Invalid bytes are the server's error, and nothing is parsed")
  func invalidBytes() {
    let parsed = SQLParser.parse(SourceText(bytes: Array("SELECT 1;\n".utf8) + [0x61, 0x00]))
    #expect(parsed.statements.isEmpty)
    #expect(parsed.syntaxError?.message == "invalid byte sequence for encoding \"UTF8\": 0x00")
    #expect(parsed.syntaxError?.position == SourcePosition(byteOffset: 11, line: 2, column: 2))
  }

  @Test("Comments between the parts of a string are as good as white space")
  func continuedStrings() {
    let parsed = SQLParser.parse(
      SourceText("SELECT 'it''s' -- it's ä\n\n -- 'x\n 'b', E'\\'' --c\n'd' -- e\n; SELECT X"))
    #expect(parsed.syntaxError == nil)
    #expect(parsed.statements.map(\.tag) == ["SELECT", "SELECT"])
  }

  @Test("CRLF and the lack of a final semicolon or line end change nothing")
  func lineEnds() {
    #expect(statements("SELECT 1;\r\nSELECT\r\n 2") == ["SELECT 1", "SELECT\r\n 2"])
  }

  @Test("The version names the parser and its PostgreSQL")
  func version() {
    #expect(SQLParser.version == "15-4.0.0 (PostgreSQL 15.1)")
  }
}
