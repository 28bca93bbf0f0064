internal import PostgresClient

/// What a session is, by the server's own word: a row of `session_facts.sql`.
struct SessionFacts: Equatable, Sendable {
  /// The current role.
  var user: String
  /// The search path as set for this connection, unexpanded.
  var searchPath: String
  /// Whether the server is a standby.
  var isInRecovery: Bool

  /// Reads the row; nil for any other result.
  init?(_ result: QueryResult) {
    guard result.rowCount == 1,
      let user = result.columnIndex(named: "user"),
      let path = result.columnIndex(named: "search_path"),
      let recovery = result.columnIndex(named: "is_in_recovery")
    else { return nil }
    self.user = result.text(row: 0, column: user)
    searchPath = result.text(row: 0, column: path)
    isInRecovery = result.text(row: 0, column: recovery) == "t"
  }
}
