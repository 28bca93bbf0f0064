internal import Platform
internal import SQLParsing

/// Puts rollback SQL where it belongs: into a section of a migration's file, or into a file beside it.
struct SectionWriter {
  private let file: MigrationFile
  /// The file beside it; nil where the SQL belongs into a section.
  private let rollbackPath: String?

  /// Takes a migration as it was read.
  ///
  /// - Parameters:
  ///   - file: the migration.
  ///   - rollbackPath: the file beside it, there or not, that holds only the rollback SQL; nil where
  ///     that belongs into a section.
  init(_ file: MigrationFile, rollbackPath: String? = nil) {
    self.file = file
    self.rollbackPath = rollbackPath
  }

  /// Why it takes no rollback SQL; nil where it does.
  var refusal: ErrorReport? {
    let path = file.declarationPath
    switch file.declaration {
    case .section(let section) where section.style == .file:
      return section.sql == nil
        ? nil
        : ErrorReport(
          .refused, "'\(path)' has rollback SQL already",
          hint: "edit it by hand, or empty the file and run the command again",
          location: ErrorReport.Location(file: path, line: section.firstLine))
    case .section(let section):
      return placeholder != nil
        ? nil
        : ErrorReport(
          .refused, "'\(path)' has a rollback section already",
          hint: "edit it by hand, or remove it and run the command again",
          location: ErrorReport.Location(file: path, line: section.startLine))
    case .irreversible(_, let line):
      return ErrorReport(
        .refused, "'\(path)' says that it is irreversible",
        hint: "remove that line first if it can be undone after all",
        location: ErrorReport.Location(file: path, line: line))
    case .none(let nearMisses):
      return nearMisses.first.map { miss in
        ErrorReport(
          .refused, "'\(miss.text)' looks like a rollback marker and is none",
          hint: "write '-- ROLLBACK START' and '-- ROLLBACK END' there, each alone on a line, "
            + "or reword the comment",
          location: ErrorReport.Location(file: file.path, line: miss.line))
      }
    }
  }

  /// Whether it takes the place of the TODO that stands for rollback SQL in a new migration.
  var replacesTodo: Bool { placeholder != nil }

  /// The bytes of a section, or of a file beside the migration's, that hold no more than the TODO
  /// with which `create` made it; nil where there is more in it.
  private var placeholder: Range<Int>? {
    guard case .section(let section) = file.declaration, section.sql == nil else { return nil }
    let isSection = section.style != .file
    let range = isSection ? section.range : 0..<text.bytes.count
    let lines = text.text(in: range).split(whereSeparator: \.isNewline)
    let body = isSection ? lines.dropFirst().dropLast() : lines[...]
    return body.count == 1 && body.allSatisfy { $0.hasPrefix(NewMigration.rollbackTodo) }
      ? range : nil
  }

  /// What is there of the file that is written.
  private var text: SourceText {
    rollbackPath == nil ? file.text : file.rollbackFile?.text ?? SourceText(bytes: [])
  }

  /// The file that is written, with rollback SQL in place of a TODO or at its end, a blank line
  /// before it; line ends as in the file.
  ///
  /// - Parameter section: lines that end in `\n`.
  /// - Returns: the bytes.
  func bytes(with section: String) -> [UInt8] {
    var bytes = text.bytes
    let lineEnd = usesCarriageReturns ? [0x0D, 0x0A] : [UInt8(ascii: "\n")]
    let section = section.utf8.flatMap { $0 == UInt8(ascii: "\n") ? lineEnd : [$0] }
    if let placeholder {
      // The line end of the last line stays where that of a section does.
      let isAtEnd = placeholder.upperBound == bytes.count
      bytes.replaceSubrange(placeholder, with: isAtEnd ? section : section.dropLast(lineEnd.count))
      return bytes
    }
    if bytes.count > text.byteOrderMarkLength {
      if bytes.last != UInt8(ascii: "\n") { bytes += lineEnd }
      if !endsInBlankLine(bytes) { bytes += lineEnd }
    }
    return bytes + section
  }

  /// Writes the file; one that is not there is made, and takes no other's place.
  ///
  /// - Parameters:
  ///   - section: lines that end in `\n`.
  ///   - sql: the rollback SQL that must come out of it when it is read again.
  /// - Throws: ``ErrorReport``: of code `refused` where the file was changed since it was read, of
  ///   code `file` where it cannot be written; the file is as it was then.
  func write(_ section: String, holding sql: String?) throws {
    let bytes = bytes(with: section)
    let path = rollbackPath ?? file.path
    guard isRead(try reading(bytes).rollbackSQL, as: sql) else {
      throw ErrorReport(
        .file, "the section would not be read back from '\(path)' as it is",
        hint: "copy it from the output of the command without --write, and edit it")
    }
    do {
      try Interrupts.protected { () throws(FileSystem.ReplacementError) in
        try put(bytes, at: path)
        // Written: no signal may say otherwise any more.
        Interrupts.settle()
      }
    } catch {
      switch error {
      case .changed:
        throw ErrorReport(
          .refused, "'\(path)' was changed meanwhile; nothing was written",
          hint: "run the command again")
      case .failed(let failure):
        throw ErrorReport(
          .file, "cannot write '\(path)': \(failure.reason)",
          hint: "check that you may write the file and its folder")
      }
    }
  }

  private func put(
    _ bytes: [UInt8], at path: String
  ) throws(FileSystem.ReplacementError) {
    guard rollbackPath != nil, file.rollbackFile == nil else {
      try FileSystem.replaceFile(atPath: path, with: bytes, expecting: text.bytes)
      return
    }
    do {
      try FileSystem.createFile(atPath: path, holding: bytes)
    } catch {
      throw .failed(error)
    }
  }

  /// Whether SQL is what was to be written; in a file of its own it stands behind the comments that
  /// were there.
  private func isRead(_ read: String?, as sql: String?) -> Bool {
    guard let read, let sql else { return read == sql }
    return rollbackPath == nil ? read == sql : read.hasSuffix(sql)
  }

  /// The migration as it would be; what an error says of lines that it does not have yet is left out.
  private func reading(_ bytes: [UInt8]) throws -> MigrationFile {
    do {
      guard let rollbackPath else {
        return try MigrationFile(name: file.name, path: file.path, bytes: bytes)
      }
      return try MigrationFile(
        name: file.name, path: file.path, bytes: file.text.bytes,
        rollbackFile: RollbackFile(path: rollbackPath, bytes: bytes))
    } catch var report as ErrorReport {
      report.details = []
      throw report
    }
  }

  /// Whether the file's first line ends as on Windows.
  private var usesCarriageReturns: Bool {
    guard let first = text.bytes.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    return first > 0 && text.bytes[first - 1] == 0x0D
  }

  private func endsInBlankLine(_ bytes: [UInt8]) -> Bool {
    var feeds = 0
    for byte in bytes.reversed() {
      if byte == UInt8(ascii: "\n") { feeds += 1 }
      if byte != UInt8(ascii: "\n"), byte != 0x0D { break }
      if feeds == 2 { return true }
    }
    return false
  }
}
