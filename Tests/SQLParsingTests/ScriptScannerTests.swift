import SQLParsing
import Testing

@Suite("A script is read as psql reads it")
struct ScriptScannerTests {
  private func tokens(_ sql: String) throws -> [String] {
    let bytes = Array(sql.utf8)
    var scanner = ScriptScanner(bytes)
    var tokens: [String] = []
    while let token = try scanner.next() {
      tokens.append("\(token.kind):\(String(decoding: bytes[token.range], as: UTF8.self))")
    }
    return tokens
  }

  @Test("A backslash that begins a line is a command for psql, up to the line end")
  func metaCommands() throws {
    #expect(
      try tokens("\\set x 'open\r\n  \\i a.sql\nSELECT") == [
        "metaCommand:\\set x 'open", "metaCommand:\\i a.sql", "word:SELECT",
      ])
    #expect(try tokens("\u{FEFF}\\restrict x") == ["metaCommand:\\restrict x"])
  }

  @Test("A backslash elsewhere, in a string or in a comment is none")
  func otherBackslashes() throws {
    #expect(try tokens("a \\x") == ["word:a", "punctuation:\\", "word:x"])
    #expect(try tokens("'\n\\i x\n'") == ["string:'\n\\i x\n'"])
    #expect(try tokens("/*\n\\i x\n*/").count == 1)
    #expect(try tokens("$$\n\\i x\n$$").count == 1)
  }

  @Test("What follows COPY FROM stdin is data up to \\.")
  func copyData() throws {
    #expect(
      try tokens("COPY a.t (x) FROM stdin; -- c\n1\tit's\n-- ROLLBACK START\n\\.\nSELECT") == [
        "word:COPY", "word:a", "punctuation:.", "word:t", "punctuation:(", "word:x",
        "punctuation:)", "word:FROM", "word:stdin", "semicolon:;", "lineComment:-- c",
        "copyData:1\tit's\n-- ROLLBACK START\n\\.", "word:SELECT",
      ])
  }

  @Test("Data may be empty, end with the text, and have carriage returns")
  func unusualCopyData() throws {
    #expect(
      try tokens("copy t from STDIN with (format csv);\n\\.\n;").suffix(2) == [
        "copyData:\\.", "semicolon:;",
      ])
    #expect(try tokens("copy t from stdin;\n1\n2").last == "copyData:1\n2")
    #expect(
      try tokens("copy t from stdin;\r\n1\r\n\\.\r\nx").suffix(2) == [
        "copyData:1\r\n\\.\r", "word:x",
      ])
    #expect(try tokens("copy t from stdin;").last == "semicolon:;")
    #expect(try tokens("copy t from stdin;\n").last == "semicolon:;")
  }

  @Test(
    "Other COPY statements have no data",
    arguments: [
      "COPY t TO stdout;\nx", "COPY t FROM 'stdin';\nx", "COPY t FROM PROGRAM 'stdin';\nx",
      "SELECT copy FROM stdin;\nx",
    ])
  func otherCopies(sql: String) throws {
    #expect(try tokens(sql).last == "word:x")
  }
}
