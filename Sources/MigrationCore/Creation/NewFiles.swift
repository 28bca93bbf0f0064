internal import Platform

/// Writes the files of a new migration.
enum NewFiles {
  /// Writes all of them or none; nothing that is there is touched.
  ///
  /// - Parameters:
  ///   - migration: the migration.
  ///   - folder: the path of the folder of migrations.
  ///   - texts: the text of its own file, and of the one beside it.
  /// - Throws: ``ErrorReport`` of code `file` where one of them is there or cannot be written; then
  ///   none is left.
  static func write(
    _ migration: NewMigration, in folder: String, _ texts: NewMigration.Texts
  ) throws {
    // Another layout's file of that name would be a second one of the same migration.
    for path in FileRole.paths(of: migration.name).map({ "\(folder)/\($0)" })
    where FileSystem.entryExists(atPath: path) {
      throw ErrorReport(
        .file, "'\(path)' is there already", hint: "nothing was written; say it in other words")
    }
    var made: [String] = []
    do {
      try Interrupts.protected { () throws(FileSystemError) in
        do throws(FileSystemError) {
          if migration.layout.isFolder {
            let path = "\(folder)/\(migration.name.text)"
            try FileSystem.createDirectory(atPath: path)
            made.append(path)
          }
          let path = migration.path(in: folder)
          try FileSystem.createFile(atPath: path, holding: Array(texts.migration.utf8))
          made.append(path)
          if let path = migration.rollbackPath(in: folder), let text = texts.rollback {
            try FileSystem.createFile(atPath: path, holding: Array(text.utf8))
          }
          // Written: no signal may say otherwise any more.
          Interrupts.settle()
        } catch {
          for path in made.reversed() { FileSystem.removeIfPossible(path) }
          throw error
        }
      }
    } catch {
      throw ErrorReport(
        .file, "cannot write '\(error.path)': \(error.reason)",
        hint: "nothing was written; check that it is not there already, and that you may write its "
          + "folder")
    }
  }
}
