internal import PostgresClient

/// What a session is, by the server's own word: a row of `session_facts.sql`.
struct SessionFacts: Equatable, Sendable {
  /// The schemas of the connection's search path that exist, `$user` expanded.
  var schemas: [String]
  /// Whether the server is a standby.
  var isInRecovery: Bool

  /// Reads the row; nil for any other result.
  init?(_ result: QueryResult) {
    guard result.rowCount == 1,
      let schemas = result.columnIndex(named: "schemas"),
      let recovery = result.columnIndex(named: "is_in_recovery"),
      let names = decodedJSON([String].self, from: result.value(row: 0, column: schemas))
    else { return nil }
    self.schemas = names
    isInRecovery = result.text(row: 0, column: recovery) == "t"
  }
}
