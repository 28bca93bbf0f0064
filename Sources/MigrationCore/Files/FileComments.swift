internal import SQLParsing

/// The `--` comments of a file that may matter to us: those that stand alone on their line.
struct FileComments {
  /// One comment.
  struct Comment {
    /// The line, counted from 1.
    var line: Int
    /// The bytes of the whole line, without its line end.
    var lineRange: Range<Int>
    /// The byte offset of its dashes.
    var start: Int
    /// From the dashes to the end of the line.
    var text: String
    /// Whether it stands inside a `/* */`: then it is none, though it may have been meant as one.
    var isInBlockComment = false
  }

  /// The comments, wherever they stand, that are markers or were probably meant as such.
  private(set) var markers: [(comment: Comment, marker: SectionMarker)] = []
  private let text: SourceText
  private let candidates: [CommentLine]

  /// A line that looks like a comment: there may be millions.
  fileprivate struct CommentLine {
    var number: Int
    /// Without its line end.
    var range: Range<Int>
    /// Where its dashes stand.
    var start: Int
  }

  /// Finds the comments of a text.
  ///
  /// Lines that look like comments are found bytewise; only when one of them looks like a marker is
  /// the text scanned as SQL, to tell a comment from a line inside a string.
  ///
  /// - Parameters:
  ///   - text: the file.
  ///   - path: its path, for errors.
  /// - Throws: ``ErrorReport`` of code `file` when a string, comment or quoted name that is left
  ///   open stands between a candidate and its meaning.
  init(of text: SourceText, path: String) throws {
    self.text = text
    candidates = Self.commentLines(in: text)
    let wanted = candidates.compactMap { line -> (Comment, SectionMarker)? in
      guard SectionMarker.mayStand(in: text.bytes[line.start..<line.range.upperBound]) else {
        return nil
      }
      let comment = Comment(line, in: text)
      return SectionMarker(comment: comment.text).map { (comment, $0) }
    }
    var index = 0
    var scanner = ScriptScanner(text.bytes)
    do {
      var start = wanted.first?.0.start
      while let next = start, let token = try scanner.next() {
        // Most tokens end before the next candidate, which is not looked at for each.
        if token.range.upperBound <= next { continue }
        while index < wanted.count, wanted[index].0.start < token.range.upperBound {
          var (comment, marker) = wanted[index]
          if token.kind == .lineComment, token.range.lowerBound == comment.start {
            markers.append((comment, marker))
          } else if token.kind == .blockComment, token.range.contains(comment.start),
            marker != .nearMiss
          {
            comment.isInBlockComment = true
            markers.append((comment, .nearMiss))
          }
          index += 1
        }
        start = index < wanted.count ? wanted[index].0.start : nil
      }
    } catch {
      let place = text.position(atByte: error.byteOffset)
      throw ErrorReport(
        .file, error.message,
        details: [
          "line \(wanted[index].0.line), '\(wanted[index].0.text)', may be part of it"
        ],
        hint: "close it, so that the rollback section can be told from what it holds",
        location: ErrorReport.Location(file: path, line: place.line, column: place.column))
    }
  }

  /// The comments before the first statement.
  ///
  /// - Parameter section: the rollback section, which counts as blank; nil without one.
  /// - Returns: the comments that stand alone on their line, in order.
  func header(without section: Range<Int>?) -> [Comment] {
    guard !candidates.isEmpty else { return [] }
    let firstCode = firstStatement(without: section)
    return candidates.prefix { $0.start < firstCode }
      .filter { line in section.map { !$0.contains(line.start) } ?? true }
      .map { Comment($0, in: text) }
  }

  /// The offset of the first token outside the section that is no comment; past the end when there
  /// is none.
  private func firstStatement(without section: Range<Int>?) -> Int {
    var scanner = ScriptScanner(text.bytes)
    do {
      while let token = try scanner.next() {
        if token.kind.isComment { continue }
        if let section, section.contains(token.range.lowerBound) { continue }
        return token.range.lowerBound
      }
    } catch {
      return error.byteOffset
    }
    return text.bytes.count
  }

  /// Every line whose first characters after blanks are two dashes. Lines end as PostgreSQL's
  /// scanner ends comments: at `\n`, `\r\n` or a lone `\r`.
  private static func commentLines(in text: SourceText) -> [CommentLine] {
    let bytes = text.bytes
    let dash = UInt8(ascii: "-")
    var found: [CommentLine] = []
    var line = 0
    var start = 0
    while start < bytes.count {
      line += 1
      let end = bytes[start...].firstIndex(where: isLineEnd) ?? bytes.count
      var first = start == 0 ? text.byteOrderMarkLength : start
      while first < end, bytes[first] == UInt8(ascii: " ") || bytes[first] == UInt8(ascii: "\t") {
        first += 1
      }
      if first + 1 < end, bytes[first] == dash, bytes[first + 1] == dash {
        found.append(CommentLine(number: line, range: start..<end, start: first))
      }
      start = end + 1
      if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\r"),
        bytes[end + 1] == UInt8(ascii: "\n")
      {
        start = end + 2
      }
    }
    return found
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

extension FileComments.Comment {
  fileprivate init(_ line: FileComments.CommentLine, in text: SourceText) {
    self.init(
      line: line.number, lineRange: line.range, start: line.start,
      text: text.text(in: line.start..<line.range.upperBound))
  }
}
