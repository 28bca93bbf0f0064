internal import Platform
internal import SQLParsing

/// Puts a rollback section into a migration file.
struct SectionWriter {
  private let file: MigrationFile

  /// Takes a file as it was read.
  ///
  /// - Parameter file: the file.
  init(_ file: MigrationFile) {
    self.file = file
  }

  /// Why the file takes no section; nil where it does.
  var refusal: ErrorReport? {
    switch file.declaration {
    case .section(let section):
      ErrorReport(
        .refused, "'\(file.path)' has a rollback section already",
        hint: "edit it by hand, or remove it and run the command again",
        location: ErrorReport.Location(file: file.path, line: section.startLine))
    case .irreversible(_, let line):
      ErrorReport(
        .refused, "'\(file.path)' says that it is irreversible",
        hint: "remove that line first if it can be undone after all",
        location: ErrorReport.Location(file: file.path, line: line))
    case .none(let nearMisses):
      nearMisses.first.map { miss in
        ErrorReport(
          .refused, "'\(miss.text)' looks like a rollback marker and is none",
          hint: "write '-- ROLLBACK START' and '-- ROLLBACK END' there, each alone on a line, "
            + "or reword the comment",
          location: ErrorReport.Location(file: file.path, line: miss.line))
      }
    }
  }

  /// The file with a section at its end: a blank line before it, line ends as in the file.
  ///
  /// - Parameter section: lines that end in `\n`.
  /// - Returns: the bytes.
  func bytes(with section: String) -> [UInt8] {
    var bytes = file.text.bytes
    let lineEnd = usesCarriageReturns ? [0x0D, 0x0A] : [UInt8(ascii: "\n")]
    if bytes.count > file.text.byteOrderMarkLength {
      if bytes.last != UInt8(ascii: "\n") { bytes += lineEnd }
      if !endsInBlankLine(bytes) { bytes += lineEnd }
    }
    for byte in section.utf8 {
      if byte == UInt8(ascii: "\n") { bytes += lineEnd } else { bytes.append(byte) }
    }
    return bytes
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - section: lines that end in `\n`.
  ///   - sql: the rollback SQL that must come out of it when it is read again.
  /// - Throws: ``ErrorReport``: of code `refused` where the file was changed since it was read, of
  ///   code `file` where it cannot be written; the file is as it was then.
  func write(_ section: String, holding sql: String?) throws {
    let bytes = bytes(with: section)
    let written = try reading(bytes)
    guard written.rollbackSQL == sql else {
      throw ErrorReport(
        .file, "the section would not be read back from '\(file.path)' as it is",
        hint: "copy it from the output of the command without --write, and edit it")
    }
    do {
      try Interrupts.protected { () throws(FileSystem.ReplacementError) in
        try FileSystem.replaceFile(atPath: file.path, with: bytes, expecting: file.text.bytes)
        // Written: no signal may say otherwise any more.
        Interrupts.settle()
      }
    } catch {
      switch error {
      case .changed:
        throw ErrorReport(
          .refused, "'\(file.path)' was changed meanwhile; nothing was written",
          hint: "run the command again")
      case .failed(let failure):
        throw ErrorReport(
          .file, "cannot write '\(file.path)': \(failure.reason)",
          hint: "check that you may write the file and its folder")
      }
    }
  }

  /// The file as it would be; what an error says of lines that it does not have yet is left out.
  private func reading(_ bytes: [UInt8]) throws -> MigrationFile {
    do {
      return try MigrationFile(name: file.name, path: file.path, bytes: bytes)
    } catch var report as ErrorReport {
      report.details = []
      throw report
    }
  }

  /// Whether the file's first line ends as on Windows.
  private var usesCarriageReturns: Bool {
    guard let first = file.text.bytes.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    return first > 0 && file.text.bytes[first - 1] == 0x0D
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
