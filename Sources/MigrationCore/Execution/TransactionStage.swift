/// Where in a ``TransactionScript`` the server stopped.
enum TransactionStage: Equatable {
  /// Nothing ran.
  case nothing
  /// Nothing ran: the SQL of the migration at this index has a syntax error.
  case syntaxError(step: Int)
  /// BEGIN, the settings and the lock, the guards, the search path.
  case preparation
  /// The statement at this index of a migration's SQL; both are counted from 0.
  case sql(step: Int, statement: Int)
  /// After the last of its statements, where the deferred constraints are checked.
  case constraints(step: Int)
  /// Where the session is put right after it.
  case settling(step: Int)
  /// Where rows of other runners' ledgers are removed.
  case runnerLedgers
  /// Where all is recorded and committed.
  case conclusion

  /// The migration whose own SQL is to blame; nil where it is ours, or nobody can tell whose.
  ///
  /// - Parameter count: how many migrations the transaction has.
  /// - Returns: its index.
  func culprit(of count: Int) -> Int? {
    switch self {
    case .nothing, .preparation, .runnerLedgers: nil
    case .syntaxError(let step), .sql(let step, _), .constraints(let step), .settling(let step):
      step
    // When one alone has run, the record fails by what it did.
    case .conclusion: count == 1 ? 0 : nil
    }
  }

  /// Whether statements of the ledger's own run there, so that its SQLSTATEs are the ledger's.
  var isOfLedger: Bool {
    switch self {
    case .nothing, .preparation, .runnerLedgers, .conclusion: true
    case .syntaxError, .sql, .constraints, .settling: false
    }
  }
}

/// What a transaction tells of its progress while it runs.
///
/// The server keeps results back until 8 kB of them have come together or its query string has
/// ended; what `RAISE INFO` says goes out at once, whatever `client_min_messages` is (manual,
/// chapter 43.9.1 "Reporting Errors and Messages").
enum ProgressMark: Equatable {
  /// The lock is got and the guards have nothing against it: migrations run from here on.
  case begun
  /// The migration at this index has run.
  case step(Int)
  /// So has the statement at this index of a migration.
  case statement(step: Int, statement: Int)

  /// What begins the messages that our statements send to this program, not to people.
  static let prefix = "migration-manager: "

  /// The statement that tells it.
  var statement: String {
    "DO $$BEGIN RAISE INFO '\(Self.prefix)\(words)'; END$$"
  }

  private var words: String {
    switch self {
    case .begun: "begun"
    case .step(let step): "step \(step)"
    case .statement(let step, let statement): "statement \(step) \(statement)"
    }
  }

  /// Reads a message; nil for any other.
  init?(_ message: String) {
    guard message.hasPrefix(Self.prefix) else { return nil }
    let words = message.dropFirst(Self.prefix.count).split(separator: " ")
    let numbers = words.dropFirst().compactMap { Int($0) }
    switch (words.first, numbers.count) {
    case ("begun", 0): self = .begun
    case ("step", 1): self = .step(numbers[0])
    case ("statement", 2): self = .statement(step: numbers[0], statement: numbers[1])
    default: return nil
    }
  }
}
