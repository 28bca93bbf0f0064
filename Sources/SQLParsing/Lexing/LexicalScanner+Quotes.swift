/// Whatever is opened and must be closed: strings, quoted identifiers, dollar quotes, comments.
extension LexicalScanner {
  /// The end of a string that may go on, after a line end, in another pair of quotes.
  ///
  /// - Parameters:
  ///   - kind: What to call it where it is never closed.
  ///   - start: Where the token begins, its prefix included.
  ///   - quote: Where the opening quote stands.
  ///   - end: Where the text ends.
  ///   - source: The text.
  /// - Returns: The byte after the last closing quote.
  /// - Throws: ``LexicalError`` where it is never closed.
  static func string(
    _ kind: LexicalError.Kind, at start: Int, quote: Int, end: Int, in source: Span<UInt8>
  ) throws(LexicalError) -> Int {
    let hasEscapes = quote == start + 1 && source[start] | 0x20 == UInt8(ascii: "e")
    var offset = quote
    while let close = closingQuote(
      after: offset, hasEscapes: hasEscapes, doublesQuotes: kind == .string, end: end, in: source)
    {
      guard let next = continuation(from: close + 1, end: end, in: source) else {
        return close + 1
      }
      offset = next
    }
    throw LexicalError(kind: kind, byteOffset: start)
  }

  /// The quote that closes what another opened; nil where there is none.
  private static func closingQuote(
    after quote: Int, hasEscapes: Bool, doublesQuotes: Bool, end: Int, in source: Span<UInt8>
  ) -> Int? {
    var offset = quote + 1
    while offset < end {
      let byte = source[offset]
      if byte == UInt8(ascii: "'") {
        let isDoubled =
          doublesQuotes && offset + 1 < end && source[offset + 1] == UInt8(ascii: "'")
        guard isDoubled else { return offset }
        offset += 2
      } else {
        offset += byte == UInt8(ascii: "\\") && hasEscapes ? 2 : 1
      }
    }
    return nil
  }

  /// The line comments between the parts of a string that goes on over several lines.
  ///
  /// PostgreSQL's scanner takes them for white space; that of libpg_query ends the string there.
  ///
  /// - Parameter token: A string in this text.
  /// - Returns: The comments, in bytes.
  func commentsBetweenParts(of token: Token) -> [Range<Int>] {
    let source = bytes.span
    var quote = token.range.lowerBound
    while source[quote] != UInt8(ascii: "'") { quote += 1 }
    let prefix = source[token.range.lowerBound] | 0x20
    let isPlain = quote == token.range.lowerBound
    let isBits = !isPlain && (prefix == UInt8(ascii: "b") || prefix == UInt8(ascii: "x"))
    var comments: [Range<Int>] = []
    while let close = Self.closingQuote(
      after: quote, hasEscapes: !isPlain && prefix == UInt8(ascii: "e"), doublesQuotes: !isBits,
      end: token.range.upperBound, in: source),
      let next = Self.continuation(from: close + 1, end: token.range.upperBound, in: source)
    {
      var offset = close + 1
      while offset < next {
        let start = offset
        offset =
          source[offset] == UInt8(ascii: "-")
          ? Self.lineEnd(from: offset, end: next, in: source) : offset + 1
        if offset > start + 1 { comments.append(start..<offset) }
      }
      quote = next
    }
    return comments
  }

  /// Where a string goes on: after white space with at least one line end, comments among it.
  ///
  /// `quotecontinue` in `scan.l`; a block comment is not allowed there.
  ///
  /// - Returns: The next opening quote; nil where the string is over.
  private static func continuation(from offset: Int, end: Int, in source: Span<UInt8>) -> Int? {
    var offset = offset
    var sawNewline = false
    while offset < end {
      let byte = source[offset]
      if byte.isNewline {
        sawNewline = true
        offset += 1
      } else if byte.isSpace {
        offset += 1
      } else if byte == UInt8(ascii: "-"), offset + 1 < end,
        source[offset + 1] == UInt8(ascii: "-")
      {
        offset = lineEnd(from: offset, end: end, in: source)
      } else {
        return sawNewline && byte == UInt8(ascii: "'") ? offset : nil
      }
    }
    return nil
  }

  /// The end of `"..."`, where `""` is a quote in the name.
  ///
  /// - Parameters:
  ///   - start: Where the token begins, its prefix included.
  ///   - quote: Where the opening quote stands.
  ///   - end: Where the text ends.
  ///   - source: The text.
  /// - Returns: The byte after the closing quote.
  /// - Throws: ``LexicalError`` where it is never closed.
  static func quotedIdentifier(
    at start: Int, quote: Int, _ end: Int, _ source: Span<UInt8>
  ) throws(LexicalError) -> Int {
    var offset = quote + 1
    while offset < end {
      offset += 1
      guard source[offset - 1] == UInt8(ascii: "\"") else { continue }
      guard offset < end, source[offset] == UInt8(ascii: "\"") else { return offset }
      offset += 1
    }
    throw LexicalError(kind: .quotedIdentifier, byteOffset: start)
  }

  /// What a `$` begins: a parameter, a dollar-quoted string, or nothing.
  ///
  /// - Parameters:
  ///   - start: Where the `$` stands.
  ///   - end: Where the text ends.
  ///   - source: The text.
  /// - Returns: The token's kind and the byte after it.
  /// - Throws: ``LexicalError`` where the string is never closed.
  static func dollar(
    at start: Int, end: Int, in source: Span<UInt8>
  ) throws(LexicalError) -> (kind: TokenKind, end: Int) {
    var offset = start + 1
    if offset < end, source[offset].isDigit {
      while offset < end, source[offset].isDigit { offset += 1 }
      return (.parameter, offset)
    }
    if offset < end, source[offset].startsIdentifier {
      while offset < end, source[offset].continuesTag { offset += 1 }
    }
    guard offset < end, source[offset] == UInt8(ascii: "$") else {
      return (.punctuation, start + 1)
    }
    let delimiterLength = offset + 1 - start
    offset += 1
    while offset < end {
      guard source[offset] == UInt8(ascii: "$") else {
        offset += 1
        continue
      }
      if offset + delimiterLength <= end,
        repeats(start, at: offset, length: delimiterLength, in: source)
      {
        return (.dollarString, offset + delimiterLength)
      }
      offset += 1
    }
    throw LexicalError(kind: .dollarString, byteOffset: start)
  }

  /// Whether the bytes at one place are the same as those at another.
  private static func repeats(
    _ first: Int, at second: Int, length: Int, in source: Span<UInt8>
  ) -> Bool {
    for index in 0..<length where source[first + index] != source[second + index] {
      return false
    }
    return true
  }

  /// The end of a block comment, those nested in it included.
  ///
  /// - Parameters:
  ///   - start: Where the opening `/*` stands.
  ///   - end: Where the text ends.
  ///   - source: The text.
  /// - Returns: The byte after the closing `*/`.
  /// - Throws: ``LexicalError`` where it is never closed.
  static func blockComment(
    at start: Int, end: Int, in source: Span<UInt8>
  ) throws(LexicalError) -> Int {
    var depth = 1
    var offset = start + 2
    while offset + 1 < end {
      let byte = source[offset]
      if byte == UInt8(ascii: "*"), source[offset + 1] == UInt8(ascii: "/") {
        offset += 2
        depth -= 1
        if depth == 0 { return offset }
      } else if byte == UInt8(ascii: "/"), source[offset + 1] == UInt8(ascii: "*") {
        offset += 2
        depth += 1
      } else {
        offset += 1
      }
    }
    throw LexicalError(kind: .blockComment, byteOffset: start)
  }

  /// The first byte of the line end, or the end of the text.
  ///
  /// - Parameters:
  ///   - offset: Where to look from.
  ///   - end: Where the text ends.
  ///   - source: The text.
  /// - Returns: Bytes from the start of the text.
  static func lineEnd(from offset: Int, end: Int, in source: Span<UInt8>) -> Int {
    var offset = offset
    while offset < end, !source[offset].isNewline { offset += 1 }
    return offset
  }
}
