internal import Platform
package import SQLParsing

/// A file that holds only the rollback SQL of the migration beside it: `NAME.down.sql`,
/// `NAME/down.sql`.
package struct RollbackFile: Sendable {
  /// The path, as shown to the user.
  package let path: String
  /// The whole file.
  package let text: SourceText
  /// What its header says of transactions; nil where it says nothing.
  let mode: TransactionMode?
  private let markers: [(comment: FileComments.Comment, marker: SectionMarker)]

  /// Takes a file's bytes.
  ///
  /// - Parameters:
  ///   - path: the path, as shown to the user.
  ///   - bytes: the file.
  /// - Throws: ``ErrorReport`` of code `file` when it is not UTF-8, holds a NUL or a quote that is
  ///   left open, or its header asks for a way to run that there is none of.
  package init(path: String, bytes: [UInt8]) throws {
    try SourceText.checkEncoding(of: bytes, path: path)
    self.path = path
    text = SourceText(bytes: bytes)
    let comments = try FileComments(of: text, path: path)
    markers = comments.markers
    mode = try TransactionHeader.mode(
      in: comments.header(without: nil).lazy.map { ($0.text, $0.line) }, path: path)
  }

  /// What the two files of a migration say about its undoing.
  ///
  /// Markers mean nothing here, since all of the file is rollback SQL; but a line
  /// `-- ROLLBACK IRREVERSIBLE: why` in a file of comments does.
  ///
  /// - Parameters:
  ///   - own: what the migration's own file says.
  ///   - migrationPath: the path of that file.
  ///   - defaultMode: how it runs where its header does not say.
  /// - Returns: the whole file as a section, or why there is none.
  /// - Throws: ``ErrorReport`` of code `file` when both files hold what undoes it, or a file both
  ///   undoes it and says that this cannot be done.
  func declaration(
    beside own: RollbackDeclaration, of migrationPath: String, defaultMode: TransactionMode
  ) throws -> RollbackDeclaration {
    func failure(_ message: String, _ path: String, line: Int) -> ErrorReport {
      ErrorReport(
        .file, message, hint: "keep one of them",
        location: ErrorReport.Location(file: path, line: line))
    }
    if case .section(let section) = own {
      throw failure(
        "a rollback section, and '\(path)' beside the file", migrationPath, line: section.startLine)
    }
    var section = RollbackSection(wholeFile: text, mode ?? defaultMode)
    for case (let comment, .irreversible(let why)) in markers {
      guard section.sql == nil else {
        throw failure("rollback SQL and 'ROLLBACK IRREVERSIBLE'", path, line: comment.line)
      }
      return .irreversible(why: why, line: comment.line)
    }
    if case .irreversible(_, let line) = own {
      guard section.sql == nil else {
        throw failure(
          "'ROLLBACK IRREVERSIBLE', and rollback SQL in '\(path)'", migrationPath, line: line)
      }
      return own
    }
    if section.sql == nil, let marker = markers.first(where: { $0.marker == .start }) {
      section.remarks.append(
        RollbackSection.Remark(
          line: marker.comment.line,
          words: "all of this file is rollback SQL: a section that is commented out in it counts "
            + "as none"))
    }
    return .section(section)
  }
}

extension RollbackSection {
  /// Takes a whole file as rollback SQL; there is none where it holds only comments.
  fileprivate init(wholeFile text: SourceText, _ mode: TransactionMode) {
    self.init(
      range: 0..<0, startLine: 1, style: .file, mode: mode, sql: nil, firstLine: 1, prefixes: [],
      remarks: [])
    take(SectionBody(of: text.bytes[text.byteOrderMarkLength...], after: 1))
  }
}

extension SourceText {
  /// Makes sure that bytes are text that PostgreSQL takes.
  ///
  /// - Parameters:
  ///   - bytes: a file.
  ///   - path: its path, for the error.
  /// - Throws: ``ErrorReport`` of code `file`, with the offset of the first byte that is not.
  static func checkEncoding(of bytes: [UInt8], path: String) throws {
    guard let offset = firstInvalidByte(in: bytes) else { return }
    let digits = String(bytes[offset], radix: 16)
    throw ErrorReport(
      .file,
      bytes[offset] == 0
        ? "'\(path)' holds a NUL at byte \(offset)"
        : "'\(path)' is not UTF-8: byte \(offset) is 0x\(digits.count < 2 ? "0" : "")\(digits)",
      hint: "save the file as UTF-8 text")
  }
}
