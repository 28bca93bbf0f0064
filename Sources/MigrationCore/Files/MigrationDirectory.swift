internal import Platform

/// A migrations folder on disk: one file is looked up by its name, and the folder is listed only
/// when all of it matters.
package final class MigrationDirectory {
  /// The folder's path, as it is shown to the user.
  package let path: String
  /// What named the folder, where it was not the command line.
  private let namedBy: String?
  private let warn: (String) -> Void
  private var knownListing: MigrationFolder?
  /// The listing that was begun and not asked for yet.
  private var begunListing: ConcurrentMap.Work<Int, Result<Listed, any Error>>?
  private var knownChecksums: [String: String] = [:]

  /// What is found on disk.
  private struct Listed: Sendable {
    var folder: MigrationFolder
    /// The files' SHA-256 by their paths, where they were wanted.
    var checksums: [String: String] = [:]
  }

  /// The folders looked for, in this order, when none is named.
  package static let usualPaths = [
    "migrations", "supabase/migrations", "prisma/migrations", "db/migrations",
  ]

  /// The first of ``usualPaths`` that is there; nil for none.
  package static var usualPath: String? {
    usualPaths.first { FileSystem.isDirectory(atPath: $0) }
  }

  /// Finds a folder.
  ///
  /// - Parameters:
  ///   - path: the folder; nil takes the first of ``usualPaths`` that exists.
  ///   - namedBy: what named it, such as `MIGRATIONS_DIR`, where that was not the command line.
  ///   - warn: told, when the folder is listed, what to know of its files, each a line.
  /// - Throws: ``ErrorReport`` of code `file` when there is none.
  package init(
    _ path: String?, namedBy: String? = nil, warn: @escaping (String) -> Void = { _ in }
  ) throws {
    self.namedBy = namedBy
    self.warn = warn
    guard let path = path ?? Self.usualPath else {
      throw ErrorReport(
        .file, "no migrations folder here",
        details: ["looked for \(Self.usualPaths.joined(separator: ", "))"],
        hint: "name it with --dir, or set MIGRATIONS_DIR")
    }
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if !FileSystem.isDirectory(atPath: path) { _ = try listing() }
  }

  /// Begins to list the folder on another thread, for a caller that waits for the server meanwhile.
  /// What goes wrong is told by ``listing()``.
  ///
  /// - Parameter withChecksums: whether the migrations' files are read and hashed too.
  package func beginListing(withChecksums: Bool = false) {
    guard knownListing == nil, begunListing == nil else { return }
    begunListing = ConcurrentMap.begin { [path] in
      Result { try Self.list(path, withChecksums: withChecksums) }
    }
  }

  /// All of the folder's migrations, in order; the folder is listed once.
  ///
  /// - Returns: the migrations.
  /// - Throws: ``ErrorReport`` of code `file` when the folder cannot be read, or two of its files
  ///   are one migration, or hold the rollback SQL of one.
  package func listing() throws -> MigrationFolder {
    if let knownListing { return knownListing }
    do {
      let begun = begunListing?.results().first
      begunListing = nil
      let listed = try begun?.get() ?? Self.list(path, withChecksums: false)
      let listing = listed.folder
      knownListing = listing
      knownChecksums = listed.checksums
      for warning in listing.warnings + supabaseWarnings(listing) { warn(warning) }
      return listing
    } catch let error as FileSystemError {
      throw ErrorReport(
        .file, "cannot read the migrations folder '\(path)': \(error.reason)",
        hint: namedBy.map {
          "\($0) names it: correct or unset that, or name the folder with --dir"
        } ?? "name the folder with --dir, or set MIGRATIONS_DIR")
    }
  }

  /// SHA-256 of the migrations' files by their paths, without those that cannot be read; empty unless
  /// ``beginListing(withChecksums:)`` was told to find them.
  ///
  /// - Returns: the checksums.
  /// - Throws: as ``listing()``.
  package func checksums() throws -> [String: String] {
    _ = try listing()
    return knownChecksums
  }

  /// Lists a folder, and hashes its files on all processors if they are wanted.
  private static func list(_ path: String, withChecksums: Bool) throws -> Listed {
    let names = try FileSystem.directoryEntries(atPath: path)
      .flatMap { fileNames(of: $0, in: path) }
    let folder = try MigrationFolder(path: path, fileNames: names)
    guard withChecksums else { return Listed(folder: folder) }
    let paths = folder.entries.map(\.path)
    let checksums = ConcurrentMap.map(paths) { path in
      (try? FileSystem.readFile(atPath: path)).map { SHA256.hexDigest(of: $0) }
    }
    return Listed(
      folder: folder,
      checksums: Dictionary(
        zip(paths, checksums).compactMap { path, checksum in checksum.map { (path, $0) } },
        uniquingKeysWith: { first, _ in first }))
  }

  /// The migration of that name; looks for its files alone.
  ///
  /// - Parameter name: the migration.
  /// - Returns: its entry; nil when it has no file.
  /// - Throws: ``ErrorReport`` of code `file` when two files are that migration, or hold its
  ///   rollback SQL.
  package func entry(named name: MigrationName) throws -> MigrationFolder.Entry? {
    if let knownListing { return knownListing.entry(named: name) }
    // Whether that is a migration depends on the others.
    if name.version.isEmpty { return try listing().entry(named: name) }
    let fileNames = FileRole.paths(of: name).filter {
      FileSystem.entryExists(atPath: "\(path)/\($0)")
    }
    let entry = try MigrationFolder(path: path, fileNames: fileNames).entry(named: name)
    // The other half of this pair may bear another name.
    if let entry, entry.rollbackPath == nil, entry.path.hasSuffix(".up.sql") {
      return try listing().entry(named: name)
    }
    return entry
  }

  /// The files that may belong to a migration: the entry itself, or the scripts in a folder, which
  /// are looked for only there; none for what holds none.
  private static func fileNames(of entry: DirectoryEntry, in path: String) -> [String] {
    switch entry.kind {
    case .file, .danglingLink: return [entry.name]
    case .directory:
      return (FileRole.migrationScripts + FileRole.rollbackScripts).map { "\(entry.name)/\($0)" }
        .filter { FileSystem.entryExists(atPath: "\(path)/\($0)") }
    case .other, .unreadableName: return []
    }
  }

  /// What the Supabase CLI makes of files that hold only rollback SQL: they match its pattern,
  /// `^([0-9]+)_(.*)\.sql$`, as migrations do.
  private func supabaseWarnings(_ listing: MigrationFolder) -> [String] {
    let paths = listing.entries.compactMap(\.rollbackPath).filter { path in
      FileRole.rollbackSuffixes.contains(where: path.hasSuffix)
    }
    guard let first = paths.first, RunnerLayout(ofFolder: path) == .supabase else { return [] }
    let others = paths.count > 1 ? " (and \(paths.count - 1) more)" : ""
    return [
      "'\(first)'\(others) is a migration of its own to the Supabase CLI, which will run it: put "
        + "the rollback SQL into a commented section of the migration's file"
    ]
  }
}
