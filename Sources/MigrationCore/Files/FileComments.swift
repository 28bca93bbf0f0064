internal import SQLParsing

/// The `--` comments of a file that may matter to us: those that stand alone on their line.
struct FileComments {
  /// One comment.
  struct Comment {
    /// The line, counted from 1.
    var line: Int
    /// The bytes of the whole line, without its line end.
    var lineRange: Range<Int>
    /// From the dashes to the end of the line.
    var text: String
  }

  /// The comments before the first statement.
  var header: [Comment] = []
  /// The comments, header or not, that are markers or were probably meant as such.
  var markers: [(comment: Comment, marker: SectionMarker)] = []

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
    let candidates = Self.commentLines(in: text.bytes)
    guard !candidates.isEmpty else { return }
    let comments = candidates.map { candidate in
      (candidate, SectionMarker(comment: candidate.text))
    }
    let wanted = comments.filter { $0.1 != nil }
    let firstCode = try Self.firstStatement(of: text)
    header = candidates.prefix { $0.lineRange.lowerBound < firstCode }.map { $0 }
    guard !wanted.isEmpty else { return }

    var index = 0
    var scanner = ScriptScanner(text.bytes)
    do {
      while index < wanted.count, let token = try scanner.next() {
        while index < wanted.count, Self.start(of: wanted[index].0) < token.range.lowerBound {
          index += 1
        }
        guard index < wanted.count, let marker = wanted[index].1 else { break }
        if token.kind == .lineComment, token.range.lowerBound == Self.start(of: wanted[index].0) {
          markers.append((wanted[index].0, marker))
          index += 1
        }
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

  /// Where a comment's dashes stand.
  private static func start(of comment: Comment) -> Int {
    comment.lineRange.upperBound - comment.text.utf8.count
  }

  /// The offset of the first token that is no comment; past the end when there is none.
  private static func firstStatement(of text: SourceText) throws -> Int {
    var scanner = ScriptScanner(text.bytes)
    do {
      while let token = try scanner.next() {
        if !token.kind.isComment { return token.range.lowerBound }
      }
    } catch {
      return error.byteOffset
    }
    return text.bytes.count
  }

  /// Every line whose first characters after blanks are two dashes.
  private static func commentLines(in bytes: [UInt8]) -> [Comment] {
    let dash = UInt8(ascii: "-")
    var found: [Comment] = []
    var line = 0
    var start = 0
    while start < bytes.count {
      line += 1
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      var first = start
      if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { first = 3 }
      while first < end, bytes[first] == UInt8(ascii: " ") || bytes[first] == UInt8(ascii: "\t") {
        first += 1
      }
      if first + 1 < end, bytes[first] == dash, bytes[first + 1] == dash {
        let last = bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
        found.append(
          Comment(
            line: line, lineRange: start..<last,
            text: String(decoding: bytes[first..<last], as: UTF8.self)))
      }
      start = end + 1
    }
    return found
  }
}
