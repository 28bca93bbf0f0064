/// Cuts SQL text into tokens as PostgreSQL's own scanner does.
///
/// Follows `src/backend/parser/scan.l` with `standard_conforming_strings` on (manual, chapter 4.1
/// "Lexical Structure"). It looks at each byte once, keeps no token but the last and never needs
/// more memory than its text: `pg_query_scan` takes 2 GB for a text of 60 MB.
///
/// What the server would refuse for another reason than an open quote is a token all the same: a
/// `\` is punctuation, `12abc` is a number. A byte order mark at the start of the text is skipped.
///
/// ```swift
/// var scanner = LexicalScanner(text.bytes)
/// while let token = try scanner.next() {
///   print(token.kind, text.position(atByte: token.range.lowerBound))
/// }
/// ```
package struct LexicalScanner {
  let bytes: [UInt8]
  private let end: Int

  /// Where the next token is looked for: bytes from the start of the text.
  package private(set) var position: Int

  /// Starts at the beginning of a text or of a part of it.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - range: The part to scan, in bytes; the whole text where nil. What stands outside is not
  ///     looked at.
  package init(_ bytes: [UInt8], range: Range<Int>? = nil) {
    let range = range ?? 0..<bytes.count
    self.bytes = bytes
    self.end = range.upperBound
    self.position = range.lowerBound
    if range.lowerBound == 0, bytes[range].starts(with: ByteOrderMark.utf8) {
      self.position = ByteOrderMark.utf8.count
    }
  }

  /// Goes on at another place.
  ///
  /// - Parameter offset: Bytes from the start of the text; it must not be inside a token.
  mutating func skip(to offset: Int) {
    position = min(offset, end)
  }

  /// The next token, comments included, white space not.
  ///
  /// - Returns: The token; nil at the end of the text, and ever after an error.
  /// - Throws: ``LexicalError`` where a quote or a comment is open at the end of the text.
  package mutating func next() throws(LexicalError) -> Token? {
    let start = position
    position = end
    guard let token = try token(from: start) else { return nil }
    position = token.range.upperBound
    return token
  }

  /// The first token from a place on.
  private func token(from offset: Int) throws(LexicalError) -> Token? {
    let source = bytes.span
    var start = offset
    while start < end, source[start].isSpace { start += 1 }
    guard start < end else { return nil }
    let (kind, tokenEnd) = try Self.token(at: start, end: end, in: source)
    return Token(kind: kind, range: start..<tokenEnd)
  }

  /// Decides by the first byte.
  private static func token(
    at start: Int, end: Int, in source: Span<UInt8>
  ) throws(LexicalError) -> (kind: TokenKind, end: Int) {
    let first = source[start]
    let second = start + 1 < end ? source[start + 1] : 0
    switch first {
    case UInt8(ascii: "'"):
      return (.string, try string(.string, at: start, quote: start, end: end, in: source))
    case UInt8(ascii: "\""):
      return (.quotedIdentifier, try quotedIdentifier(at: start, quote: start, end, source))
    case UInt8(ascii: ";"):
      return (.semicolon, start + 1)
    case UInt8(ascii: "-") where second == UInt8(ascii: "-"):
      return (.lineComment, lineEnd(from: start, end: end, in: source))
    case UInt8(ascii: "/") where second == UInt8(ascii: "*"):
      return (.blockComment, try blockComment(at: start, end: end, in: source))
    case UInt8(ascii: "$"):
      return try dollar(at: start, end: end, in: source)
    case UInt8(ascii: ".") where second.isDigit:
      return (.number, number(at: start, end: end, in: source))
    case UInt8(ascii: "."):
      let isPair = second == UInt8(ascii: ".")
      return isPair ? (.operatorSymbol, start + 2) : (.punctuation, start + 1)
    case UInt8(ascii: ":"):
      let isPair = second == UInt8(ascii: ":") || second == UInt8(ascii: "=")
      return isPair ? (.operatorSymbol, start + 2) : (.punctuation, start + 1)
    case _ where first.startsIdentifier:
      return try wordOrPrefixedQuote(at: start, end: end, in: source)
    case _ where first.isDigit:
      return (.number, number(at: start, end: end, in: source))
    case _ where first.isOperatorCharacter:
      return (.operatorSymbol, operatorEnd(from: start, end: end, in: source))
    default:
      return (.punctuation, start + 1)
    }
  }

  /// A word, or a quoted thing whose prefix (`E'`, `B'`, `X'`, `U&'`, `U&"`) looks like one.
  ///
  /// `N'...'` is the key word `N` and a string of its own, as in `scan.l`.
  private static func wordOrPrefixedQuote(
    at start: Int, end: Int, in source: Span<UInt8>
  ) throws(LexicalError) -> (kind: TokenKind, end: Int) {
    let next = start + 1 < end ? source[start + 1] : 0
    if next == UInt8(ascii: "'") {
      let kind: LexicalError.Kind? =
        switch source[start] | 0x20 {
        case UInt8(ascii: "e"): .string
        case UInt8(ascii: "b"): .bitString
        case UInt8(ascii: "x"): .hexadecimalString
        default: nil
        }
      if let kind {
        return (.string, try string(kind, at: start, quote: start + 1, end: end, in: source))
      }
    } else if next == UInt8(ascii: "&"), source[start] | 0x20 == UInt8(ascii: "u"), start + 2 < end
    {
      if source[start + 2] == UInt8(ascii: "'") {
        return (.string, try string(.string, at: start, quote: start + 2, end: end, in: source))
      }
      if source[start + 2] == UInt8(ascii: "\"") {
        return (.quotedIdentifier, try quotedIdentifier(at: start, quote: start + 2, end, source))
      }
    }
    var offset = start + 1
    while offset < end, source[offset].continuesIdentifier { offset += 1 }
    return (.word, offset)
  }

  /// The end of an operator: before a comment, and without a trailing sign where SQL wants it so.
  private static func operatorEnd(from start: Int, end: Int, in source: Span<UInt8>) -> Int {
    var offset = start
    var mayEndInSign = false
    while offset < end, source[offset].isOperatorCharacter {
      let next = offset + 1 < end ? source[offset + 1] : 0
      let opensComment =
        (source[offset] == UInt8(ascii: "-") && next == UInt8(ascii: "-"))
        || (source[offset] == UInt8(ascii: "/") && next == UInt8(ascii: "*"))
      if opensComment { break }
      mayEndInSign = mayEndInSign || source[offset].allowsTrailingSign
      offset += 1
    }
    guard !mayEndInSign else { return offset }
    while offset > start + 1,
      source[offset - 1] == UInt8(ascii: "+") || source[offset - 1] == UInt8(ascii: "-")
    {
      offset -= 1
    }
    return offset
  }

  /// The end of a number: digits, a fraction, an exponent, and any letters glued to it (`0xFF` and
  /// `1_000` are numbers since PostgreSQL 16). `1..10` is `1`, `..`, `10`.
  private static func number(at start: Int, end: Int, in source: Span<UInt8>) -> Int {
    var offset = start
    while offset < end, source[offset].isDigit { offset += 1 }
    if offset < end, source[offset] == UInt8(ascii: ".") {
      let isRange = offset + 1 < end && source[offset + 1] == UInt8(ascii: ".") && offset > start
      if isRange { return offset }
      offset += 1
      while offset < end, source[offset].isDigit { offset += 1 }
    }
    if offset < end, source[offset] | 0x20 == UInt8(ascii: "e") {
      var exponent = offset + 1
      if exponent < end,
        source[exponent] == UInt8(ascii: "+") || source[exponent] == UInt8(ascii: "-")
      {
        exponent += 1
      }
      if exponent < end, source[exponent].isDigit { offset = exponent }
    }
    while offset < end, source[offset].startsIdentifier || source[offset].isDigit { offset += 1 }
    return offset
  }
}
