import TestSupport

/// What a user has in front of them: a database whose migrations are registered, the folder of
/// their files, the program.
struct Checkout {
  let database: ScratchDatabase
  let folder: MigrationFolder

  /// Applies and registers migrations.
  init(_ migrations: [SampleMigration] = [], in database: ScratchDatabase = .current) throws {
    self.database = database
    if !database.holdsLedger { try runSuccessfully(["init", "--database-url", database.url]) }
    folder = migrations.isEmpty ? try MigrationFolder() : try database.adopt(migrations)
  }

  /// Applies and registers one migration more, or only registers it as it is now.
  func adopt(_ migration: SampleMigration, applying: Bool = true) throws {
    try folder.write(migration.text, to: migration.fileName)
    if applying { try database.psql(migration.up) }
    try runSuccessfully(
      ["register", "--dir", folder.path, "--database-url", database.url, migration.name])
  }

  /// Runs the program in this folder, on this database; `url` is another way to it, such as through
  /// a proxy.
  func run(
    _ arguments: [String], url: String? = nil, input: String = ""
  ) throws -> ProgramResult {
    try Program.run(
      arguments, environment: environment(url), input: input, directory: folder.path)
  }

  /// Starts the program in this folder, on this database.
  func start(_ arguments: [String], url: String? = nil) throws -> ChildProcess {
    try Program.start(arguments, environment: environment(url), directory: folder.path)
  }

  private func environment(_ url: String?) -> [String: String?] {
    ["DATABASE_URL": url ?? database.url, "MIGRATIONS_DIR": "."]
  }

  /// Waits until nothing of the program is left on the server: no session, no advisory lock.
  func waitUntilNothingIsLeft() throws {
    try waitUntil("no session of the program was left") {
      try database.psql(
        """
        SELECT
          (SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'migration-manager')
          + (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database =
            (SELECT oid FROM pg_database WHERE datname = current_database()))
        """) == "0"
    }
  }

  /// Waits until a session of the program is stuck in a statement, and gives its backend's process
  /// id. What it waits for is named as `pg_stat_activity` has it in `wait_event_type` or
  /// `wait_event`, such as `Lock` or `PgSleep`.
  @discardableResult
  func waitUntilStuck(_ program: ChildProcess, on wait: String) throws -> String {
    var backend = ""
    try waitUntil("the program waited for \(wait)") {
      guard program.isRunning else {
        throw UnexpectedResult(arguments: [], result: try program.waitUntilExit())
      }
      backend = try database.psql(
        """
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
          AND state = 'active' AND '\(wait)' IN (wait_event_type, wait_event)
        """)
      return !backend.isEmpty
    }
    return backend
  }
}
