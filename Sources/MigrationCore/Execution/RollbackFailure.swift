internal import Platform
internal import PostgresClient
internal import SQLParsing

/// Explains why a rollback's SQL failed: where, which statement, what the server said, what next.
struct RollbackFailure {
  let plan: RollbackPlan
  let inspection: RollbackInspection
  let script: RollbackScript

  /// Where in the script the server stopped.
  func stage(of error: QueryError, isInTransaction: Bool) -> RollbackScript.Stage {
    let stage = script.stage(
      completed: error.completedStatements, rollbackStatements: inspection.statements.count,
      isInTransaction: isInTransaction)
    // Nothing ran: a syntax error in the migration's SQL, if that is where the server points.
    if stage == .nothing, let position = error.serverError?.position,
      position > script.leadingCharacters,
      position <= script.leadingCharacters + plan.sql.unicodeScalars.count + 2
    {
      return .syntaxError
    }
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
    if case .rollbackSQL(let index) = stage, inspection.statements.indices.contains(index) {
      details.append("STATEMENT: " + shown(statement: inspection.statements[index]))
    } else if stage == .conclusion {
      details.append("at the end of the rollback, when deferred constraints are checked")
    }
    if let query = error.internalQuery { details.append("QUERY: " + Self.oneLine(query)) }
    if let detail = error.detail { details.append("DETAIL: \(detail)") }
    if let hint = error.hint { details.append("HINT: \(hint)") }
    if let context = error.context { details.append("CONTEXT: \(context)") }
    let isLock = error.sqlState == .lockNotAvailable
    return ErrorReport(
      isLock ? .lock : .sql, error.message, details: details, hint: wayOut(error),
      location: place.map { plan.origin.location(line: $0.line, column: $0.column) },
      sqlState: error.sqlState.rawValue)
  }

  /// What the ledger keeps of it.
  func recordedError(_ error: PostgresError, report: ErrorReport) -> RecordedError {
    RecordedError(
      sqlstate: error.sqlState.rawValue, message: error.message, detail: error.detail,
      location: report.location?.description,
      statement: report.details.first { $0.hasPrefix("STATEMENT: ") }.map {
        String($0.dropFirst(11))
      })
  }

  /// What to do next.
  private func wayOut(_ error: PostgresError) -> String {
    if error.sqlState == .lockNotAvailable {
      return
        "nothing was changed: try again, or give a longer --lock-timeout or more --lock-retries"
    }
    if error.sqlState == .queryCanceled {
      return "nothing was changed: try again, or give a longer --statement-timeout"
    }
    if error.sqlState.isTransient { return "nothing was changed: try again" }
    if error.sqlState == .insufficientPrivilege {
      return
        "nothing of it remains, and '\(plan.name)' is now 'failed': connect as a role that may "
        + "(the owner), run 'migration-manager register \(plan.name)', then roll back again"
    }
    return "nothing of it remains, and '\(plan.name)' is now 'failed': mend its rollback section, "
      + "run 'migration-manager register \(plan.name)', then roll back again"
  }

  /// The place in the rollback SQL: the server's, else the first token of the statement.
  private func place(of error: PostgresError, stage: RollbackScript.Stage) -> SourcePosition? {
    if let position = error.position {
      let character = position - script.leadingCharacters
      let count = plan.sql.unicodeScalars.count
      if character >= 1, character <= count + 2 {
        return inspection.text.position(atCharacter: min(character, max(count, 1)))
      }
    }
    if case .rollbackSQL(let index) = stage, inspection.statements.indices.contains(index) {
      return inspection.text.position(atByte: inspection.statements[index].lowerBound)
    }
    return nil
  }

  private func shown(statement: Range<Int>) -> String {
    Self.oneLine(inspection.text.text(in: statement))
  }

  /// A statement on one line, cut when it is long.
  private static func oneLine(_ sql: String) -> String {
    let text = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.count > 200 ? text.prefix(199) + "…" : text
  }
}
