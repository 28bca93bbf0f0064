/// Cuts an SQL script into tokens as `psql` does: PostgreSQL's own rules, and besides them the two
/// things in a script that are not SQL.
///
/// - A line whose first character is a `\`, outside any quote or comment, is a meta-command
///   (``TokenKind/metaCommand``).
/// - The lines after `COPY ... FROM stdin;`, up to the line `\.`, are data
///   (``TokenKind/copyData``): they may hold quotes and comment signs that mean nothing.
package struct ScriptScanner {
  private let bytes: [UInt8]
  private let range: Range<Int>
  private var scanner: LexicalScanner

  /// How far the current statement looks like `COPY ... FROM stdin`.
  private var copy = CopyProgress.betweenStatements

  /// The end of the line that ended a `COPY ... FROM stdin`: its data begins on the next.
  private var lineBeforeData: Int?

  private enum CopyProgress {
    case betweenStatements, otherStatement, copy, copyFrom, copyFromStdin
  }

  /// Starts at the beginning of a text or of a part of it.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - range: The part to scan, in bytes; the whole text where nil.
  package init(_ bytes: [UInt8], range: Range<Int>? = nil) {
    self.bytes = bytes
    self.range = range ?? 0..<bytes.count
    self.scanner = LexicalScanner(bytes, range: range)
  }

  /// The next token, comments included, white space not.
  ///
  /// - Returns: The token; nil at the end of the text, and ever after an error.
  /// - Throws: ``LexicalError`` where a quote or a comment is open at the end of the text.
  package mutating func next() throws(LexicalError) -> Token? {
    if let data = copyData() {
      scanner.skip(to: data.upperBound)
      return Token(kind: .copyData, range: data)
    }
    guard let token = try scanner.next() else { return nil }
    if isMetaCommand(token) {
      let end = LexicalScanner.lineEnd(
        from: token.range.lowerBound, end: range.upperBound, in: bytes.span)
      scanner.skip(to: end)
      return Token(kind: .metaCommand, range: token.range.lowerBound..<end)
    }
    follow(token)
    return token
  }

  /// Whether a token is a `\` with nothing but blanks before it on its line.
  private func isMetaCommand(_ token: Token) -> Bool {
    guard token.kind == .punctuation, bytes[token.range.lowerBound] == UInt8(ascii: "\\") else {
      return false
    }
    let mark = range.lowerBound == 0 && bytes.starts(with: ByteOrderMark.utf8)
    let start = mark ? ByteOrderMark.utf8.count : range.lowerBound
    var offset = token.range.lowerBound
    while offset > start, bytes[offset - 1].isSpace, !bytes[offset - 1].isNewline { offset -= 1 }
    return offset == start || bytes[offset - 1].isNewline
  }

  /// Notices the end of a `COPY ... FROM stdin`.
  private mutating func follow(_ token: Token) {
    guard !token.kind.isComment else { return }
    if token.kind == .semicolon {
      if copy == .copyFromStdin { lineBeforeData = lineFeed(from: token.range.upperBound) }
      copy = .betweenStatements
      return
    }
    switch copy {
    case .otherStatement, .copyFromStdin:
      break
    case .betweenStatements:
      copy = bytes.spells("copy", at: token.range) ? .copy : .otherStatement
    case .copy:
      if token.kind == .word, bytes.spells("from", at: token.range) { copy = .copyFrom }
    case .copyFrom:
      let isStdin = token.kind == .word && bytes.spells("stdin", at: token.range)
      copy = isStdin ? .copyFromStdin : .copy
    }
  }

  /// The data, if nothing but blanks stands between here and the line before it.
  private mutating func copyData() -> Range<Int>? {
    guard let lineBeforeData else { return nil }
    var offset = scanner.position
    while offset < lineBeforeData, bytes[offset].isSpace { offset += 1 }
    if offset < lineBeforeData { return nil }
    self.lineBeforeData = nil
    guard offset == lineBeforeData, offset + 1 < range.upperBound else { return nil }
    let start = lineBeforeData + 1
    var lineStart = start
    while lineStart < range.upperBound {
      let lineEnd = lineFeed(from: lineStart) ?? range.upperBound
      if isEndOfData(lineStart..<lineEnd) { return start..<lineEnd }
      lineStart = lineEnd + 1
    }
    return start..<range.upperBound
  }

  /// Whether a line is `\.`, with or without a carriage return.
  private func isEndOfData(_ line: Range<Int>) -> Bool {
    guard line.count == 2 || (line.count == 3 && bytes[line.upperBound - 1].isNewline) else {
      return false
    }
    return bytes[line.lowerBound] == UInt8(ascii: "\\")
      && bytes[line.lowerBound + 1] == UInt8(ascii: ".")
  }

  /// The next `\n`, the only line end that `psql` reads by.
  private func lineFeed(from offset: Int) -> Int? {
    let source = bytes.span
    for offset in offset..<range.upperBound where source[offset] == UInt8(ascii: "\n") {
      return offset
    }
    return nil
  }
}
