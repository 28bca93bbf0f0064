import TestSupport

/// A migration file in the native form.
struct SampleMigration {
  var name: String
  var up: String
  /// The body of the rollback section; nil for a file without one.
  var rollback: String?
  var dependsOn: [String] = []

  /// A migration that creates one table, named unqualified.
  static func table(
    _ table: String, name: String? = nil, dependsOn: [String] = []
  ) -> SampleMigration {
    SampleMigration(
      name: name ?? "20250101_create_\(table)", up: "CREATE TABLE \(table) (id int PRIMARY KEY);",
      rollback: "DROP TABLE \(table);", dependsOn: dependsOn)
  }

  var fileName: String { name + ".sql" }

  var text: String {
    var lines = ["-- Migration: \(fileName)"]
    lines += dependsOn.map { "-- Depends on: \($0)" }
    lines += ["", up]
    if let rollback { lines += ["", "-- ROLLBACK START", rollback, "-- ROLLBACK END"] }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension MigrationFolder {
  /// Makes a folder that holds the files of `migrations`.
  convenience init(_ migrations: [SampleMigration]) throws {
    try self.init(
      Dictionary(migrations.map { ($0.fileName, $0.text) }, uniquingKeysWith: { $1 }))
  }
}

extension ScratchDatabase {
  /// Applies migrations as another runner would, with psql, and registers them with the program.
  ///
  /// - Returns: the folder of their files.
  /// - Throws: ``TestSupportError`` if the SQL fails; a failed `register` throws
  ///   ``UnexpectedResult``.
  @discardableResult
  func adopt(
    _ migrations: [SampleMigration], user: String = "postgres", options: [String] = []
  ) throws -> MigrationFolder {
    for migration in migrations { try psql(migration.up, user: user) }
    let folder = try MigrationFolder(migrations)
    try runSuccessfully(
      ["register", "--dir", folder.path, "--database-url", url(user: user)]
        + migrations.map(\.name) + options)
    return folder
  }

  /// Whether a table exists, by a name that may be qualified and quoted.
  func hasTable(_ name: String) throws -> Bool {
    let literal = name.replacing("'", with: "''")
    return try psql("SELECT to_regclass('\(literal)') IS NOT NULL") == "t"
  }

  /// A migration's status in the ledger; empty without a row.
  func status(of migration: String, ledger: String = "public") throws -> String {
    try psql(
      "SELECT status FROM \(ledger).migration_history WHERE migration_name = '\(migration)'")
  }

  /// `OPERATION OUTCOME` of every event of a migration, oldest first.
  func events(of migration: String, ledger: String = "public") throws -> [String] {
    try psql(
      """
      SELECT operation || ' ' || outcome FROM \(ledger).migration_events
      WHERE migration_name = '\(migration)' ORDER BY id
      """
    ).split(separator: "\n").map(String.init)
  }
}
