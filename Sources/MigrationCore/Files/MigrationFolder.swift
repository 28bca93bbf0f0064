/// A folder of migration files: which entries are migrations, and in what order.
package struct MigrationFolder: Sendable {
  /// One migration's place on disk.
  package struct Entry: Hashable, Sendable {
    /// The migration's name.
    package let name: MigrationName
    /// The path, as it is shown to the user.
    package let path: String
    /// The path of the file beside it that holds only the rollback SQL; nil without one.
    package let rollbackPath: String?

    /// Names a migration's files.
    ///
    /// - Parameters:
    ///   - name: the migration's name.
    ///   - path: its file.
    ///   - rollbackPath: the file beside it that holds only the rollback SQL; nil without one.
    package init(name: MigrationName, path: String, rollbackPath: String? = nil) {
      self.name = name
      self.path = path
      self.rollbackPath = rollbackPath
    }

    /// The name tells an entry from the others of its folder.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The migration without the file that undoes it, for a reader who wants only the up SQL.
    package var withoutRollback: Entry { Entry(name: name, path: path) }
  }

  /// The folder's path, as it is shown to the user.
  package let path: String
  /// The migrations, in order.
  package let entries: [Entry]
  /// What to know of its files, each a line: rollback SQL that belongs to no migration, and what is
  /// taken for none.
  package let warnings: [String]
  /// The paths of what is taken for no migration, as it bears no version and others do: by the names
  /// that they would have.
  let scripts: [String: String]
  private let byName: [String: Entry]

  /// Takes the migrations among the files of a folder.
  ///
  /// Where some bear a version, those without one are scripts that someone keeps there: by their
  /// names they would come before all others.
  ///
  /// - Parameters:
  ///   - path: the folder, as shown to the user.
  ///   - fileNames: the regular files in it by name, and the scripts of folders in it as
  ///     `NAME/migration.sql`.
  /// - Throws: ``ErrorReport`` of code `file` when two files are one migration, or hold the rollback
  ///   SQL of one.
  package init(path: String, fileNames: [String]) throws {
    self.path = path
    var files: [String: (role: FileRole, path: String)] = [:]
    var rollbacks: [FileRole: String] = [:]
    for fileName in fileNames {
      guard let role = FileRole(ofFile: fileName) else { continue }
      let filePath = "\(path)/\(fileName)"
      let other =
        role.isRollback
        ? rollbacks.updateValue(filePath, forKey: role)
        : files.updateValue((role, filePath), forKey: role.migration)?.path
      if let other {
        let (first, second) = (min(other, filePath), max(other, filePath))
        throw ErrorReport(
          .file,
          role.isRollback
            ? "'\(first)' and '\(second)' both hold the rollback SQL of '\(role.migration)'"
            : "'\(first)' and '\(second)' are one migration, '\(role.migration)'",
          hint: "rename or remove one of them")
      }
    }
    let unversioned = files.keys.filter { !MigrationName.bearsVersion($0) }
    var scripts: [String: String] = [:]
    if unversioned.count < files.count {
      for name in unversioned { scripts[name] = files.removeValue(forKey: name)?.path }
    }
    self.scripts = scripts
    var byName: [String: Entry] = [:]
    byName.reserveCapacity(files.count)
    for (name, file) in files {
      byName[name] = Entry(
        name: MigrationName(name), path: file.path,
        rollbackPath: rollbacks.isEmpty
          ? nil : rollbacks.removeValue(forKey: file.role.ofRollback))
    }
    if !rollbacks.isEmpty { Self.pairByVersion(&byName, &rollbacks) }
    self.byName = byName
    entries = byName.values.sorted { $0.name < $1.name }
    // A name that bears no version may be anything.
    let lone = rollbacks.filter { !MigrationName($0.key.migration).version.isEmpty }.values
    warnings =
      lone.sorted().map {
        "'\($0)' undoes no migration: the file that it would undo is not beside it"
      }
      + scripts.values.sorted().map {
        "'\($0)' is taken for no migration: its name begins with no version, as others here do"
      }
  }

  /// Finds migrations for rollback SQL whose name differs: golang-migrate goes by the version alone.
  private static func pairByVersion(
    _ entries: inout [String: Entry], _ rollbacks: inout [FileRole: String]
  ) {
    let lone = Dictionary(grouping: rollbacks.filter { $0.value.hasSuffix(".down.sql") }) {
      MigrationName($0.key.migration).version
    }
    let undone = Dictionary(
      grouping: entries.values.filter { $0.rollbackPath == nil && $0.path.hasSuffix(".up.sql") }
    ) { $0.name.version }
    for (version, rollbacksOfVersion) in lone where !version.isEmpty {
      guard rollbacksOfVersion.count == 1, let rollback = rollbacksOfVersion.first,
        let entry = undone[version], entry.count == 1, let name = entry.first?.name
      else { continue }
      entries[name.text] = Entry(
        name: name, path: entry[0].path, rollbackPath: rollback.value)
      rollbacks[rollback.key] = nil
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
}
