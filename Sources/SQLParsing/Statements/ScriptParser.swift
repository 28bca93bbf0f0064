/// Parses one script: as a whole where that works, else statement by statement.
struct ScriptParser {
  private let text: SourceText
  private let range: Range<Int>
  private let findsNeeds: Bool
  private let wantedConstants: Set<String>
  private let outline: ScriptOutline

  /// The script with blanks for whatever is not SQL (the byte order mark, lines for `psql`, data)
  /// and for the comments that libpg_query stumbles over.
  private let code: [UInt8]

  /// Takes a script.
  ///
  /// - Parameters:
  ///   - text: The script, in valid UTF-8.
  ///   - range: The part to parse, in bytes.
  ///   - findsNeeds: Whether to look for the objects that statements refer to.
  ///   - wantedConstants: The values of the string constants to look for.
  init(
    _ text: SourceText, range: Range<Int>, findsNeeds: Bool, wantedConstants: Set<String>
  ) {
    self.text = text
    self.range = range
    self.findsNeeds = findsNeeds
    self.wantedConstants = wantedConstants
    self.outline = ScriptOutline(text.bytes, range: range)
    var blanks =
      outline.metaCommands + outline.restrictions + outline.copyData + outline.commentsInStrings
    if range.lowerBound < text.byteOrderMarkLength {
      blanks.append(range.lowerBound..<min(text.byteOrderMarkLength, range.upperBound))
    }
    self.code = blanks.isEmpty ? text.bytes : text.bytes.blanking(blanks)
  }

  /// Parses it.
  ///
  /// - Returns: What the script holds.
  func parsed() -> ParsedSQL {
    var (statements, error) = parsedAsAWhole()
    if statements == nil {
      let (alone, firstError) = parsedOneByOne()
      statements = alone
      error = error ?? firstError ?? lexicalError
    }
    return ParsedSQL(
      statements: statements ?? [], syntaxError: error,
      metaCommands: outline.metaCommands.map(metaCommand), copyData: copyData(of: statements ?? []),
      restrictions: outline.restrictions)
  }

  /// Each stretch of data with the statement that it is for: the last `COPY` before it. (Others may
  /// stand between them on the same line.)
  private func copyData(of statements: [Statement]) -> [CopyData] {
    var next = 0
    var copy: Int?
    return outline.copyData.compactMap { range in
      while next < statements.count, statements[next].range.upperBound <= range.lowerBound {
        // One that is not parsed has the tag too.
        if statements[next].kind == .copyFromStdin || statements[next].kind == .unknownToParser,
          statements[next].tag == "COPY"
        {
          copy = next
        }
        next += 1
      }
      defer { copy = nil }
      return copy.map { CopyData(range, in: text.bytes, for: $0) }
    }
  }

  /// All statements by one call of the parser, which tells best where each ends.
  private func parsedAsAWhole() -> (statements: [Statement]?, error: SQLSyntaxError?) {
    let depth = outline.statements.lazy.map(\.depth).max() ?? 0
    guard range.count <= SQLParser.longestParsed, depth <= ParserDepth.most else {
      return (nil, nil)
    }
    do {
      return (try parse(range, depth: depth), nil)
    } catch {
      return (nil, syntaxError(error, in: range))
    }
  }

  /// Each statement by itself, and the first error; there may be millions of them.
  private func parsedOneByOne() -> (statements: [Statement], error: SQLSyntaxError?) {
    var statements: [Statement] = []
    statements.reserveCapacity(outline.statements.count)
    var firstError: SQLSyntaxError?
    for statement in outline.statements {
      let (parsed, error) = parsedAlone(statement)
      statements.append(parsed)
      firstError = firstError ?? error
    }
    return (statements, firstError)
  }

  /// One statement by a call of its own, if its size allows.
  private func parsedAlone(
    _ outline: StatementOutline
  ) -> (statement: Statement, error: SQLSyntaxError?) {
    let unparsed = UnparsedStatement(range: outline.range, in: text.bytes)
    let isTooMuch =
      outline.range.count > SQLParser.longestParsed || outline.depth > ParserDepth.most
    let isRowChange = range.count > SQLParser.longestFullyChecked && unparsed.changesRowsOnly
    if isTooMuch || isRowChange { return (unparsed.byFirstWord(), nil) }
    do {
      let statements = try parse(outline.range, depth: outline.depth)
      if let statement = statements.first, statements.count == 1 { return (statement, nil) }
      return (unparsed.refused(), nil)
    } catch {
      return (unparsed.refused(), syntaxError(error, in: outline.range))
    }
  }

  /// Parses a part of the script, with as much stack as it may need.
  private func parse(_ part: Range<Int>, depth: Int) throws(ParserError) -> [Statement] {
    let work = { () -> Result<[Statement], ParserError> in
      Result { () throws(ParserError) in try statements(in: part) }
    }
    guard let size = ParserDepth.stackSize(for: depth) else { return try work().get() }
    guard let result = onStack(ofSize: size, work) else {
      throw ParserError(message: "out of memory", character: 0)
    }
    return try result.get()
  }

  private func statements(in part: Range<Int>) throws(ParserError) -> [Statement] {
    let reader = StatementReader(
      bytes: code, base: part.lowerBound, findsNeeds: findsNeeds,
      wantedConstants: wantedConstants)
    return try ParseTree.parse(Array(code[part])) { tree in
      var statements: [Statement] = []
      unsafe tree.forEachStatement { node, place, isLast in
        let start = part.lowerBound + place.lowerBound
        let end = isLast ? part.upperBound : part.lowerBound + place.upperBound
        if let range = codeRange(in: start..<end) {
          statements.append(unsafe reader.statement(node, range: range))
        }
      }
      return statements
    }
  }

  /// A stretch of the script without the white space and comments around it.
  private func codeRange(in part: Range<Int>) -> Range<Int>? {
    var scanner = LexicalScanner(code, range: part)
    var range: Range<Int>?
    while let token = try? scanner.next() {
      if token.kind.isComment { continue }
      range = (range?.lowerBound ?? token.range.lowerBound)..<token.range.upperBound
    }
    return range
  }

  private var lexicalError: SQLSyntaxError? {
    outline.lexicalError.map {
      SQLSyntaxError(message: $0.message, position: text.position(atByte: $0.byteOffset))
    }
  }

  private func syntaxError(_ error: ParserError, in part: Range<Int>) -> SQLSyntaxError {
    let offset = byteOffset(ofCharacter: error.character, in: code[part])
    return SQLSyntaxError(message: error.message, position: text.position(atByte: offset))
  }

  private func metaCommand(_ range: Range<Int>) -> MetaCommand {
    var end = range.upperBound
    while end > range.lowerBound, text.bytes[end - 1].isSpace { end -= 1 }
    return MetaCommand(
      text: text.text(in: range.lowerBound..<end),
      position: text.position(atByte: range.lowerBound))
  }
}

extension CopyData {
  /// Takes the lines of a ``TokenKind/copyData``.
  fileprivate init(_ range: Range<Int>, in bytes: [UInt8], for statement: Int) {
    let lineFeed = bytes[range].lastIndex(of: UInt8(ascii: "\n"))
    let lastLine = (lineFeed.map { $0 + 1 } ?? range.lowerBound)..<range.upperBound
    isEnded =
      bytes[lastLine].elementsEqual("\\.".utf8) || bytes[lastLine].elementsEqual("\\.\r".utf8)
    content = range.lowerBound..<(isEnded ? lastLine.lowerBound : range.upperBound)
    self.range = range
    self.statement = statement
  }
}

extension [UInt8] {
  /// The same bytes with spaces for some of them; line ends stay.
  ///
  /// - Parameter ranges: What to blank out.
  /// - Returns: As many bytes.
  fileprivate func blanking(_ ranges: [Range<Int>]) -> [UInt8] {
    var bytes = self
    for offset in ranges.joined() where !bytes[offset].isNewline {
      bytes[offset] = UInt8(ascii: " ")
    }
    return bytes
  }
}
