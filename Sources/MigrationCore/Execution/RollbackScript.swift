/// The query string of one rollback: one transaction from BEGIN to COMMIT, sent as a whole.
///
/// It knows which of its statements are the migration's, so that an answer of the server (how many
/// statements completed, a position in characters) can be told in terms of the rollback SQL.
struct RollbackScript {
  /// The whole query string.
  private(set) var text = ""
  /// How many statements stand before the rollback SQL.
  private(set) var leadingStatements = 0
  /// What stands before the rollback SQL, in characters (Unicode scalars) and in bytes: error
  /// positions count the former, but for a server whose encoding is SQL_ASCII.
  private(set) var leading = (characters: 0, bytes: 0)
  /// How many statements after the rollback SQL the one that removes rows of other runners'
  /// ledgers stands; nil without such a statement.
  private var removalOffset: Int?

  /// Where in the script the server stopped.
  enum Stage: Equatable {
    /// Nothing ran.
    case nothing
    /// Nothing ran: the migration's SQL has a syntax error.
    case syntaxError
    /// BEGIN, the settings and the lock, up to the guard.
    case preparation
    /// The statement of the rollback SQL at this index, counted from 0.
    case rollbackSQL(statement: Int)
    /// After the last of its statements, where the deferred constraints are checked.
    case constraints
    /// Where rows of other runners' ledgers are removed.
    case runnerLedgers
    /// Where the session is put right, the rollback recorded and committed.
    case conclusion

    /// Whether the migration's own SQL is to blame, not the preparation.
    var isOfMigration: Bool {
      switch self {
      case .nothing, .preparation, .runnerLedgers: false
      case .syntaxError, .rollbackSQL, .constraints, .conclusion: true
      }
    }

    /// Whether statements of the ledger's own run there, so that its SQLSTATEs are the ledger's.
    var isOfLedger: Bool {
      switch self {
      case .nothing, .preparation, .runnerLedgers, .conclusion: true
      case .syntaxError, .rollbackSQL, .constraints: false
      }
    }
  }

  /// Writes the script of DESIGN.md section 6, step 4.
  ///
  /// - Parameters:
  ///   - plan: what to roll back.
  ///   - calls: the ledger's function calls.
  ///   - check: the statement that checks the ledger's owners, where the last look was long ago.
  ///   - settings: the `SET LOCAL`s of this run, repeated after `RESET ALL`.
  ///   - cleanup: what else the rollback SQL may leave in its session.
  ///   - removal: the statement that removes rows of other runners' ledgers, if any shall be.
  ///   - run: the values that the record needs.
  /// - Throws: when a value cannot be quoted.
  init(
    plan: RollbackPlan, calls: LedgerCalls, check: String?, settings: TransactionSettings,
    cleanup: SessionCleanup, removal: String? = nil, run: RunIdentity
  ) throws {
    append("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    settings.statements.forEach { append($0) }
    if let check { append(check) }
    append(calls.lock)
    append(try calls.guardRollback(of: plan.name, sqlChecksum: plan.sqlChecksum))
    append("SAVEPOINT \(Self.savepoint)")
    if let path = plan.searchPath { append(try calls.setSearchPath(path)) }
    leading = (text.unicodeScalars.count, text.utf8.count)
    // The line end closes a last comment, the semicolon a last statement.
    text += plan.sql
    text += "\n;\n"
    let repairs = ["SET CONSTRAINTS ALL IMMEDIATE"] + cleanup.afterSuccess + settings.statements
    repairs.forEach { appendUncounted($0) }
    if let removal {
      removalOffset = repairs.count
      appendUncounted(removal)
    }
    appendUncounted(
      try calls.recordRollback(of: plan.name, run: run, withRemovedRows: removal != nil))
    appendUncounted("COMMIT")
  }

  /// The savepoint before the rollback SQL.
  static let savepoint = "migration_manager"

  /// What the number of completed statements says about where the server stopped.
  ///
  /// - Parameters:
  ///   - completed: how many statements completed before the error.
  ///   - count: how many statements the rollback SQL has.
  ///   - isInTransaction: whether the connection is left in a (failed) transaction.
  /// - Returns: the part of the script that holds the statement that failed.
  func stage(completed: Int, rollbackStatements count: Int, isInTransaction: Bool) -> Stage {
    if completed == 0 && !isInTransaction { return .nothing }
    if completed < leadingStatements { return .preparation }
    let index = completed - leadingStatements
    if index < count { return .rollbackSQL(statement: index) }
    if let removalOffset, index == count + removalOffset { return .runnerLedgers }
    return index == count ? .constraints : .conclusion
  }

  private mutating func append(_ statement: String) {
    appendUncounted(statement)
    leadingStatements += 1
  }

  private mutating func appendUncounted(_ statement: String) {
    text += statement
    text += ";\n"
  }
}
