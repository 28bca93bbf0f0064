/// How the files of a migration lie in its folder: what follows the migration's name in each path.
struct FolderLayout: Hashable, Sendable {
  /// What follows the name in the path of the migration's own file: `.sql`, `.up.sql`,
  /// `/migration.sql`, `/up.sql`.
  let migration: String
  /// What follows it in the path of the file that holds only the rollback SQL; nil where that stands
  /// in a section.
  let rollback: String?

  /// The native form: one file with a section.
  static let native = FolderLayout(migration: ".sql", rollback: nil)

  /// Whether a migration is a folder.
  var isFolder: Bool { migration.hasPrefix("/") }

  /// Names what follows a migration's name.
  ///
  /// - Parameters:
  ///   - migration: in the path of its own file.
  ///   - rollback: in the path of the file that holds only the rollback SQL; nil without one.
  init(migration: String, rollback: String?) {
    self.migration = migration
    self.rollback = rollback
  }

  /// How a migration's files lie, those that are not written yet as most of its kind have them.
  ///
  /// - Parameters:
  ///   - entry: the migration.
  ///   - folder: the folder.
  init(of entry: MigrationFolder.Entry, in folder: MigrationFolder) {
    let migration = folder.suffix(of: entry.path)
    self.migration = migration
    if let path = entry.rollbackPath {
      rollback = folder.suffix(of: path)
      return
    }
    let alike = folder.entries.filter { other in
      other.name != entry.name && folder.suffix(of: other.path) == migration
    }
    let paired = alike.compactMap(\.rollbackPath)
    if let path = paired.last, paired.count * 2 > alike.count {
      rollback = folder.suffix(of: path)
    } else {
      // These names say that there is another file.
      rollback = [".up.sql": ".down.sql", "/up.sql": "/down.sql"][migration]
    }
  }
}

extension MigrationFolder {
  /// A file's path within this folder.
  ///
  /// - Parameter path: the path as shown to the user.
  /// - Returns: the path less the folder's.
  func relativePath(of path: String) -> String {
    path.hasPrefix(self.path + "/") ? String(path.dropFirst(self.path.count + 1)) : path
  }

  /// What follows the name in the path of a migration's file, or of the file that undoes it: the two
  /// of a pair may bear different names.
  fileprivate func suffix(of path: String) -> String {
    let path = relativePath(of: path)
    return FileRole(ofFile: path).map { String(path.dropFirst($0.migration.count)) } ?? path
  }
}
