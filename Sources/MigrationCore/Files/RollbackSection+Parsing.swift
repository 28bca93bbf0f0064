internal import SQLParsing

extension RollbackDeclaration {
  /// Reads what a file says about its own undoing.
  ///
  /// - Parameters:
  ///   - text: the file.
  ///   - markers: its markers, in order.
  ///   - path: its path, for errors.
  /// - Throws: ``ErrorReport`` of code `file` for a second START, an END without START, a START
  ///   without END, a section beside an IRREVERSIBLE line.
  init(
    of text: SourceText, markers: [(comment: FileComments.Comment, marker: SectionMarker)],
    path: String
  ) throws {
    func failure(_ message: String, line: Int, hint: String) -> ErrorReport {
      ErrorReport(
        .file, message, hint: hint, location: ErrorReport.Location(file: path, line: line))
    }
    let nearMisses = markers.filter { $0.marker == .nearMiss }.map {
      NearMiss(
        line: $0.comment.line, text: $0.comment.text, isInBlockComment: $0.comment.isInBlockComment)
    }
    /// The near miss that was probably meant, as a remark for an error.
    func meant(after line: Int, before other: Int) -> String {
      guard let miss = nearMisses.first(where: { $0.line > line && $0.line < other }) else {
        return ""
      }
      return "; line \(miss.line), '\(miss.text)', is not one"
    }

    var open: FileComments.Comment?
    var closed: (start: FileComments.Comment, end: FileComments.Comment)?
    var irreversible: (why: String, line: Int)?
    for (comment, marker) in markers {
      switch marker {
      case .start:
        if let first = open ?? closed?.start {
          throw failure(
            "a second 'ROLLBACK START' (the first is on line \(first.line))", line: comment.line,
            hint: "a file has one rollback section: join them into one")
        }
        open = comment
      case .end:
        guard let start = open else {
          throw failure(
            "'ROLLBACK END' without a 'ROLLBACK START' before it"
              + meant(after: closed?.end.line ?? 0, before: comment.line), line: comment.line,
            hint: "write '-- ROLLBACK START' alone on a line before the rollback SQL")
        }
        closed = (start, comment)
        open = nil
      case .irreversible(let why):
        irreversible = irreversible ?? (why, comment.line)
      case .nearMiss: break
      }
    }
    if let open {
      throw failure(
        "'ROLLBACK START' without a 'ROLLBACK END' after it"
          + meant(after: open.line, before: .max), line: open.line,
        hint: "write '-- ROLLBACK END' alone on a line after the rollback SQL")
    }
    switch (closed, irreversible) {
    case (let closed?, let irreversible?)
    where !(closed.start.line...closed.end.line).contains(irreversible.line):
      throw failure(
        "a rollback section (line \(closed.start.line)) and 'ROLLBACK IRREVERSIBLE'",
        line: irreversible.line, hint: "keep one of them")
    case (let closed?, _):
      self = .section(RollbackSection(of: text, start: closed.start, end: closed.end))
    case (nil, let irreversible?):
      self = .irreversible(why: irreversible.why, line: irreversible.line)
    case (nil, nil):
      self = .none(nearMisses: nearMisses)
    }
  }
}

extension RollbackSection {
  /// One line of a section's body.
  private struct BodyLine {
    var number: Int
    var text: String
    /// How many characters of the file's line are gone from `text`.
    var prefix = 0
  }

  /// Reads the body between two markers.
  fileprivate init(
    of text: SourceText, start: FileComments.Comment, end: FileComments.Comment
  ) {
    range = start.lineRange.lowerBound..<end.lineRange.upperBound
    startLine = start.line
    firstLine = start.line + 1
    prefixes = []
    remarks = []
    style = .live

    let body = Self.withoutBlankEnds(
      (start.line + 1..<max(end.line, start.line + 1)).map {
        BodyLine(number: $0, text: text.line($0))
      })
    guard !body.isEmpty else { return }
    let lines: [BodyLine]
    if body.allSatisfy({ $0.text.trimmed.isEmpty || $0.text.trimmed.hasPrefix("--") }) {
      style = .commentedLines
      lines = Self.withoutBlankEnds(body.map(Self.uncommentingLine))
    } else if let inside = Self.uncommentingBlock(body) {
      style = .commentedBlock
      lines = Self.withoutBlankEnds(inside)
    } else {
      lines = body
    }
    let joined = SourceText(lines.map(\.text).joined(separator: "\n"))
    let parsed = SQLParser.parse(joined)
    if style != .live, let error = parsed.syntaxError {
      // Prose is no SQL; but what begins like SQL may have been meant as such.
      let line = lines[min(max(error.position.line, 1), lines.count) - 1].number
      remarks.append(
        "the rollback section is a comment that is not SQL (line \(line): \(error.message)): "
          + "it counts as no rollback SQL")
    } else {
      take(lines, parsed, joined)
    }
  }

  /// Makes lines the section's SQL, less a BEGIN and COMMIT that wrap it, if there is anything in
  /// them to run.
  private mutating func take(_ lines: [BodyLine], _ parsed: ParsedSQL, _ joined: SourceText) {
    var statementCount = parsed.statements.count
    var kept = lines
    if let bare = TransactionWrapping.removed(from: joined, parsed.statements) {
      remarks.append(
        "the BEGIN and COMMIT around the rollback SQL are dropped: it runs in one transaction")
      statementCount -= 2
      kept = zip(lines, bare.split(separator: "\n", omittingEmptySubsequences: false)).map {
        BodyLine(number: $0.number, text: String($1), prefix: $0.prefix)
      }
      kept = Self.withoutBlankEnds(kept)
    }
    guard statementCount > 0 || !parsed.metaCommands.isEmpty, let first = kept.first else { return }
    sql = kept.map(\.text).joined(separator: "\n")
    firstLine = first.number
    prefixes = kept.map(\.prefix)
  }

  private static func withoutBlankEnds(_ lines: [BodyLine]) -> [BodyLine] {
    var rest = lines[...].drop { $0.text.trimmed.isEmpty }
    while let last = rest.last, last.text.trimmed.isEmpty { rest = rest.dropLast() }
    return Array(rest)
  }

  /// A line less its blanks, its dashes and one blank after them.
  private static func uncommentingLine(_ line: BodyLine) -> BodyLine {
    guard let dashes = line.text.firstIndex(of: "-") else { return line }
    var rest = line.text[dashes...].dropFirst(2)
    if rest.first == " " || rest.first == "\t" { rest = rest.dropFirst() }
    return BodyLine(
      number: line.number, text: String(rest),
      prefix: line.text.unicodeScalars.count - rest.unicodeScalars.count)
  }

  /// The inside of a body that is one `/* */`, alone on its lines, and perhaps `--` comments around
  /// it, which stay; nil when it is anything else.
  private static func uncommentingBlock(_ lines: [BodyLine]) -> [BodyLine]? {
    let text = SourceText(lines.map(\.text).joined(separator: "\n"))
    var scanner = ScriptScanner(text.bytes)
    var block: Range<Int>?
    while let token = try? scanner.next() {
      switch token.kind {
      case .lineComment: continue
      case .blockComment where block == nil: block = token.range
      default: return nil
      }
    }
    guard let block else { return nil }
    let start = text.position(atByte: block.lowerBound)
    let end = text.position(atByte: block.upperBound)
    func characters(ofLine number: Int) -> String.UnicodeScalarView.SubSequence {
      lines[number - 1].text.unicodeScalars[...]
    }
    guard characters(ofLine: start.line).prefix(start.column - 1).allSatisfy(isBlank),
      characters(ofLine: end.line).dropFirst(end.column - 1).allSatisfy(isBlank)
    else { return nil }
    var inside = lines
    var tail = characters(ofLine: end.line).prefix(end.column - 3)
    if start.line == end.line { tail = tail.dropFirst(start.column + 1) }
    inside[start.line - 1].text = String(characters(ofLine: start.line).dropFirst(start.column + 1))
    inside[start.line - 1].prefix = start.column + 1
    inside[end.line - 1].text = String(tail)
    return inside
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
