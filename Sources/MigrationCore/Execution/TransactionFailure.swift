internal import Platform
internal import PostgresClient
internal import SQLParsing

/// Explains why a migration's SQL failed: where, which statement, what the server said, what next.
struct TransactionFailure {
  let work: TransactionWork
  let script: TransactionScript
  /// Whether the server counts bytes in its error positions: where its encoding is SQL_ASCII.
  let positionsAreBytes: Bool

  /// Where in the script the server stopped.
  func stage(of error: QueryError, isInTransaction: Bool) -> TransactionStage {
    let stage = script.stage(
      completed: error.completedStatements, isInTransaction: isInTransaction)
    // Nothing ran: a syntax error in a migration's SQL, if that is where the server points.
    if stage == .nothing, let place = place(of: error.serverError) {
      return .syntaxError(step: place.step)
    }
    return stage
  }

  /// The failure in words.
  ///
  /// - Parameters:
  ///   - error: what the server said.
  ///   - stage: where it stopped.
  ///   - culprit: the migration that it stopped in; nil where nobody can tell.
  ///   - interruption: the signal that cancelled the statement, if one did.
  /// - Returns: the report, with place, caret, statement and the way out.
  func report(
    _ error: PostgresError, stage: TransactionStage, culprit: TransactionStep?,
    interruption: InterruptSignal?
  ) -> ErrorReport {
    if let interruption {
      var report = ErrorReport(interruptedBy: interruption)
      report.details = ["the server cancelled the statement and undid \(work.subject)"]
      return report
    }
    let place = sourcePosition(of: error, stage: stage)
    var details: [String] = []
    if let place, let culprit {
      details += Caret.lines(
        in: culprit.inspection.shownText, line: place.line, column: place.column)
    }
    if let statement = failedStatement(stage) {
      details.append("STATEMENT: " + statement)
    } else if case .constraints = stage {
      details.append(
        "at the end of the \(work.direction.noun), when deferred constraints are checked")
    } else if stage == .conclusion {
      details.append(
        "when the \(work.direction.noun) was recorded: does its SQL touch the ledger's own tables?")
    }
    if let query = error.internalQuery { details.append("QUERY: " + query.shortLine) }
    if let detail = error.detail { details.append("DETAIL: \(detail)") }
    if let hint = error.hint { details.append("HINT: \(hint)") }
    if let context = error.context { details.append("CONTEXT: \(context)") }
    let isLock = error.sqlState == .lockNotAvailable
    return ErrorReport(
      isLock ? .lock : .sql, error.message, details: details,
      hint: wayOut(error, culprit: culprit, status: nil),
      location: place.flatMap { culprit?.origin.location(line: $0.line, column: $0.column) },
      sqlState: error.sqlState.rawValue)
  }

  /// What the ledger keeps of it.
  func recordedError(
    _ error: PostgresError, stage: TransactionStage, location: ErrorReport.Location?
  ) -> RecordedError {
    RecordedError(
      sqlstate: error.sqlState.rawValue, message: error.message, detail: error.detail,
      location: location?.description, statement: failedStatement(stage))
  }

  /// The statement that failed, on one line.
  private func failedStatement(_ stage: TransactionStage) -> String? {
    guard case .sql(let step, let statement) = stage else { return nil }
    return work.steps[step].inspection.shownStatement(statement)
  }

  /// What to do next.
  ///
  /// - Parameters:
  ///   - error: what the server said.
  ///   - culprit: the migration that it stopped in; nil where nobody can tell.
  ///   - status: what the ledger says of that migration since; nil when it could not be asked.
  /// - Returns: a hint.
  func wayOut(_ error: PostgresError, culprit: TransactionStep?, status: String?) -> String {
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
    let count = work.steps.count
    let remains = count > 1 ? "none of the \(count) was rolled back" : "nothing of it remains"
    guard let name = culprit?.name else {
      return "\(remains): roll them back one by one, by --each"
    }
    let isPrivilege = error.sqlState == .insufficientPrivilege
    let request =
      error.sqlState.forbidsTransaction
      ? culprit.map {
        SingleTransaction(
          direction: work.direction, origin: $0.origin, name: name, text: $0.inspection.text
        ).request
      } : nil
    if work.direction == .up {
      let remedy = request ?? (isPrivilege ? "connect as a role that may" : "mend it")
      return "\(remains): \(remedy), then run 'migration-manager migrate' again"
    }
    let remedy =
      request
      ?? (isPrivilege ? "connect as a role that may (the owner)" : "mend its rollback section")
    let register = ShellWord.command("register", name)
    switch status {
    case MigrationStatus.failed.rawValue?:
      return "\(remains), and '\(name)' is now 'failed': \(remedy), "
        + "run \(register), then roll back again"
    case nil:
      return "\(remains): \(remedy), run \(register), then roll back again"
    case let status?:
      return "\(remains), and '\(name)' is '\(status)' meanwhile: "
        + "\(ShellWord.command("check", name)) says what can be done"
    }
  }

  /// The place in the culprit's SQL: the server's, else the first token of the statement.
  private func sourcePosition(of error: PostgresError, stage: TransactionStage) -> SourcePosition? {
    if let place = place(of: error) {
      let text = work.steps[place.step].inspection.text
      return positionsAreBytes
        ? text.position(atByte: place.offset - 1) : text.position(atCharacter: place.offset)
    }
    if case .sql(let step, let statement) = stage {
      let inspection = work.steps[step].inspection
      guard inspection.statements.indices.contains(statement) else { return nil }
      return inspection.text.position(atByte: inspection.statements[statement].lowerBound)
    }
    return nil
  }

  /// Where in a migration's SQL the server points; nil when it points elsewhere.
  private func place(of error: PostgresError?) -> (step: Int, offset: Int)? {
    error?.position.flatMap { script.place(at: $0, inBytes: positionsAreBytes) }
  }
}
