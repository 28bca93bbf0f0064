/// A folder of migration files: which entries are migrations, and in what order.
package struct MigrationFolder: Sendable {
  /// One migration's place on disk.
  package struct Entry: Hashable, Sendable {
    /// The migration's name.
    package let name: MigrationName
    /// The path, as it is shown to the user.
    package let path: String
  }

  /// The folder's path, as it is shown to the user.
  package let path: String
  /// The migrations, in order.
  package let entries: [Entry]
  private let byName: [String: Entry]

  /// Takes the migrations among the files of a folder.
  ///
  /// - Parameters:
  ///   - path: the folder, as shown to the user.
  ///   - fileNames: the regular files in it by name, and the scripts of folders in it as
  ///     `NAME/migration.sql`.
  /// - Throws: ``ErrorReport`` of code `file` when two files are one migration.
  package init(path: String, fileNames: [String]) throws {
    self.path = path
    var byName: [String: Entry] = [:]
    for fileName in fileNames {
      guard let name = Self.migrationName(ofFile: fileName) else { continue }
      let entry = Entry(name: MigrationName(name), path: "\(path)/\(fileName)")
      if let other = byName.updateValue(entry, forKey: name) {
        throw ErrorReport(
          .file, "'\(other.path)' and '\(entry.path)' are one migration, '\(name)'",
          hint: "rename or remove one of them")
      }
    }
    self.byName = byName
    entries = byName.values.sorted { $0.name < $1.name }
  }

  /// The migration of that name.
  package func entry(named name: MigrationName) -> Entry? {
    byName[name.text]
  }

  /// The migrations ordered after a name.
  package func entries(after name: MigrationName) -> [Entry] {
    entries.filter { name < $0.name }
  }

  /// What a migration that is a folder keeps its SQL in: Prisma's layout.
  static let scriptName = "migration.sql"

  /// The migration that a file is, or nil for what is none: dotfiles, templates, editor back-ups,
  /// `ROLLBACK_….sql`, and files that hold only the way down.
  ///
  /// - Parameter fileName: the file's name, or `NAME/migration.sql`; a folder may be called what a
  ///   file may, less its `.sql`.
  /// - Returns: the migration's name.
  static func migrationName(ofFile fileName: String) -> String? {
    if fileName.hasSuffix("/\(scriptName)") {
      let folder = String(fileName.dropLast(scriptName.utf8.count + 1))
      return migrationName(ofFile: "\(folder).sql") == folder ? folder : nil
    }
    guard fileName.hasSuffix(".sql"), !fileName.hasPrefix("."), !fileName.hasPrefix("#"),
      !fileName.hasPrefix("ROLLBACK_"),
      ![".template.sql", ".down.sql", ".rollback.sql"].contains(where: fileName.hasSuffix)
    else { return nil }
    let name = fileName.dropLast(fileName.hasSuffix(".up.sql") ? 7 : 4)
    return name.isEmpty ? nil : String(name)
  }
}
