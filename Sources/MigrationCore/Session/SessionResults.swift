/// The server, database and role that a session works on.
public struct DatabaseTarget: Equatable, Sendable {
  /// The database's name.
  public var database: String
  /// A host name, an address, or the folder of a Unix socket.
  public var host: String
  /// The address that was given beside a host (libpq's `hostaddr`), and where it really goes; nil where
  /// none was.
  public var address: String?
  /// The port.
  public var port: String
  /// The role that runs statements.
  public var user: String
  /// Where the connection settings came from, such as `DATABASE_URL` or `.env`; nil for libpq's
  /// own variables and defaults.
  public var source: String?
  /// What must be typed before something is taken away here; nil where nothing is protected.
  public var protection: Protection?

  /// `NAME on HOST:PORT as USER (from SOURCE)`; behind the port, where one was given, the address.
  public var description: String {
    let address = address.map { " (hostaddr \($0))" } ?? ""
    let place = "\(database) on \(host):\(port)\(address) as \(user)"
    return source.map { "\(place) (from \($0))" } ?? place
  }
}

/// A database that `migration-manager.json` calls protected.
public struct Protection: Equatable, Sendable {
  /// The environment that was chosen; nil where the file says it for all.
  public var environment: String?

  /// Names what is protected.
  package init(environment: String?) { self.environment = environment }
}

/// A migration's status in the ledger.
public enum MigrationStatus: String, Sendable, CaseIterable {
  /// It was applied and stands.
  case applied
  /// Its rollback was run.
  case rolledBack = "rolled_back"
  /// A rollback was tried and its SQL failed; the schema is as it was.
  case failed
}

/// How a file differs from what the ledger recorded of it.
public enum Drift: String, Sendable, CaseIterable {
  /// The up SQL differs: serious, the database was made by another text.
  case up
  /// Only the rollback SQL differs: `register` accepts it.
  case rollback
  /// Only comments or white space differ.
  case comments
  /// Only line ends differ.
  case lineEnds = "line_ends"
}

/// One row of `list`.
public struct MigrationSummary: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// Its version.
  public var version: String
  /// Its status.
  public var status: MigrationStatus
  /// When it was applied, in microseconds since 1970.
  public var appliedAt: Int64?
  /// Whether a rollback would be let through.
  public var canRollback: Bool
  /// Whether the ledger holds rollback SQL.
  public var hasRollbackSQL: Bool
  /// Why it can or cannot be rolled back, in the ledger's words.
  public var reason: String
  /// Applied migrations that depend on it, by name.
  public var dependents: [String]
}

/// The answer of `list`.
public struct MigrationList: Equatable, Sendable {
  /// Newest first.
  public var migrations: [MigrationSummary]
  /// How many there are, whatever the limit.
  public var total: Int
  /// How many of all could be rolled back.
  public var rollbackable: Int
}

/// The answer of `check` for one migration.
public struct RollbackCheck: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// Its status; nil when the ledger does not know it.
  public var status: MigrationStatus?
  /// Whether `rollback` would go ahead.
  public var canRollback: Bool
  /// Why, in one line.
  public var reason: String
  /// Applied migrations that must be rolled back first.
  public var dependents: [String]
  /// How the file differs from the record; nil when it does not, or there is no file.
  public var drift: Drift?
  /// The words after `-- ROLLBACK IRREVERSIBLE:`, when the migration says so.
  public var irreversible: String?
  /// Whether the file is gone from the folder (the ledger's SQL is what runs anyway).
  public var fileMissing: Bool
  /// Further remarks, each a line.
  public var remarks: [String]
  /// The next command to type, when it cannot be rolled back.
  public var hint: String?
}

/// Which SQL `show` prints.
public enum ShownSQL: Sendable {
  /// The file with its rollback section blanked out.
  case up
  /// The rollback SQL, uncommented.
  case rollback
}

/// What `init` did.
public struct InitializationResult: Equatable, Sendable {
  /// What became of the ledger.
  public enum Outcome: String, Sendable {
    /// It was not there and was made.
    case created
    /// It was older or incomplete and was brought up to date.
    case upgraded
    /// It was complete already.
    case present
  }
  /// What became of the ledger.
  public var outcome: Outcome
  /// The ledger's schema.
  public var schema: String
  /// Roles that were given reading rights.
  public var readers: [String]
  /// Roles that were given writing rights.
  public var operators: [String]
}

/// What became of one migration in `register` or `rollback`, the words of JSON's `outcome`.
public enum MigrationOutcome: String, Sendable, CaseIterable {
  /// It was applied by this program.
  case applied
  /// It was recorded.
  case registered
  /// Its record was brought up to date.
  case refreshed
  /// Nothing was to do.
  case skipped
  /// Nothing of it stands in the database.
  case notApplied = "not_applied"
  /// Some of what it creates is there, some is missing.
  case partial
  /// Nothing tells whether it was applied.
  case unknown
  /// It was rolled back.
  case rolledBack = "rolled_back"
  /// Its record has another name.
  case renamed
  /// Its record was deleted.
  case forgotten
  /// It would be done; this was a dry run.
  case planned
  /// The answer was no.
  case refused
  /// The person at the prompt said no.
  case declined
  /// It failed and was undone.
  case failed

  /// What became of a migration whose transaction ended in an error.
  ///
  /// - Parameter error: the error.
  /// - Returns: `refused`, `unknown` where its fate could not be learned, else `failed`.
  package static func of(_ error: ErrorReport) -> MigrationOutcome {
    switch error.code {
    case .refused: .refused
    case .fateUnknown: .unknown
    default: .failed
    }
  }
}

/// What `rollback` did to one migration.
public struct RollbackResult: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// The SQL that ran.
  public var sql: String
  /// How long it took on the wire, in microseconds.
  public var durationMicroseconds: Int64
  /// What became of its rows in other runners' ledgers.
  public var runnerLedgers: [RunnerLedgerStep] = []
  /// How many statements are done, where it runs statement by statement; nil for any other.
  public var statements: StatementProgress?
}

/// What `rollback` did.
public struct RollbackOutcome: Equatable, Sendable {
  /// What was rolled back and is committed, in that order.
  public var results: [RollbackResult] = []
  /// What stopped it; nil when all was done.
  public var error: ErrorReport? = nil
  /// The migration that `error` came from; nil where it is none's alone.
  public var culprit: String? = nil
  /// How far the culprit got, where it runs statement by statement.
  public var statements: StatementProgress? = nil
  /// What was to be done: what was rolled back, and after that the rest of the last plan.
  public private(set) var plan: RollbackPlan
  /// Where in `results` that last plan begins.
  private var planBegin = 0

  /// Nothing was done.
  ///
  /// - Parameter plan: what was to be done.
  public init(plan: RollbackPlan) { self.plan = plan }

  /// How many of the last plan's steps are committed.
  var doneInPlan: Int { results.count - planBegin }

  /// Goes on by another plan.
  mutating func adopt(_ next: RollbackPlan) {
    let done = plan.steps.prefix(results.count)
    planBegin = results.count
    plan = next
    plan.steps = done + next.steps
    culprit = nil
  }
}

/// What `register` did to one migration.
public struct RegistrationResult: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// `registered`, `refreshed`, `notApplied`, `partial`, or `refused`.
  public var outcome: MigrationOutcome
  /// Whether the file has rollback SQL.
  public var hasRollbackSQL: Bool
  /// The words after `-- ROLLBACK IRREVERSIBLE:`, when the file says so.
  public var irreversible: String?
  /// What told that it was applied, such as `4 of 4 objects exist`.
  public var evidence: String
  /// What it creates and what is not there, such as `table app.users`.
  public var missing: [String] = []
  /// Further remarks, each a line.
  public var remarks: [String]
  /// Why it was not recorded; nil when it was.
  public var error: ErrorReport?
}

/// The rollback SQL that `template` suggests.
public struct TemplateResult: Equatable, Sendable {
  /// A statement that cannot be undone from the text alone.
  public struct Todo: Equatable, Sendable {
    /// The line of the file on which it begins, counted from 1.
    public var line: Int
    /// Its command and what it names, such as `DROP TABLE orders`.
    public var statement: String
    /// Why its undo cannot be told.
    public var reason: String
    /// What may be the undo, and when.
    public var suggestion: String?
  }

  /// The migration's name.
  public var name: String
  /// Its file, as shown to the user.
  public var path: String
  /// The file beside it that the rollback SQL belongs into, there or not; nil for a section.
  public var rollbackPath: String? = nil
  /// The section with its markers, or what that file is to hold: lines that end in `\n`.
  public var section: String
  /// The rollback SQL that the section holds; nil where there is none but TODOs.
  public var sql: String?
  /// Whether the section is commented out.
  public var isCommented: Bool
  /// Whether it was written into the file.
  public var isWritten: Bool
  /// What the author must still write, in the order of the file.
  public var todos: [Todo]
  /// Earlier migrations that create what this one needs and that its header does not name.
  public var dependencies: [String]
  /// Whether the file says that it is irreversible.
  public var isIrreversible = false
  /// Whether the folder is that of another runner, which applies what stands there.
  public var isOtherRunners = false
}
