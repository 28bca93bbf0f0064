internal import PostgresClient

/// What a session is, by the server's own word: a row of `session_facts.sql`.
struct SessionFacts: Equatable, Sendable {
  /// The schemas of the connection's search path that exist, `$user` expanded: a JSON array.
  private var schemasJSON: String
  /// Whether the server is a standby.
  var isInRecovery: Bool

  /// Reads the row; nil for any other result.
  init?(_ result: QueryResult) {
    guard result.rowCount == 1,
      let schemas = result.columnIndex(named: "schemas"),
      let recovery = result.columnIndex(named: "is_in_recovery")
    else { return nil }
    schemasJSON = result.text(row: 0, column: schemas)
    isInRecovery = result.text(row: 0, column: recovery) == "t"
  }

  /// The schemas of the connection's search path that exist, `$user` expanded; nil when the server
  /// gave no list.
  var schemas: [String]? { decodedJSON([String].self, from: schemasJSON) }
}
