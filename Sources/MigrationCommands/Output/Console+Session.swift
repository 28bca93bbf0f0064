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
    case .serverNotice(let migration, let severity, let message):
      // PostgreSQL's severities are words of the server's language; only the English one can be
      // told apart, and the others are no more than remarks.
      let text = "\(migration): \(severity): \(message)"
      if severity == "WARNING" { warning(text) } else { remark(text) }
    }
  }

  /// Names the database that is worked on, as progress.
  ///
  /// - Parameter session: the session; nothing is said before it is connected.
  package func showTarget(of session: Session) {
    if let target = session.target { progress("Database: \(target.description)") }
  }
}
