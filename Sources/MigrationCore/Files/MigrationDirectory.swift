internal import Platform

/// A migrations folder on disk: one file is looked up by its name, and the folder is listed only
/// when all of it matters.
package final class MigrationDirectory {
  /// The folder's path, as it is shown to the user.
  package let path: String
  /// Whether the environment named the folder, and not the command line.
  private let isFromEnvironment: Bool
  private var knownListing: MigrationFolder?

  /// The folders looked for, in this order, when none is named.
  package static let usualPaths = [
    "migrations", "supabase/migrations", "prisma/migrations", "db/migrations",
  ]

  /// Whether one of ``usualPaths`` is there.
  package static var hasUsualPath: Bool {
    usualPaths.contains { FileSystem.isDirectory(atPath: $0) }
  }

  /// Finds a folder.
  ///
  /// - Parameters:
  ///   - path: the folder; nil takes the first of ``usualPaths`` that exists.
  ///   - isFromEnvironment: whether `MIGRATIONS_DIR` named it.
  /// - Throws: ``ErrorReport`` of code `file` when there is none.
  package init(_ path: String?, isFromEnvironment: Bool = false) throws {
    self.isFromEnvironment = isFromEnvironment
    guard let path = path ?? Self.usualPaths.first(where: { FileSystem.isDirectory(atPath: $0) })
    else {
      throw ErrorReport(
        .file, "no migrations folder here",
        details: ["looked for \(Self.usualPaths.joined(separator: ", "))"],
        hint: "name it with --dir, or set MIGRATIONS_DIR")
    }
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if !FileSystem.isDirectory(atPath: path) { _ = try listing() }
  }

  /// All of the folder's migrations, in order; the folder is listed at the first call.
  ///
  /// - Returns: the migrations.
  /// - Throws: ``ErrorReport`` of code `file` when the folder cannot be read, or two of its files
  ///   are one migration.
  package func listing() throws -> MigrationFolder {
    if let knownListing { return knownListing }
    do {
      let entries = try FileSystem.directoryEntries(atPath: path)
      let listing = try MigrationFolder(path: path, fileNames: entries.compactMap(fileName))
      knownListing = listing
      return listing
    } catch let error as FileSystemError {
      throw ErrorReport(
        .file, "cannot read the migrations folder '\(path)': \(error.reason)",
        hint: isFromEnvironment
          ? "MIGRATIONS_DIR names it: correct or unset that, or name the folder with --dir"
          : "name the folder with --dir, or set MIGRATIONS_DIR")
    }
  }

  /// The migration of that name; looks for its file alone.
  ///
  /// - Parameter name: the migration.
  /// - Returns: its entry; nil when it has no file.
  /// - Throws: ``ErrorReport`` of code `file` when two files are that migration.
  package func entry(named name: MigrationName) throws -> MigrationFolder.Entry? {
    if let knownListing { return knownListing.entry(named: name) }
    let fileNames = [
      "\(name.text).sql", "\(name.text).up.sql", "\(name.text)/\(MigrationFolder.scriptName)",
    ].filter { fileName in
      MigrationFolder.migrationName(ofFile: fileName) == name.text
        && Self.isThere("\(path)/\(fileName)")
    }
    return try MigrationFolder(path: path, fileNames: fileNames).entry(named: name)
  }

  /// Whether there is something at a path; a link that leads nowhere is: who reads it will be told.
  private static func isThere(_ path: String) -> Bool {
    FileSystem.fileExists(atPath: path) || FileSystem.isSymbolicLink(atPath: path)
  }

  /// The file that may be a migration: the entry itself, or the script in a folder, which is looked
  /// for only there; nil for what holds none.
  private func fileName(of entry: DirectoryEntry) -> String? {
    switch entry.kind {
    case .file, .danglingLink: return entry.name
    case .directory:
      let script = "\(entry.name)/\(MigrationFolder.scriptName)"
      return Self.isThere("\(path)/\(script)") ? script : nil
    case .other, .unreadableName: return nil
    }
  }
}
