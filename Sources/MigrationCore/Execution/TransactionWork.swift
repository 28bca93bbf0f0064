internal import PostgresClient

/// One migration's SQL in a transaction of ours.
struct TransactionStep {
  /// The migration.
  var name: String
  /// The SQL that runs.
  var sql: String
  /// What parsing found in it.
  var inspection: SQLInspection
  /// Where it stands, for positions.
  var origin: SQLOrigin
  /// The search path that it runs under; nil means the connection's.
  var searchPath: String?
  /// Settings that earlier statements of the migration made, made again before the SQL.
  var settings: [String] = []

  /// Describes a step.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - sql: the SQL that runs.
  ///   - direction: which of its two texts that is.
  ///   - origin: where it stands.
  ///   - searchPath: the path that it runs under.
  init(
    _ name: String, _ sql: String, _ direction: Direction, origin: SQLOrigin, searchPath: String?
  ) {
    self.init(
      name, sql, SQLInspection(of: sql, direction, origin: origin, name: name), origin: origin,
      searchPath: searchPath)
  }

  /// Describes a step whose SQL was looked through before.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - sql: the SQL that runs.
  ///   - inspection: what parsing found in it.
  ///   - origin: where it stands.
  ///   - searchPath: the path that it runs under.
  init(
    _ name: String, _ sql: String, _ inspection: SQLInspection, origin: SQLOrigin,
    searchPath: String?
  ) {
    self.name = name
    self.sql = sql
    self.inspection = inspection
    self.origin = origin
    self.searchPath = searchPath
  }
}

/// What is done in one transaction, all of it or nothing: pure data, which ``TransactionScript`` writes
/// as one query string and ``TransactionRunner`` runs.
struct TransactionWork {
  /// Which of their texts run.
  var direction: Direction
  /// Statements that raise where something must not run: sent behind the lock, before any SQL of a
  /// migration, and before a failure is recorded in a transaction of its own.
  var guards: [String]
  /// The migrations, in their order; none where no more than the guards is to run.
  var steps: [TransactionStep]
  /// The statement that removes rows of other runners' ledgers; nil where they stay.
  var removal: String?
  /// The statements that record what was done, the last before COMMIT.
  var records: [String]
  /// Whether the end of each statement is told as it comes.
  var tellsStatements = false
  /// What takes the lock, for a run that holds the lease; nil for one that holds none.
  var lock: String?
  /// Which statement of a migration that runs statement by statement it is; nil for any other work.
  var statement: StatementPosition?
  /// The errors of a statement that are not this runner's to settle: they mean that it cannot run in
  /// a transaction, and are thrown as ``StatementNeedsNoTransaction``.
  var handsBack: Set<SQLState> = []

  /// Whether the end of each step is told as it comes.
  var tellsSteps: Bool { steps.count > 1 }

  /// What it is, on one line: `migrate 1_a`.
  var title: String {
    if let statement { return statement.title }
    guard steps.count < 2 else { return "\(direction.operation) of \(steps.count) migrations" }
    guard let name = steps.first?.name else { return direction.operation }
    return "\(direction.operation) \(name.withoutControls)"
  }

  /// What is undone when the transaction is, in words: `the rollback`.
  var subject: String {
    steps.count > 1 ? "all \(steps.count) \(direction.noun)s" : "the \(direction.noun)"
  }

  /// The same with its name, where there is one: `the rollback of '1_a'`.
  var namedSubject: String {
    guard steps.count == 1, let name = steps.first?.name else { return subject }
    return direction == .up ? "'\(name)'" : "\(subject) of '\(name)'"
  }
}

/// Which statement of a migration that runs statement by statement.
struct StatementPosition: Equatable, Sendable {
  /// The migration.
  var migration: String
  /// Which of its texts.
  var direction: Direction
  /// Which statement, counted from 1.
  var number: Int
  /// How many there are.
  var count: Int
  /// Whether the migration is recorded in the same transaction: then its event tells the fate, else the
  /// journal.
  var isFinal = false

  /// On one line, for whoever looks at what the server runs: `migrate 1_a (statement 2 of 5)`.
  var title: String {
    "\(direction.operation) \(migration.withoutControls) (statement \(number) of \(count))"
  }
}

/// A statement that turned out not to run in a transaction; its transaction was rolled back, and nothing
/// of it was recorded.
struct StatementNeedsNoTransaction: Error {
  /// What the server said.
  var error: PostgresError
}

extension String {
  /// The text on one line: a name that a plain client wrote into the ledger may hold anything.
  fileprivate var withoutControls: String {
    var text = ""
    text.unicodeScalars.append(contentsOf: unicodeScalars.map { $0.value < 0x20 ? "?" : $0 })
    return text
  }
}
