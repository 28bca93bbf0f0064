import SQLParsing
import Testing

@Suite("Deep, long and hostile texts")
struct LimitsTests {
  private func repeated(_ piece: String, _ count: Int) -> String {
    String(repeating: piece, count: count)
  }

  @Test("Ten thousand levels of parentheses are refused by the grammar, without a crash")
  func parentheses() {
    let sql = "SELECT " + repeated("(", 10_000) + "1" + repeated(")", 10_000)
    let parsed = SQLParser.parse(SourceText(sql))
    #expect(parsed.statements.map(\.kind) == [.unknownToParser])
    #expect(parsed.syntaxError?.message == "memory exhausted at or near \"(\"")
  }

  @Test(
    "Trees as deep as their text is long are parsed",
    arguments: [
      ("SELECT ", "1 + ", 20_000, "1"),
      ("SELECT ", "NOT ", 5_000, "true"),
      ("SELECT 'a'", " || 'b'", 20_000, ""),
      ("SELECT 1", " UNION SELECT 1", 8_000, ""),
      ("SELECT 1", "::int", 15_000, ""),
      ("SELECT * FROM a", " NATURAL JOIN a", 10_000, ""),
    ])
  func deepTrees(start: String, piece: String, count: Int, end: String) {
    let parsed = SQLParser.parse(SourceText(start + repeated(piece, count) + end))
    #expect(parsed.statements.map(\.kind) == [.query])
    #expect(parsed.syntaxError == nil)
  }

  @Test(
    "Depth hidden behind parentheses and commas is seen",
    arguments: [
      ("SELECT ", "(", 900, "1", " + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1)"),
      ("SELECT 1, 2", "", 6_000, "", " UNION SELECT 1, 2"),
      ("SELECT ", "", 6_000, "f(1, 2)", " || f(1, 2)"),
      ("SELECT * FROM a", "", 6_000, "", " JOIN b USING (c, d)"),
    ])
  func hiddenDepth(start: String, open: String, count: Int, middle: String, close: String) {
    let sql = start + repeated(open, count) + middle + repeated(close, count)
    let parsed = SQLParser.parse(SourceText(sql))
    #expect(parsed.statements.map(\.kind) == [.query])
    #expect(parsed.syntaxError == nil)
  }

  @Test("Nested queries are parsed")
  func nestedQueries() {
    let sql = repeated("SELECT (", 1_500) + "SELECT 1" + repeated(")", 1_500)
    #expect(SQLParser.parse(SourceText(sql)).statements.map(\.kind) == [.query])
  }

  @Test("Trees deeper than any stack are told by their first word")
  func tooDeep() {
    let sql = "SELECT " + repeated("1+", 60_000) + "1; DROP TABLE t"
    let parsed = SQLParser.parse(SourceText(sql))
    #expect(parsed.statements.map(\.kind) == [.query, .definition])
    #expect(parsed.syntaxError == nil)
  }

  @Test("A statement of more than a megabyte is told by its first word, the others are parsed")
  func longStatement() {
    let rows = repeated("(1, 'it''s; a'),\n", 80_000)
    let sql = "CREATE TABLE t (a int);\nINSERT INTO t VALUES \(rows)(1, ''); DROP TABLE t;"
    let parsed = SQLParser.parse(SourceText(sql))
    #expect(parsed.statements.map(\.tag) == ["CREATE TABLE", "INSERT", "DROP TABLE"])
    #expect(parsed.statements.map(\.kind) == [.definition, .dataChange, .definition])
    #expect(parsed.syntaxError == nil)
  }

  @Test("In a text of more than a megabyte a syntax error still has its place")
  func errorInLongText() {
    let sql = repeated("-- ä comment\n", 90_000) + "SELECT 1;\n  SELEC 2;\nSELECT 3;"
    let parsed = SQLParser.parse(SourceText(sql))
    #expect(parsed.statements.map(\.kind) == [.query, .unknownToParser, .query])
    #expect(parsed.syntaxError?.message == "syntax error at or near \"SELEC\"")
    #expect(parsed.syntaxError?.position.line == 90_002)
    #expect(parsed.syntaxError?.position.column == 3)
  }

  @Test("Parsing from many threads at once")
  func manyThreads() async {
    let kinds = await withTaskGroup(of: [StatementKind].self) { group in
      for _ in 0..<16 {
        group.addTask {
          let sql = "SELECT " + String(repeating: "1 + ", count: 1_000) + "1; DROP TABLE t;"
          return SQLParser.parse(SourceText(sql)).statements.map(\.kind)
        }
      }
      return await group.reduce(into: Set<[StatementKind]>()) { $0.insert($1) }
    }
    #expect(kinds == [[.query, .definition]])
  }
}
