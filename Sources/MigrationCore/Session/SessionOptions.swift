/// What the command line says about a session; what it leaves open, variables, the configuration
/// file and the defaults decide.
public struct SessionOptions: Sendable {
  /// `--env`: the environment of the configuration file; nil means `MIGRATION_MANAGER_ENV`, else
  /// none.
  public var environment: String?
  /// `--config`: the configuration file; nil means `migration-manager.json`, where there is one.
  public var configurationFile: String?
  /// `--database-url`; nil means the chosen environment's, or a variable's, or the file's own.
  public var databaseURL: String?
  /// `--confirm`: the name that the database must have, or nothing is done on it; nil takes any.
  public var confirmedDatabase: String?
  // Of each of those below nil means what the configuration file says, and then what is told here.

  /// `--dir`: the migrations folder; nil means `MIGRATIONS_DIR` too, else the first usual one.
  public var directory: String?
  /// `--schema`: where the ledger lives; nil means `public`, or `migration_manager` beside Prisma.
  public var schema: String?
  /// `--lock-timeout`: milliseconds a statement waits for a lock; 0 waits for ever; nil means 2000, and
  /// outside a transaction the session's own.
  public var lockTimeoutMilliseconds: Int?
  /// `--lock-retries`: how often a transaction that met a lock is tried again; nil means 2.
  public var lockRetries: Int?
  /// `--wait`: milliseconds to wait for another runner; nil means 60 seconds.
  public var waitMilliseconds: Int?
  /// `--statement-timeout`: milliseconds a statement may run; nil leaves the server's setting.
  public var statementTimeoutMilliseconds: Int?
  /// `--connect-timeout`: milliseconds; nil means what the URL or `PGCONNECT_TIMEOUT` says, else 10
  /// seconds.
  public var connectTimeoutMilliseconds: Int?
  /// `--connect-wait`: milliseconds to go on trying while a server is still starting; nil means 0.
  public var connectWaitMilliseconds: Int?

  /// Options that leave everything open.
  public init() {}

  /// What is said, by setting, but for the database.
  package var values: [Setting: SettingValue] {
    let values: [Setting: SettingValue?] = [
      .directory: directory.map(SettingValue.text),
      .schema: schema.map(SettingValue.text),
      .lockTimeout: lockTimeoutMilliseconds.map(SettingValue.milliseconds),
      .lockRetries: lockRetries.map(SettingValue.integer),
      .wait: waitMilliseconds.map(SettingValue.milliseconds),
      .statementTimeout: statementTimeoutMilliseconds.map(SettingValue.milliseconds),
      .connectTimeout: connectTimeoutMilliseconds.map(SettingValue.milliseconds),
      .connectWait: connectWaitMilliseconds.map(SettingValue.milliseconds),
    ]
    return values.compactMapValues { $0 }
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
  /// A statement begins, of a migration that runs statement by statement: which one of how many, its
  /// line and text, and which migration of how many.
  case unit(
    migration: String, statement: Int, count: Int, words: String, number: Int, total: Int)
  /// A NOTICE or WARNING raised by the SQL of a migration: the migration's name, severity, text.
  case serverNotice(migration: String, severity: String, message: String)
  /// A migration of several is done: which one of how many, and how long it took.
  case done(migration: String, number: Int, total: Int, microseconds: Int64)
}
