/// A message that the server sent beside the results: `RAISE NOTICE`, a warning, a progress line.
package struct Notice: Hashable, Sendable {
  /// `WARNING`, `NOTICE`, `DEBUG`, `INFO` or `LOG`, never translated.
  package var severity: String
  /// The code; `00000` for a plain notice.
  package var sqlState: SQLState
  /// The primary message, in the language of the server.
  package var message: String
  /// The secondary message with more about the matter.
  package var detail: String?
  /// The server's suggestion of what to do about it.
  package var hint: String?

  /// Describes a notice.
  ///
  /// - Parameters:
  ///   - severity: `WARNING`, `NOTICE` and so on.
  ///   - sqlState: the code.
  ///   - message: the primary message.
  package init(severity: String, sqlState: SQLState, message: String) {
    self.severity = severity
    self.sqlState = sqlState
    self.message = message
  }
}
