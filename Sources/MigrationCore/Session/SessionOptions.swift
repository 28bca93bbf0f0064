/// What the command line, the environment and the defaults say about a session.
public struct SessionOptions: Sendable {
  /// `--dir`: the migrations folder; nil means `MIGRATIONS_DIR`, else the first usual one.
  public var directory: String?
  /// `--database-url`; nil means the environment's.
  public var databaseURL: String?
  /// `--schema`: where the ledger lives; nil means `public`, or `migration_manager` beside Prisma.
  public var schema: String?
  /// `--lock-timeout`: milliseconds a statement waits for a lock; 0 waits for ever.
  public var lockTimeoutMilliseconds = 2_000
  /// `--lock-retries`: how often a transaction that met a lock is tried again.
  public var lockRetries = 2
  /// `--wait`: seconds to wait for another runner.
  public var waitSeconds = 60
  /// `--statement-timeout`: milliseconds a statement may run; nil leaves the server's setting.
  public var statementTimeoutMilliseconds: Int?
  /// `--connect-timeout`: seconds; nil means what the URL or `PGCONNECT_TIMEOUT` says, else 10.
  public var connectTimeoutSeconds: Int?
  /// `--connect-wait`: seconds to go on trying while a server is still starting.
  public var connectWaitSeconds = 0

  /// The defaults.
  public init() {}

  /// `--schema`, where it can be a schema's name.
  ///
  /// A longer name would be cut short by the server, and the ledger not found again (manual,
  /// chapter 4.1.1 "Identifiers and Key Words").
  ///
  /// - Throws: ``ErrorReport`` of code `usage`.
  func ledgerSchema() throws -> String? {
    guard let schema else { return nil }
    guard schema.utf8.count <= 63 else {
      throw ErrorReport(
        .usage, "the schema's name '\(schema)' is longer than PostgreSQL's 63 bytes",
        hint: "give a shorter one with --schema")
    }
    guard !schema.hasPrefix("pg_"), schema != "information_schema" else {
      throw ErrorReport(
        .usage, "the schema '\(schema)' is PostgreSQL's own",
        hint: "give another one with --schema")
    }
    return schema
  }
}

/// What happens while a session works, told as it happens.
public enum SessionEvent: Sendable {
  /// A remark that needs no action.
  case note(String)
  /// Something the user should look at; the work goes on.
  case warning(String)
  /// How far a long piece of work is: so many of so many parts.
  case progress(done: Int, total: Int)
  /// A statement of a migration has run: its text on one line, and how long it took.
  case statement(migration: String, sql: String, microseconds: Int64)
  /// A NOTICE or WARNING raised by the SQL of a migration: the migration's name, severity, text.
  case serverNotice(migration: String, severity: String, message: String)
  /// A migration of several is done: which one of how many, and how long it took.
  case done(migration: String, number: Int, total: Int, microseconds: Int64)
}
