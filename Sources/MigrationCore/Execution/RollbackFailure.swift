internal import Platform
internal import PostgresClient
internal import SQLParsing

/// Explains why a rollback's SQL failed: where, which statement, what the server said, what next.
struct RollbackFailure {
  let plan: RollbackPlan
  let inspection: RollbackInspection
  let script: RollbackScript
  /// Whether the server counts bytes in its error positions: where its encoding is SQL_ASCII.
  let positionsAreBytes: Bool

  /// Where in the script the server stopped.
  func stage(of error: QueryError, isInTransaction: Bool) -> RollbackScript.Stage {
    let stage = script.stage(
      completed: error.completedStatements, rollbackStatements: inspection.statements.count,
      isInTransaction: isInTransaction)
    // Nothing ran: a syntax error in the migration's SQL, if that is where the server points.
    if stage == .nothing, offset(of: error.serverError) != nil { return .syntaxError }
    return stage
  }

  /// The failure in words.
  ///
  /// - Parameters:
  ///   - error: what the server said.
  ///   - stage: where it stopped.
  ///   - interruption: the signal that cancelled the statement, if one did.
  /// - Returns: the report, with place, caret, statement and the way out.
  func report(
    _ error: PostgresError, stage: RollbackScript.Stage, interruption: InterruptSignal?
  ) -> ErrorReport {
    if let interruption {
      var report = ErrorReport(interruptedBy: interruption)
      report.details = ["the server cancelled the statement and undid the rollback"]
      return report
    }
    let place = place(of: error, stage: stage)
    var details: [String] = []
    if let place {
      details += Caret.lines(in: inspection.text, line: place.line, column: place.column)
    }
    if let statement = failedStatement(stage) {
      details.append("STATEMENT: " + statement)
    } else if stage == .constraints {
      details.append("at the end of the rollback, when deferred constraints are checked")
    } else if stage == .conclusion {
      details.append("when the rollback was recorded: does its SQL touch the ledger's own tables?")
    }
    if let query = error.internalQuery { details.append("QUERY: " + Self.oneLine(query)) }
    if let detail = error.detail { details.append("DETAIL: \(detail)") }
    if let hint = error.hint { details.append("HINT: \(hint)") }
    if let context = error.context { details.append("CONTEXT: \(context)") }
    let isLock = error.sqlState == .lockNotAvailable
    return ErrorReport(
      isLock ? .lock : .sql, error.message, details: details, hint: wayOut(error, status: nil),
      location: place.map { plan.origin.location(line: $0.line, column: $0.column) },
      sqlState: error.sqlState.rawValue)
  }

  /// What the ledger keeps of it.
  func recordedError(
    _ error: PostgresError, stage: RollbackScript.Stage, location: ErrorReport.Location?
  ) -> RecordedError {
    RecordedError(
      sqlstate: error.sqlState.rawValue, message: error.message, detail: error.detail,
      location: location?.description, statement: failedStatement(stage))
  }

  /// The statement that failed, on one line.
  private func failedStatement(_ stage: RollbackScript.Stage) -> String? {
    guard case .rollbackSQL(let index) = stage, inspection.statements.indices.contains(index) else {
      return nil
    }
    return Self.oneLine(inspection.text.text(in: inspection.statements[index]))
  }

  /// What to do next.
  ///
  /// - Parameters:
  ///   - error: what the server said.
  ///   - status: what the ledger says of the migration since; nil when it could not be asked.
  /// - Returns: a hint.
  func wayOut(_ error: PostgresError, status: String?) -> String {
    switch error.sqlState {
    case .lockNotAvailable:
      return
        "nothing was changed: try again, or give a longer --lock-timeout or more --lock-retries"
    case .queryCanceled:
      return "nothing was changed: try again, or give a longer --statement-timeout"
    case let state where state.isTransient:
      return "nothing was changed: try again"
    default: break
    }
    let name = plan.name
    let remedy =
      error.sqlState == .insufficientPrivilege
      ? "connect as a role that may (the owner)" : "mend its rollback section"
    switch status {
    case MigrationStatus.failed.rawValue?:
      return "nothing of it remains, and '\(name)' is now 'failed': \(remedy), "
        + "run \(ShellWord.command("register", name)), then roll back again"
    case nil:
      return "nothing of it remains: \(remedy), "
        + "run \(ShellWord.command("register", name)), then roll back again"
    case let status?:
      return "nothing of it remains, and '\(name)' is '\(status)' meanwhile: "
        + "\(ShellWord.command("check", name)) says what can be done"
    }
  }

  /// The place in the rollback SQL: the server's, else the first token of the statement.
  private func place(of error: PostgresError, stage: RollbackScript.Stage) -> SourcePosition? {
    if let offset = offset(of: error) {
      return positionsAreBytes
        ? inspection.text.position(atByte: min(offset - 1, max(plan.sql.utf8.count - 1, 0)))
        : inspection.text.position(
          atCharacter: min(offset, max(plan.sql.unicodeScalars.count, 1)))
    }
    if case .rollbackSQL(let index) = stage, inspection.statements.indices.contains(index) {
      return inspection.text.position(atByte: inspection.statements[index].lowerBound)
    }
    return nil
  }

  /// Where in the rollback SQL the server points, counted from 1 in its own unit; nil when it points
  /// elsewhere. The semicolon behind the SQL is where a statement ends too soon.
  private func offset(of error: PostgresError?) -> Int? {
    guard let position = error?.position else { return nil }
    let leading = positionsAreBytes ? script.leading.bytes : script.leading.characters
    let count = positionsAreBytes ? plan.sql.utf8.count : plan.sql.unicodeScalars.count
    let offset = position - leading
    return (1...count + 2).contains(offset) ? offset : nil
  }

  /// A statement on one line, cut when it is long.
  private static func oneLine(_ sql: String) -> String {
    let text = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    // Not an ellipsis: the ledger's database may have an encoding that lacks it.
    return text.count > 200 ? text.prefix(197) + "..." : text
  }
}
