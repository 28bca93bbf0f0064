internal import Platform
package import SQLParsing

/// A migration file, read: its SQL both ways, its header, its checksums.
package struct MigrationFile: Sendable {
  /// The migration's name.
  package let name: MigrationName
  /// The path, as shown to the user.
  package let path: String
  /// The whole file.
  package let text: SourceText
  /// What it says about its own undoing.
  package let declaration: RollbackDeclaration
  /// The migrations it says it depends on.
  package let dependencies: [DeclaredDependency]

  /// Reads a file.
  ///
  /// - Parameter entry: its name and path.
  /// - Returns: the file.
  /// - Throws: ``ErrorReport`` of code `file` when it cannot be read, is not UTF-8, holds a NUL, or
  ///   its markers are out of order.
  package static func read(_ entry: MigrationFolder.Entry) throws -> MigrationFile {
    do {
      let bytes = try FileSystem.readFile(atPath: entry.path)
      return try MigrationFile(name: entry.name, path: entry.path, bytes: bytes)
    } catch let error as FileSystemError {
      throw ErrorReport(
        .file, "cannot read '\(entry.path)': \(error.reason)",
        hint: "check that the file is there and that you may read it")
    }
  }

  /// Takes a file's bytes.
  ///
  /// - Parameters:
  ///   - name: the migration's name.
  ///   - path: the path, as shown to the user.
  ///   - bytes: the file.
  /// - Throws: ``ErrorReport`` of code `file`, as ``read(_:)``.
  package init(name: MigrationName, path: String, bytes: [UInt8]) throws {
    if let offset = SourceText.firstInvalidByte(in: bytes) {
      throw ErrorReport(
        .file,
        bytes[offset] == 0
          ? "'\(path)' holds a NUL at byte \(offset)"
          : "'\(path)' is not UTF-8: byte \(offset) is \(Self.hexadecimal(bytes[offset]))",
        hint: "save the file as UTF-8 text")
    }
    self.name = name
    self.path = path
    text = SourceText(bytes: bytes)
    let comments = try FileComments(of: text, path: path)
    declaration = try RollbackDeclaration(of: text, markers: comments.markers, path: path)
    dependencies = DependencyHeader.dependencies(
      in: comments.header(without: declaration.section?.range).map { ($0.text, $0.line) })
  }

  /// The up SQL: the file with its rollback section blanked out, so that line numbers hold, and
  /// without a byte order mark.
  package var upSQL: [UInt8] {
    var bytes = text.bytes
    if let range = declaration.section?.range {
      for index in range
      where bytes[index] != UInt8(ascii: "\n") && bytes[index] != UInt8(ascii: "\r") {
        bytes[index] = UInt8(ascii: " ")
      }
    }
    if text.byteOrderMarkLength > 0 { bytes.removeFirst(text.byteOrderMarkLength) }
    return bytes
  }

  /// The rollback SQL; nil when there is none.
  package var rollbackSQL: String? { declaration.section?.sql }

  /// Whether there is rollback SQL that is no comment: whatever executes the whole file runs it too.
  package var isLive: Bool { rollbackSQL != nil && declaration.section?.style == .live }

  /// Where the rollback SQL stands.
  package var rollbackOrigin: SQLOrigin? {
    declaration.section.map {
      .file(path: path, firstLine: $0.firstLine, prefixes: $0.prefixes)
    }
  }

  /// The checksum of the file alone, which `sha256sum` agrees with.
  package var fileChecksum: String { SHA256.hexDigest(of: text.bytes) }

  /// All checksums: of the file, and of its SQL both ways.
  package var checksums: FileChecksums {
    let up = upSQL
    let rollback = rollbackSQL.map { Array($0.utf8) }
    return FileChecksums(
      file: fileChecksum, up: FileChecksums.ofText(up),
      rollback: rollback.map(FileChecksums.ofText), upCode: FileChecksums.ofCode(up),
      rollbackCode: rollback.map(FileChecksums.ofCode))
  }

  /// Remarks on what the file says about its own undoing, each a line.
  package var remarks: [String] {
    switch declaration {
    case .section(let section):
      return section.remarks
    case .irreversible:
      return []
    case .none(let nearMisses):
      return nearMisses.map {
        "\(path):\($0.line): '\($0.text)' is not a rollback marker: "
          + ($0.isInBlockComment
            ? "it stands inside a /* */ comment"
            : "write '-- ROLLBACK START' and '-- ROLLBACK END', each alone on a line")
      }
    }
  }

  /// A near miss that was meant to begin a rollback section, with SQL after it: the up SQL then
  /// holds its own undoing.
  package var undoOutsideMarkers: RollbackDeclaration.NearMiss? {
    guard case .none(let nearMisses) = declaration,
      let miss = nearMisses.first(where: { $0.opensSection && !$0.isInBlockComment })
    else { return nil }
    var scanner = ScriptScanner(text.bytes)
    var lastCode: Token?
    while let token = try? scanner.next() {
      if !token.kind.isComment { lastCode = token }
    }
    guard let lastCode, text.position(atByte: lastCode.range.lowerBound).line > miss.line else {
      return nil
    }
    return miss
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }
}

extension RollbackDeclaration {
  /// The section, where there is one.
  package var section: RollbackSection? {
    if case .section(let section) = self { section } else { nil }
  }

  /// The words after `-- ROLLBACK IRREVERSIBLE:`.
  package var irreversible: String? {
    if case .irreversible(let why, _) = self { why } else { nil }
  }
}
