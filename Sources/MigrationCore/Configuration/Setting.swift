/// What can be set on the command line and in `migration-manager.json`; some by variables, too.
package enum Setting: String, CaseIterable, Sendable {
  /// The database.
  case url
  /// The migrations folder.
  case directory = "dir"
  /// The ledger's schema.
  case schema
  /// How long a statement waits for a lock.
  case lockTimeout = "lock_timeout"
  /// How often a transaction that met a lock is tried again.
  case lockRetries = "lock_retries"
  /// How long to wait for another run.
  case wait
  /// How long a statement may run.
  case statementTimeout = "statement_timeout"
  /// How long connecting may take.
  case connectTimeout = "connect_timeout"
  /// How long to go on trying while a server is still starting.
  case connectWait = "connect_wait"

  /// What a value is.
  package enum Kind: Equatable, Sendable {
    /// A text that is not empty.
    case text
    /// A whole number, not negative.
    case integer
    /// A time; a bare number counts in the unit.
    case duration(bareUnit: DurationUnit)
  }

  /// What its value is.
  package var kind: Kind {
    switch self {
    case .url, .directory, .schema: .text
    case .lockRetries: .integer
    case .lockTimeout, .statementTimeout: .duration(bareUnit: .milliseconds)
    case .wait, .connectTimeout, .connectWait: .duration(bareUnit: .seconds)
    }
  }

  /// The option that sets it, as typed.
  package var option: String {
    switch self {
    case .url: "--database-url"
    default: "--" + rawValue.split(separator: "_").joined(separator: "-")
    }
  }

  /// What holds when nothing says otherwise; nil where that depends on more than this.
  package var standard: SettingValue? {
    switch self {
    case .lockTimeout: .milliseconds(2_000)
    case .lockRetries: .integer(2)
    case .wait: .milliseconds(60_000)
    case .connectWait: .milliseconds(0)
    case .url, .directory, .schema, .statementTimeout, .connectTimeout: nil
    }
  }
}

extension Setting {
  /// What holds when nothing says otherwise and ``standard`` is nil, in words; nil for nothing.
  package var standardWords: String? {
    switch self {
    case .schema: "public, or migration_manager beside Prisma"
    case .statementTimeout: "the server's setting"
    case .connectTimeout: "what the URL or PGCONNECT_TIMEOUT says, else 10s"
    default: nil
    }
  }
}

/// The value of a ``Setting``.
package enum SettingValue: Equatable, Sendable {
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A time in milliseconds.
  case milliseconds(Int)

  /// The value as an option takes it.
  package var text: String {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .milliseconds(let number): DurationText.text(milliseconds: number)
    }
  }
}

/// Who said what holds.
package enum SettingOrigin: Equatable, Sendable {
  /// An option of the command line, as typed.
  case option(String)
  /// A variable of the environment.
  case variable(String)
  /// A variable that `.env` gives.
  case dotEnv(String)
  /// The configuration file; with the environment in it whose section it was.
  case file(path: String, environment: String?)
  /// Nobody.
  case standard

  /// The origin in words: `--dir`, `MIGRATIONS_DIR`, `MIGRATIONS_DIR in .env`,
  /// `migration-manager.json, environment staging`, `default`.
  package var description: String {
    switch self {
    case .option(let spelling): spelling
    case .variable(let name): name
    case .dotEnv(let name): "\(name) in .env"
    case .file(let path, let environment):
      environment.map { "\(path), environment \($0)" } ?? path
    case .standard: "default"
    }
  }

  /// What named the migrations folder, for a person who must correct it; nil for the command line.
  var folderNamer: String? {
    switch self {
    case .option, .standard: nil
    case .variable(let name), .dotEnv(let name): name
    case .file: "'\(Setting.directory.rawValue)' in \(description)"
    }
  }
}
