internal import SQLParsing

/// A migration turned round: what a new one must hold to undo it. Pure: it touches neither disk nor
/// database.
struct Reversal: Equatable {
  /// The up SQL of the new migration: the recorded rollback SQL.
  let up: String
  /// Its rollback SQL: the up SQL of the file; nil where that is gone or holds none.
  let rollback: String?
  /// How its up SQL runs: as the rollback SQL would.
  let upMode: TransactionMode
  /// How its rollback SQL runs: as the up SQL did.
  let rollbackMode: TransactionMode
  /// Things to know before it is used, each a line.
  let warnings: [String]

  /// Turns a migration round.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - record: the ledger's row; nil without one.
  ///   - file: its file; nil without one.
  /// - Throws: ``ErrorReport`` of code `refused` where it is not applied or nothing undoes it.
  init(of name: MigrationName, record: LedgerRecord?, file: MigrationFile?) throws {
    guard let record else {
      throw ErrorReport(
        .refused, "\(RollbackStepPlanner.notFound): '\(name.text)'",
        hint: "its file is there but it is not recorded: if it was applied, "
          + "run \(ShellWord.command("register", name.text))")
    }
    guard record.status == .applied else {
      throw ErrorReport(
        .refused, "Migration status is \(record.status.rawValue), not applied: '\(name.text)'",
        hint: record.status == .failed
          ? "its rollback SQL failed: mend it and run \(ShellWord.command("register", name.text))"
          : "nothing is left to undo")
    }
    if let why = record.metadata.irreversible ?? file?.declaration.irreversible {
      throw ErrorReport(
        .refused, "'\(name.text)' cannot be undone",
        details: ["irreversible: \(why.isEmpty ? "no reason given" : why)"],
        hint: "write a new migration that moves on from here")
    }
    guard let sql = record.rollbackSQL else {
      throw ErrorReport(
        .refused, "No rollback SQL defined for this migration: '\(name.text)'",
        hint: file?.rollbackSQL == nil
          ? "\(ShellWord.command("template", name.text)) suggests some"
          : "its file has some that is not recorded: "
            + "run \(ShellWord.command("register", name.text))")
    }
    let upSQL = file.map { SourceText(bytes: $0.upSQL) }
    let parsed = upSQL.map { SQLParser.parse($0) }
    // What the file sets for itself the recorded rollback SQL goes by; another file does not.
    let path =
      parsed.flatMap { Evidence(up: $0).searchPath } == nil
      ? nil : record.metadata.searchPath
    up = (path.map { "SET search_path TO \($0);\n" } ?? "") + sql
    rollback = parsed.flatMap { $0.statements.isEmpty ? nil : upSQL.map(Self.withoutHeaders) }
    upMode = record.metadata.rollbackMode
    rollbackMode = rollback == nil ? .single : file?.upMode ?? .single
    warnings = Self.warnings(name, record, file)
  }

  private static func warnings(
    _ name: MigrationName, _ record: LedgerRecord, _ file: MigrationFile?
  ) -> [String] {
    var lines: [String] = []
    if !record.dependents.isEmpty {
      lines.append(
        "these depend on '\(name.text)' and must be reverted before it: "
          + record.dependents.joined(separator: ", "))
    }
    guard let file else {
      lines.append(
        "the file of '\(name.text)' is not in the folder: what would undo the new one must be written"
      )
      return lines
    }
    guard let checksums = record.checksums else { return lines }
    switch FileChecksums.drift(of: file.checksums, from: checksums) {
    case .up:
      lines.append(
        "the up SQL of '\(file.path)' was changed after it was recorded: the new one's rollback SQL is "
          + "the file's")
    case .rollback:
      lines.append("the rollback SQL of '\(file.path)' differs: the recorded SQL is used")
    case .comments, .lineEnds, nil: break
    }
    return lines
  }

  /// SQL without the lines of a header and the blank lines at both ends; the header was about another
  /// migration.
  private static func withoutHeaders(_ text: SourceText) -> String {
    var lines = String(decoding: FileChecksums.normalisingLineEnds(text.bytes), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let keywords = ["migration", "description", "depends on", "reverts", "transaction"]
    while let line = lines.first {
      let isBlank = line.allSatisfy(\.isWhitespace)
      let words = line.drop { $0 == "-" || $0.isWhitespace }
      let isHeader =
        line.hasPrefix("--")
        && keywords.contains { words.lowercased().hasPrefix("\($0):") }
      guard isBlank || isHeader else { break }
      lines.removeFirst()
    }
    while let line = lines.last, line.allSatisfy(\.isWhitespace) { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// Makes sure that the new migration will be read back as it is meant.
  ///
  /// - Parameters:
  ///   - texts: the texts of its files.
  ///   - migration: the new migration.
  ///   - folder: the folder's path.
  /// - Throws: ``ErrorReport`` of code `refused` where lines of the SQL would be taken for markers.
  func check(
    _ texts: NewMigration.Texts, of migration: NewMigration, in folder: String
  ) throws {
    func code(_ sql: String?) -> String? { sql.map { FileChecksums.ofCode(Array($0.utf8)) } }
    let read = try? MigrationFile(
      name: migration.name, path: migration.path(in: folder), bytes: Array(texts.migration.utf8),
      rollbackFile: texts.rollback.map {
        try RollbackFile(
          path: migration.rollbackPath(in: folder) ?? "", bytes: Array($0.utf8))
      })
    guard let read, FileChecksums.ofCode(read.upSQL) == code(up), read.upMode == upMode,
      read.rollbackMode == rollbackMode,
      rollback == nil
        || read.rollbackSQL != nil
    else {
      throw ErrorReport(
        .refused, "the SQL of both ways cannot stand in one new migration as it is",
        hint: "write it by hand: a line of it would be taken for a marker")
    }
  }
}
