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
    let doublesQuotes = kind == .string
    var offset = quote + 1
    while offset < end {
      let byte = source[offset]
      if byte == UInt8(ascii: "\\"), hasEscapes {
        offset += 2
        continue
      }
      offset += 1
      guard byte == UInt8(ascii: "'") else { continue }
      if doublesQuotes, offset < end, source[offset] == UInt8(ascii: "'") {
        offset += 1
      } else if let next = continuation(from: offset, end: end, in: source) {
        offset = next
      } else {
        return offset
      }
    }
    throw LexicalError(kind: kind, byteOffset: start)
  }

  /// Where a string goes on: after white space with at least one line end, comments among it.
  ///
  /// `quotecontinue` in `scan.l`; a block comment is not allowed there.
  ///
  /// - Returns: The byte after the next opening quote; nil where the string is over.
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
        return sawNewline && byte == UInt8(ascii: "'") ? offset + 1 : nil
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
