/// An error that the server reported, with the fields that help to explain it
/// (manual, "Error and Notice Message Fields").
package struct PostgresError: Error, Hashable, Sendable {
  /// `ERROR`, `FATAL` or `PANIC`, never translated.
  package var severity: String
  /// The error code; decisions are made by it, not by the message.
  package var sqlState: SQLState
  /// The primary message, in the language of the server.
  package var message: String
  /// The secondary message with more about the problem.
  package var detail: String?
  /// The server's suggestion of what to do about it.
  package var hint: String?
  /// Where the error is in the string that was sent, in characters (not bytes), counted from 1.
  package var position: Int?
  /// The text of a command that the server made itself, for instance inside PL/pgSQL.
  package var internalQuery: String?
  /// Where in the server the error arose: a stack of function calls, newest first.
  package var context: String?

  /// Describes an error.
  ///
  /// - Parameters:
  ///   - severity: `ERROR`, `FATAL` or `PANIC`.
  ///   - sqlState: the error code.
  ///   - message: the primary message.
  package init(severity: String = "ERROR", sqlState: SQLState, message: String) {
    self.severity = severity
    self.sqlState = sqlState
    self.message = message
  }
}

extension PostgresError: CustomStringConvertible {
  /// Severity, message and code on one line, for instance
  /// `ERROR: relation "t" does not exist (42P01)`.
  package var description: String { "\(severity): \(message) (\(sqlState))" }
}
