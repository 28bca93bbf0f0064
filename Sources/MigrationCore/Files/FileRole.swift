/// What a file is to a migration, told by its path in the folder alone.
struct FileRole: Hashable, Sendable {
  /// How a migration is laid out.
  enum Layout: Hashable, Sendable {
    /// Files that bear its name: `NAME.sql`, `NAME.up.sql`, `NAME.down.sql`.
    case files
    /// A folder that bears its name, with scripts in it: `NAME/up.sql`, `NAME/down.sql`.
    case folder
  }

  /// The migration's name.
  let migration: String
  /// How the migration is laid out.
  let layout: Layout
  /// Whether the file holds only the rollback SQL, and not the migration itself.
  let isRollback: Bool

  /// What the script of a migration that is a folder is called: by Prisma, and by diesel.
  static let migrationScripts = ["migration.sql", "up.sql"]
  /// What the script that undoes it is called.
  static let rollbackScripts = ["down.sql", "rollback.sql"]
  /// What follows the name of a migration that is a file, the longer ones first.
  static let migrationSuffixes = [".up.sql", ".sql"]
  /// What follows its name where a file holds only the rollback SQL.
  static let rollbackSuffixes = [".down.sql", ".rollback.sql"]

  /// Tells the role of a file.
  ///
  /// Nil for what belongs to no migration: dotfiles, templates, editor back-ups, `ROLLBACK_….sql`,
  /// whatever else is in a folder. A folder may be called what a file may, less its `.sql`.
  ///
  /// - Parameter path: the file's name, or that of a folder and of a file in it.
  init?(ofFile path: String) {
    // By bytes: thousands of names are told apart at once.
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      let folder = String(path[..<slash])
      let script = String(path[path.utf8.index(after: slash)...])
      let isRollback = Self.rollbackScripts.contains(script)
      guard isRollback || Self.migrationScripts.contains(script),
        let own = FileRole(ofFile: "\(folder).sql"), own.migration == folder, !own.isRollback
      else { return nil }
      self.init(migration: folder, layout: .folder, isRollback: isRollback)
      return
    }
    guard path.hasSuffix(".sql"), !path.hasPrefix("."), !path.hasPrefix("#"),
      !path.hasPrefix("ROLLBACK_"), !path.hasSuffix(".template.sql")
    else { return nil }
    let rollbackSuffix = Self.rollbackSuffixes.first(where: path.hasSuffix)
    guard let suffix = rollbackSuffix ?? Self.migrationSuffixes.first(where: path.hasSuffix),
      path != suffix
    else { return nil }
    self.init(
      migration: String(Substring(path.utf8.dropLast(suffix.utf8.count))), layout: .files,
      isRollback: rollbackSuffix != nil)
  }

  private init(migration: String, layout: Layout, isRollback: Bool) {
    self.migration = migration
    self.layout = layout
    self.isRollback = isRollback
  }

  /// Whether a path is that of a file that holds only the rollback SQL, whatever folder it is in.
  static func isRollbackScript(_ path: String) -> Bool {
    rollbackSuffixes.contains(where: path.hasSuffix)
      || rollbackScripts.contains { path.hasSuffix("/\($0)") }
  }

  /// The role of the file beside it that holds only the rollback SQL.
  var ofRollback: FileRole {
    FileRole(migration: migration, layout: layout, isRollback: true)
  }

  /// Every path that a file of a migration can have, in its folder.
  ///
  /// - Parameter name: the migration.
  /// - Returns: paths that have a role, and this one's name.
  static func paths(of name: MigrationName) -> [String] {
    let files = (migrationSuffixes + rollbackSuffixes).map { "\(name.text)\($0)" }
    let scripts = (migrationScripts + rollbackScripts).map { "\(name.text)/\($0)" }
    return (files + scripts).filter { FileRole(ofFile: $0)?.migration == name.text }
  }
}
