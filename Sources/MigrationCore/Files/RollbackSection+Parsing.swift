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
    let wish = SectionTransaction.wish(in: SectionMarker.words(behindStartIn: start.text))
    mode = wish == .none ? .none : .single
    if wish == .unclear {
      remarks.append(
        Remark(
          line: start.line,
          words: "'\(start.text)' means one transaction: for statement by statement write "
            + "'-- ROLLBACK START (no transaction)'"))
    }

    let body = SectionBody(
      of: text.bytes[start.lineRange.upperBound..<end.lineRange.lowerBound], after: start.line)
    if body.text.isEmpty { return }
    let inside: SectionBody
    if body.isCommentedByLine {
      style = .commentedLines
      inside = body.uncommentingLines()
    } else if let block = body.uncommentingBlock() {
      style = .commentedBlock
      inside = block
    } else {
      take(body)
      return
    }
    if let error = SQLParser.parse(SourceText(bytes: inside.text)).syntaxError {
      // Prose is no SQL; but what begins like SQL may have been meant as such.
      let line = inside.firstLine + error.position.line - 1
      remarks.append(
        Remark(
          line: line,
          words: "the rollback section is a comment that is not SQL (\(error.message)): "
            + "it counts as no rollback SQL"))
    } else {
      take(inside)
    }
  }

  /// Makes a body the section's SQL, if there is anything in it to run: less a BEGIN and COMMIT that
  /// wrap it, where it is one transaction in any case.
  mutating func take(_ body: SectionBody) {
    var body = body
    if mode == .single, body.opening == .transaction {
      let text = SourceText(bytes: body.text)
      if let bare = TransactionWrapping.removed(from: text, SQLParser.parse(text).statements) {
        remarks.append(
          Remark(
            line: body.firstLine,
            words: "the BEGIN and COMMIT around the rollback SQL are dropped: "
              + "it runs in one transaction"))
        body.text = bare
        body.dropBlankEnds()
      }
    }
    if body.opening == .nothing { return }
    sql = String(decoding: body.text, as: UTF8.self)
    firstLine = body.firstLine
    prefixes = body.prefixes
  }
}
