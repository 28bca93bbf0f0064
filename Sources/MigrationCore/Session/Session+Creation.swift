internal import LedgerSQL
internal import Platform
internal import SQLParsing

extension Session {
  /// Writes the files of a new migration, as the folder's newest one is written; no database is
  /// asked.
  ///
  /// - Parameter words: what it does, such as `add user settings`.
  /// - Returns: the migration.
  /// - Throws: ``ErrorReport``: of code `usage` where the words make no name, of code `file` where
  ///   the folder cannot be read or written; nothing was written then.
  public func create(_ words: String) throws -> CreatedMigration {
    let directory = try folderIfAny()
    let folder =
      try directory?.listing()
      ?? MigrationFolder(path: MigrationDirectory.usualPaths[0], fileNames: [])
    let runner = RunnerLayout(ofFolder: folder.path)
    let migration = try NewMigration(
      words, in: folder, of: runner, now: LocalTime.nowMicroseconds)
    if directory == nil {
      do {
        try FileSystem.createDirectory(atPath: folder.path)
      } catch {
        throw ErrorReport(
          .file, "cannot make the folder '\(folder.path)': \(error.reason)",
          hint: "name one that is there with --dir")
      }
      observe(
        .note("there was no migrations folder here: made '\(folder.path)'; --dir names another"))
    }
    let hasSection = migration.layout.rollback == nil
    let texts = migration.texts(
      headers: ["Description: \(words.onOneLine)", "Depends on: none"],
      up: "-- TODO: the change",
      rollback: NewMigration.rollbackTodo
        + (hasSection && migration.isCommented ? ", each line behind --" : ""))
    return try write(migration, in: folder, texts)
  }

  /// Writes a new migration that undoes one which was applied, for those who only go forward: its up
  /// SQL is the recorded rollback SQL, its rollback SQL the up SQL of that one's file.
  ///
  /// - Parameter name: the migration to undo, with or without `.sql`.
  /// - Returns: the new migration.
  /// - Throws: ``ErrorReport``: of code `refused` where it is not applied or nothing undoes it;
  ///   nothing was written then.
  public func revert(_ name: String) throws -> CreatedMigration {
    let directory = try folder()
    let name = try migrationName(name, in: directory, orLedger: .read)
    let folder = try directory.listing()
    let record = try records(of: [name], .rollbackPlan, .read)[name.text]
    let original = try folder.entry(named: name).map(MigrationFile.read)
    if record == nil, original == nil { throw try noSuchFile(name, in: directory) }
    let reversal = try Reversal(of: name, record: record, file: original)
    for warning in reversal.warnings { observe(.warning(warning)) }
    let migration = try NewMigration(
      "revert " + name.text.dropFirst(name.version.count), in: folder,
      of: RunnerLayout(ofFolder: folder.path), now: LocalTime.nowMicroseconds)
    let texts = migration.texts(
      headers: [
        "Description: Reverts \(name.text)", "Reverts: \(name.text)", "Depends on: \(name.text)",
      ], up: reversal.up, rollback: reversal.rollback ?? "-- TODO: what \(name.text) did",
      upMode: reversal.upMode, rollbackMode: reversal.rollbackMode)
    try reversal.check(texts, of: migration, in: folder.path)
    var created = try write(migration, in: folder, texts)
    created.reverts = name.text
    return created
  }

  private func write(
    _ migration: NewMigration, in folder: MigrationFolder, _ texts: NewMigration.Texts
  ) throws -> CreatedMigration {
    if let newest = migration.predecessor, migration.name < newest {
      observe(
        .warning(
          "'\(migration.name.text)' is ordered before '\(newest.text)', whose version is not earlier"
        ))
    }
    let words = Slug.words(of: migration.name)
    if let twin = folder.entries.last(where: { Slug.words(of: $0.name) == words }) {
      observe(.warning("'\(twin.path)' has the same words in its name"))
    }
    try NewFiles.write(migration, in: folder.path, texts)
    return CreatedMigration(
      name: migration.name.text, version: migration.name.version,
      path: migration.path(in: folder.path), rollbackPath: migration.rollbackPath(in: folder.path))
  }
}

/// What `create` and `revert` wrote.
public struct CreatedMigration: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// Its version.
  public var version: String
  /// Its file, as shown to the user.
  public var path: String
  /// The file beside it that holds only the rollback SQL; nil where that stands in a section.
  public var rollbackPath: String?
  /// The migration that it undoes.
  public var reverts: String?
}

extension String {
  /// The words in one line: a comment that holds them ends with them.
  fileprivate var onOneLine: String {
    split { character in
      character.isWhitespace
        || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }.joined(separator: " ")
  }
}
