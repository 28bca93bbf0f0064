import TestSupport

/// A project as a user has it: a folder with `migrations/` in it, beside an empty database.
struct Workspace {
  let database: ScratchDatabase
  let folder: MigrationFolder

  /// Makes a folder with these files.
  ///
  /// - Parameters:
  ///   - files: texts by migration name.
  ///   - database: where the program works.
  /// - Throws: what `FileManager` throws.
  init(_ files: [String: String] = [:], on database: ScratchDatabase = .current) throws {
    self.database = database
    folder = try MigrationFolder(["migrations/.keep": ""])
    for (name, text) in files { try write(text, to: name) }
  }

  /// Writes a migration's file.
  func write(_ text: String, to name: String) throws {
    try folder.write(text, to: "migrations/\(name).sql")
  }

  /// Writes a migration whose up SQL is followed by a section with that body.
  func write(_ up: String, section: String, to name: String) throws {
    try write("\(up)\n-- ROLLBACK START\n\(section)\n-- ROLLBACK END\n", to: name)
  }

  /// Runs the program here.
  func run(
    _ arguments: [String], environment: [String: String?] = [:], input: String = "",
    output: ChildProcess.Destination = .captured
  ) throws -> ProgramResult {
    let database = ["DATABASE_URL": Optional(database.url)]
    return try Program.run(
      arguments, environment: database.merging(environment) { $1 }, input: input,
      directory: folder.path, output: output)
  }

  /// Applies migrations as another runner would: their up SQL by psql.
  func apply(_ names: String...) throws {
    for name in names {
      let up = try runSuccessfully("show", name, "--up").stdout
      try database.psql(up)
    }
  }

  /// Applies migrations and registers them.
  func adopt(_ names: String...) throws {
    for name in names {
      try apply(name)
      try runSuccessfully("register", name)
    }
  }

  /// Runs the program for a test's preparation.
  ///
  /// - Throws: ``UnexpectedResult`` if its exit status is not 0.
  @discardableResult
  func runSuccessfully(_ arguments: String...) throws -> ProgramResult {
    try IntegrationTests.runSuccessfully(
      arguments, environment: ["DATABASE_URL": database.url], directory: folder.path)
  }

  /// The line by which the program names the database.
  var databaseLine: String {
    "Database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres "
      + "(from DATABASE_URL)"
  }

  /// One column of a migration's row in the ledger; empty for null and without a row.
  func recorded(_ column: String, of name: String) throws -> String {
    let literal = name.replacing("'", with: "''")
    return try database.psql(
      "SELECT \(column) FROM migration_history WHERE migration_name = '\(literal)'")
  }
}
