internal import Platform

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

  /// The folders looked for, in this order, when none is named.
  package static let usualPaths = [
    "migrations", "supabase/migrations", "prisma/migrations", "db/migrations",
  ]

  /// Takes the migrations among the files of a folder.
  ///
  /// - Parameters:
  ///   - path: the folder, as shown to the user.
  ///   - fileNames: the names of the regular files in it.
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

  /// Reads a folder.
  ///
  /// - Parameter path: the folder; nil takes the first of ``usualPaths`` that exists.
  /// - Returns: the folder's migrations.
  /// - Throws: ``ErrorReport`` of code `file` when there is none, or it cannot be read.
  package static func read(_ path: String?) throws -> MigrationFolder {
    guard let path = path ?? usualPaths.first(where: { FileSystem.isDirectory(atPath: $0) }) else {
      throw ErrorReport(
        .file, "no migrations folder here",
        details: ["looked for \(usualPaths.joined(separator: ", "))"],
        hint: "name it with --dir, or set MIGRATIONS_DIR")
    }
    do {
      let entries = try FileSystem.directoryEntries(atPath: path)
      let files = entries.filter { $0.kind == .file }.map(\.name)
      let shown = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      return try MigrationFolder(path: shown, fileNames: files)
    } catch let error as FileSystemError {
      throw ErrorReport(
        .file, "cannot read the migrations folder '\(path)': \(error.reason)",
        hint: "name the folder with --dir, or set MIGRATIONS_DIR")
    }
  }

  /// The migration of that name.
  package func entry(named name: MigrationName) -> Entry? {
    byName[name.text]
  }

  /// The migrations ordered after a name.
  package func entries(after name: MigrationName) -> [Entry] {
    entries.filter { name < $0.name }
  }

  /// The migration that a file is, or nil for what is none: dotfiles, templates, editor back-ups,
  /// `ROLLBACK_….sql`, and files that hold only the way down.
  private static func migrationName(ofFile fileName: String) -> String? {
    guard fileName.hasSuffix(".sql"), !fileName.hasPrefix("."), !fileName.hasPrefix("#"),
      !fileName.hasPrefix("ROLLBACK_"),
      ![".template.sql", ".down.sql", ".rollback.sql"].contains(where: fileName.hasSuffix)
    else { return nil }
    let name = fileName.dropLast(fileName.hasSuffix(".up.sql") ? 7 : 4)
    return name.isEmpty ? nil : String(name)
  }
}
