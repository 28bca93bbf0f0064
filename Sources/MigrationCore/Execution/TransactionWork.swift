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

  /// Whether the end of each step is told as it comes.
  var tellsSteps: Bool { steps.count > 1 }

  /// What it is, on one line: `migrate 1_a`.
  var title: String {
    guard steps.count < 2 else { return "\(direction.operation) of \(steps.count) migrations" }
    // A name that a plain client wrote into the ledger may hold anything.
    let scalars = steps.first?.name.unicodeScalars.map { $0.value < 0x20 ? "?" : $0 } ?? []
    var title = direction.operation + (scalars.isEmpty ? "" : " ")
    title.unicodeScalars.append(contentsOf: scalars)
    return title
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
