package import MigrationCore

extension Console {
  /// Tells of what happens while a session works.
  ///
  /// - Parameter event: what happened.
  package func observe(_ event: SessionEvent) {
    switch event {
    case .note(let text):
      note(text)
    case .warning(let text):
      warning(text)
    case .progress(let done, let total):
      showProgress(done: done, of: total)
    case .statement(let migration, let sql, let microseconds):
      progress("\(migration): \(Milliseconds(microseconds: microseconds).text) ms  \(sql)")
    case .unit(let migration, let statement, let count, let words, let number, let total):
      progress(
        "[\(number)/\(total)] \(migration) \(symbols.ellipsis) statement \(statement) of \(count) "
          + "(\(words))")
    case .serverNotice(let migration, let severity, let message):
      // PostgreSQL's severities are words of the server's language; only the English one can be
      // told apart, and the others are no more than remarks.
      let text = "\(migration): \(severity): \(message)"
      if severity == "WARNING" { warning(text) } else { remark(text) }
    case .done(let migration, let number, let total, let microseconds):
      showStep(migration, number: number, of: total, microseconds: microseconds)
    }
  }

  /// Names the database that is worked on, as progress.
  ///
  /// - Parameter session: the session; nothing is said before it is connected.
  package func showTarget(of session: Session) {
    if let target = session.target { progress("Database: \(target.description)") }
  }

  /// Says that one of several migrations is done. On a terminal, where many lines would only scroll
  /// by, a bar takes their place.
  private func showStep(_ name: String, number: Int, of total: Int, microseconds: Int64) {
    if surroundings.errorWidth != nil, verbosity != .verbose, total > Self.linesOfSteps {
      showProgress(done: number, of: total)
    } else {
      progress(
        "[\(number)/\(total)] \(name) \(symbols.ellipsis) \((microseconds + 500) / 1_000) ms")
    }
  }

  /// How many migrations are told of line by line on a terminal.
  private static let linesOfSteps = 40
}
