/// The query string of one rollback: one transaction from BEGIN to COMMIT, sent as a whole.
///
/// It knows which of its statements are the migration's, so that an answer of the server (how many
/// statements completed, a position in characters) can be told in terms of the rollback SQL.
struct RollbackScript {
  /// The whole query string.
  private(set) var text = ""
  /// How many statements stand before the rollback SQL.
  private(set) var leadingStatements = 0
  /// How many characters (Unicode scalars) stand before the rollback SQL.
  private(set) var leadingCharacters = 0

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
    /// After the last of its statements: deferred constraints, the record, COMMIT.
    case conclusion

    /// Whether the migration's own SQL is to blame, not the preparation.
    var isOfMigration: Bool {
      switch self {
      case .nothing, .preparation: false
      case .syntaxError, .rollbackSQL, .conclusion: true
      }
    }
  }

  /// Writes the script of DESIGN.md section 6, step 4.
  ///
  /// - Parameters:
  ///   - plan: what to roll back.
  ///   - calls: the ledger's function calls.
  ///   - settings: the `SET LOCAL`s of this run, repeated after `RESET ALL`.
  ///   - run: the values that the record needs.
  /// - Throws: when a value cannot be quoted.
  init(plan: RollbackPlan, calls: LedgerCalls, settings: TransactionSettings, run: RunIdentity)
    throws
  {
    append("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    settings.statements.forEach { append($0) }
    append(calls.lock)
    append(try calls.guardRollback(of: plan.name, sqlChecksum: plan.sqlChecksum))
    append("SAVEPOINT \(Self.savepoint)")
    if let path = plan.searchPath { append(try calls.setSearchPath(path)) }
    leadingCharacters = text.unicodeScalars.count
    // The line end closes a last comment, the semicolon a last statement.
    text += plan.sql
    text += "\n;\n"
    appendUncounted("SET CONSTRAINTS ALL IMMEDIATE")
    Self.hygiene.forEach { appendUncounted($0) }
    settings.statements.forEach { appendUncounted($0) }
    appendUncounted(try calls.recordRollback(of: plan.name, run: run))
    appendUncounted("COMMIT")
  }

  /// The savepoint before the rollback SQL.
  static let savepoint = "migration_manager"

  /// Takes back whatever the rollback SQL did to its session: a pooler hands it to others.
  static let hygiene = ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"]

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
    return index < count ? .rollbackSQL(statement: index) : .conclusion
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
