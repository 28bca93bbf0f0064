internal import Platform
package import SQLParsing

/// A migration, read from its file and from the one beside it that undoes it: its SQL both ways, its
/// header, its checksums.
package struct MigrationFile: Sendable {
  /// The migration's name.
  package let name: MigrationName
  /// The path, as shown to the user.
  package let path: String
  /// The whole file.
  package let text: SourceText
  /// The file beside it that holds only the rollback SQL; nil without one.
  package let rollbackFile: RollbackFile?
  /// How its up SQL runs.
  package let upMode: TransactionMode
  /// What it says about its own undoing.
  package let declaration: RollbackDeclaration
  /// The path of the file that says so.
  package let declarationPath: String
  /// Lines of the migration's own file that were probably meant as markers.
  private let nearMisses: [RollbackDeclaration.NearMiss]
  /// The migrations it says it depends on.
  package let dependencies: [DeclaredDependency]
  /// The migration that it says it undoes; nil for most.
  package let reverts: String?

  /// Reads a migration.
  ///
  /// - Parameter entry: its name and paths.
  /// - Returns: the file.
  /// - Throws: ``ErrorReport`` of code `file` when a file cannot be read, is not UTF-8, holds a NUL,
  ///   its markers are out of order, both files hold what undoes it, or a header asks for a way to run
  ///   that there is none of.
  package static func read(_ entry: MigrationFolder.Entry) throws -> MigrationFile {
    let bytes = try bytes(ofFile: entry.path)
    return try MigrationFile(
      name: entry.name, path: entry.path, bytes: bytes,
      rollbackFile: entry.rollbackPath.map { path in
        try RollbackFile(path: path, bytes: Self.bytes(ofFile: path))
      }, defaultMode: DieselSettings.mode(beside: entry.path))
  }

  private static func bytes(ofFile path: String) throws -> [UInt8] {
    do {
      return try FileSystem.readFile(atPath: path)
    } catch {
      throw ErrorReport(
        .file, "cannot read '\(path)': \(error.reason)",
        hint: "check that the file is there and that you may read it")
    }
  }

  /// Takes a migration's bytes.
  ///
  /// - Parameters:
  ///   - name: the migration's name.
  ///   - path: the path, as shown to the user.
  ///   - bytes: the file.
  ///   - rollbackFile: the file beside it that holds only the rollback SQL; nil without one.
  ///   - defaultMode: how each of the two runs where its header does not say.
  /// - Throws: ``ErrorReport`` of code `file`, as ``read(_:)``.
  package init(
    name: MigrationName, path: String, bytes: [UInt8], rollbackFile: RollbackFile? = nil,
    defaultMode: TransactionMode = .single
  ) throws {
    try SourceText.checkEncoding(of: bytes, path: path)
    self.name = name
    self.path = path
    text = SourceText(bytes: bytes)
    let comments = try FileComments(of: text, path: path)
    let own = try RollbackDeclaration(of: text, markers: comments.markers, path: path)
    self.rollbackFile = rollbackFile
    declaration =
      try rollbackFile?.declaration(beside: own, of: path, defaultMode: defaultMode) ?? own
    declarationPath = own.irreversible == nil ? rollbackFile?.path ?? path : path
    nearMisses = if case .none(let nearMisses) = own { nearMisses } else { [] }
    let header = comments.header(without: declaration.section?.range)
    upMode =
      try TransactionHeader.mode(in: header.lazy.map { ($0.text, $0.line) }, path: path)
      ?? defaultMode
    dependencies = DependencyHeader.dependencies(in: header.map { ($0.text, $0.line) })
    reverts = RevertHeader.name(in: header.lazy.map(\.text))
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

  /// How the rollback SQL runs.
  package var rollbackMode: TransactionMode { declaration.section?.mode ?? .single }

  /// Whether there is rollback SQL that is no comment: whatever executes the whole file runs it too.
  package var isLive: Bool { rollbackSQL != nil && declaration.section?.style == .live }

  /// Where the rollback SQL stands.
  package var rollbackOrigin: SQLOrigin? {
    declaration.section.map {
      .file(
        path: declarationPath, firstLine: $0.firstLine, prefixes: $0.prefixes)
    }
  }

  /// The checksum of the migration's file alone, which `sha256sum` agrees with.
  package var fileChecksum: String { SHA256.hexDigest(of: text.bytes) }

  /// All checksums: of the file, and of its SQL both ways.
  package var checksums: FileChecksums {
    let up = upSQL
    let rollback = rollbackSQL.map { Array($0.utf8) }
    return FileChecksums(
      file: fileChecksum, up: FileChecksums.ofText(up),
      rollback: rollback.map(FileChecksums.ofText), upCode: FileChecksums.ofCode(up),
      rollbackCode: rollback.map(FileChecksums.ofCode), rollbackMode: rollbackMode,
      hasRollbackFile: rollbackFile != nil)
  }

  /// Whether nothing was changed since it was recorded; looks only as far as it must.
  func agrees(with record: LedgerRecord) -> Bool {
    guard record.checksum == fileChecksum,
      rollbackSQL == nil || rollbackMode == record.metadata.rollbackMode
    else { return false }
    // Without a file of its own the rollback SQL is as it was, since the file is; but it may have
    // stood in one that is gone.
    let recorded = record.metadata.rollbackChecksum
    if rollbackFile == nil, recorded == nil { return true }
    return recorded == rollbackSQL.map { FileChecksums.ofText(Array($0.utf8)) }
  }

  /// Remarks on what the file says about its own undoing, each a line that names the place.
  package var remarks: [String] {
    switch declaration {
    case .section(let section):
      return section.remarks.map { "\(declarationPath):\($0.line): \($0.words)" }
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
    guard let miss = nearMisses.first(where: { $0.opensSection && !$0.isInBlockComment })
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
