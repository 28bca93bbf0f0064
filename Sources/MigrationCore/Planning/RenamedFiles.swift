internal import Platform

/// Files that were renamed after they were applied: their records have no file any more.
enum RenamedFiles {
  /// Finds the files without a record whose content is that of a migration that stands without a file.
  ///
  /// They are read only where there is such a migration.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - overview: what the ledger says.
  ///   - missing: what stands in it and has no file.
  /// - Returns: by a file's name, the name in the ledger.
  static func find(
    in folder: MigrationFolder, _ overview: LedgerOverview, missing: [RecordedMigration]
  ) -> [MigrationName: String] {
    let missing = Dictionary(
      missing.compactMap { row in row.checksum.map { ($0, row.name) } }, uniquingKeysWith: { $1 })
    guard !missing.isEmpty else { return [:] }
    let entries = folder.entries.filter { overview[$0.name] == nil }
    // What cannot be read is told of elsewhere.
    let checksums = ConcurrentMap.map(entries) { entry in
      (try? FileSystem.readFile(atPath: entry.path)).map { SHA256.hexDigest(of: $0) }
    }
    var renamed: [MigrationName: String] = [:]
    var taken: Set<String> = []
    for (entry, checksum) in zip(entries, checksums) {
      guard let old = checksum.flatMap({ missing[$0] }), taken.insert(old).inserted else {
        continue
      }
      renamed[entry.name] = old
    }
    return renamed
  }
}
