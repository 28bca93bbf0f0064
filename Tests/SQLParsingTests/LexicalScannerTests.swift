import SQLParsing
import Testing

@Suite("Tokens are PostgreSQL's")
struct LexicalScannerTests {
  /// The tokens of a text as `kind:text`.
  private func tokens(_ sql: String) throws -> [String] {
    let bytes = Array(sql.utf8)
    var scanner = LexicalScanner(bytes)
    var tokens: [String] = []
    while let token = try scanner.next() {
      tokens.append("\(token.kind):\(String(decoding: bytes[token.range], as: UTF8.self))")
    }
    return tokens
  }

  @Test("A doubled quote stays in the string, a backslash means nothing")
  func plainStrings() throws {
    #expect(try tokens("'it''s' 'a\\' 'b'") == ["string:'it''s'", "string:'a\\'", "string:'b'"])
  }

  @Test("In E'...' a backslash takes the next character with it")
  func escapeStrings() throws {
    #expect(try tokens("E'it\\'s; --' e'\\\\'") == ["string:E'it\\'s; --'", "string:e'\\\\'"])
  }

  @Test("Prefixes belong to the string, but N is a word of its own")
  func prefixes() throws {
    #expect(
      try tokens("B'01' x'FF' U&'\\00e4' N'a' nop'b'") == [
        "string:B'01'", "string:x'FF'", "string:U&'\\00e4'", "word:N", "string:'a'", "word:nop",
        "string:'b'",
      ])
    #expect(try tokens("b'0''1'") == ["string:b'0'", "string:'1'"])
    #expect(try tokens("u & 'a'") == ["word:u", "operatorSymbol:&", "string:'a'"])
  }

  @Test("A string goes on after a line end, through line comments")
  func continuedStrings() throws {
    #expect(try tokens("'a'\n  'b'") == ["string:'a'\n  'b'"])
    #expect(try tokens("'a' -- x\n -- ROLLBACK START\n'b'").count == 1)
    #expect(try tokens("'a' 'b'") == ["string:'a'", "string:'b'"])
    #expect(try tokens("'a' /* x */\n'b'").count == 3)
    #expect(try tokens("'a'\n-- x") == ["string:'a'", "lineComment:-- x"])
  }

  @Test("Names in quotes hold anything")
  func quotedIdentifiers() throws {
    #expect(
      try tokens("\"a\"\"b;--\" U&\"d\\0061t\" \"\"") == [
        "quotedIdentifier:\"a\"\"b;--\"", "quotedIdentifier:U&\"d\\0061t\"",
        "quotedIdentifier:\"\"",
      ])
  }

  @Test("Dollar quotes end at their own tag only")
  func dollarQuotes() throws {
    #expect(try tokens("$$a;'--$$") == ["dollarString:$$a;'--$$"])
    #expect(try tokens("$f$ $$ $g$ $f $f$;") == ["dollarString:$f$ $$ $g$ $f $f$", "semicolon:;"])
    #expect(try tokens("$ä$x$ä$") == ["dollarString:$ä$x$ä$"])
    #expect(try tokens("$a$ $ab$ $a$") == ["dollarString:$a$ $ab$ $a$"])
    #expect(try tokens("$$ $$$") == ["dollarString:$$ $$", "punctuation:$"])
  }

  @Test("A dollar inside a name opens nothing, a digit after it is a parameter")
  func otherDollars() throws {
    #expect(try tokens("a$b$ c") == ["word:a$b$", "word:c"])
    #expect(try tokens("$1+$23") == ["parameter:$1", "operatorSymbol:+", "parameter:$23"])
    #expect(try tokens("$a b") == ["punctuation:$", "word:a", "word:b"])
  }

  @Test("Comments: to the line end, or nested")
  func comments() throws {
    #expect(
      try tokens("a--b\r\nc--d\re") == [
        "word:a", "lineComment:--b", "word:c", "lineComment:--d", "word:e",
      ])
    #expect(try tokens("/* a /* b */ -- ' */x") == ["blockComment:/* a /* b */ -- ' */", "word:x"])
    #expect(try tokens("/*/ */1") == ["blockComment:/*/ */", "number:1"])
    #expect(try tokens("/***/2") == ["blockComment:/***/", "number:2"])
  }

  @Test("An operator stops before a comment, and ends in a sign only where SQL lets it")
  func operators() throws {
    #expect(try tokens("a +--b") == ["word:a", "operatorSymbol:+", "lineComment:--b"])
    #expect(
      try tokens("a*/*b*/c") == [
        "word:a", "operatorSymbol:*", "blockComment:/*b*/", "word:c",
      ])
    #expect(
      try tokens("1=-2") == [
        "number:1", "operatorSymbol:=", "operatorSymbol:-", "number:2",
      ])
    #expect(try tokens("1@-2") == ["number:1", "operatorSymbol:@-", "number:2"])
    #expect(
      try tokens("a::b:=c..d:e") == [
        "word:a", "operatorSymbol:::", "word:b", "operatorSymbol::=", "word:c", "operatorSymbol:..",
        "word:d", "punctuation::", "word:e",
      ])
    #expect(try tokens("a->>'b'") == ["word:a", "operatorSymbol:->>", "string:'b'"])
  }

  @Test("Numbers")
  func numbers() throws {
    #expect(
      try tokens("1 1.5 .5 5. 1e10 1.5E-3 1..10 0xFF 1_000") == [
        "number:1", "number:1.5", "number:.5", "number:5.", "number:1e10", "number:1.5E-3",
        "number:1", "operatorSymbol:..", "number:10", "number:0xFF", "number:1_000",
      ])
  }

  @Test("Names may hold characters beyond ASCII")
  func letters() throws {
    #expect(try tokens("größe €uro") == ["word:größe", "word:€uro"])
  }

  @Test("A byte order mark is not part of the first word")
  func byteOrderMark() throws {
    #expect(try tokens("\u{FEFF}SELECT") == ["word:SELECT"])
  }

  @Test(
    "What is never closed is reported with its kind and place, and ends the text",
    arguments: [
      ("SELECT 'a", LexicalError.Kind.string, 7, "unterminated quoted string"),
      ("SELECT E'a\\'", .string, 7, "unterminated quoted string"),
      ("SELECT B'1", .bitString, 7, "unterminated bit string literal"),
      ("SELECT X'1", .hexadecimalString, 7, "unterminated hexadecimal string literal"),
      ("ä $x$ $$", .dollarString, 3, "unterminated dollar-quoted string"),
      ("a \"b", .quotedIdentifier, 2, "unterminated quoted identifier"),
      ("a /* /* */", .blockComment, 2, "unterminated /* comment"),
    ])
  func unterminated(sql: String, kind: LexicalError.Kind, offset: Int, message: String) throws {
    var scanner = LexicalScanner(Array(sql.utf8))
    let error = try #require(throws: LexicalError.self) {
      while try scanner.next() != nil {}
    }
    #expect(error.kind == kind)
    #expect(error.byteOffset == offset)
    #expect(error.message == message)
    #expect(try scanner.next() == nil)
  }

  @Test("Only the part that is asked for is scanned")
  func range() throws {
    let bytes = Array("'x; a b -- 'c".utf8)
    var scanner = LexicalScanner(bytes, range: 4..<7)
    #expect(try scanner.next() == Token(kind: .word, range: 4..<5))
    #expect(try scanner.next() == Token(kind: .word, range: 6..<7))
    #expect(try scanner.next() == nil)
  }
}
