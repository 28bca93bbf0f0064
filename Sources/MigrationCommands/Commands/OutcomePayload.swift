package import MigrationCore

/// The document of the commands that change migrations, such as `register`, `rollback` and `resolve`.
package struct OutcomePayload: JSONDocument {
  private let migrations: [MigrationOutcomePayload]
  private let isDryRun: Bool
  private let error: ErrorReport?

  /// The document of what became of migrations.
  ///
  /// - Parameters:
  ///   - migrations: what became of each.
  ///   - isDryRun: whether nothing was to be done.
  ///   - error: what stopped the whole; nil for the first migration's own.
  package init(
    _ migrations: [MigrationOutcomePayload], isDryRun: Bool = false, error: ErrorReport? = nil
  ) {
    self.migrations = migrations
    self.isDryRun = isDryRun
    self.error = error
  }

  /// Writes the object. Without one of the whole, the first migration's error stands at the top too, so that a program finds
  /// errors in one place whatever the command was.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("migrations", migrations)
      json.member("dry_run", isDryRun)
      if let error = error ?? migrations.lazy.compactMap({ $0.error }).first {
        json.member("error", ErrorPayload(error))
      }
    }
  }
}

/// What became of one migration.
package struct MigrationOutcomePayload: JSONValue {
  let name: String
  let outcome: MigrationOutcome
  let sql: String?
  let durationMicroseconds: Int64?
  let error: ErrorReport?
  /// How far it is, where it runs statement by statement.
  let statements: StatementProgress?
  /// What a person must tell before it goes on; nil for nothing.
  let question: String?
  /// What only one command says.
  private var details: OutcomeDetails?

  /// What became of a migration; with `runnerLedgers`, which only a rollback has, of its rows in
  /// other runners' ledgers too.
  package init(
    name: String, outcome: MigrationOutcome, sql: String? = nil,
    durationMicroseconds: Int64? = nil, error: ErrorReport? = nil,
    statements: StatementProgress? = nil, question: String? = nil,
    runnerLedgers: [RunnerLedgerStep]? = nil
  ) {
    self.name = name
    self.outcome = outcome
    self.sql = sql
    self.durationMicroseconds = durationMicroseconds
    self.error = error
    self.statements = statements
    self.question = question
    details = runnerLedgers.map(OutcomeDetails.rollback)
  }

  /// What became of a migration that was to be registered.
  package init(_ result: RegistrationResult) {
    self.init(name: result.name, outcome: result.outcome, error: result.error)
    details = .register(evidence: result.evidence, missing: result.missing)
  }

  /// What `sync` did with a file.
  package init(_ migration: SynchronizedMigration) {
    self.init(name: migration.name, outcome: migration.outcome, error: migration.error)
    details = .sync(migration)
  }

  /// What became of a change of the ledger.
  package init(_ change: LedgerChange, _ outcome: MigrationOutcome, error: ErrorReport? = nil) {
    self.init(name: change.name, outcome: outcome, error: error)
    details = .ledgerChange(change)
  }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      json.member("outcome", outcome.rawValue)
      json.member("sql", sql)
      json.member("duration_ms", durationMicroseconds.map(Milliseconds.init))
      json.member("error", error.map(ErrorPayload.init))
      if let statements { json.member("statements", StatementsPayload(statements)) }
      if let question { json.member("question", question) }
      details?.write(to: &json)
    }
  }
}

/// How many statements are done, and how many there are.
private struct StatementsPayload: JSONValue {
  let progress: StatementProgress

  init(_ progress: StatementProgress) { self.progress = progress }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("done", progress.done)
      json.member("of", progress.count)
    }
  }
}

/// A duration as a JSON number of milliseconds, exact to the microsecond.
struct Milliseconds: JSONValue {
  let microseconds: Int64

  init(microseconds: Int64) { self.microseconds = microseconds }

  func write(to json: inout JSONWriter) { json.literal(text) }

  /// Such as `41.207`.
  var text: String {
    let fraction = String(microseconds % 1_000)
    let zeros = String(repeating: "0", count: 3 - fraction.count)
    return "\(microseconds / 1_000).\(zeros)\(fraction)"
  }
}
