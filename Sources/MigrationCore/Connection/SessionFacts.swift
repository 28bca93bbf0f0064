internal import PostgresClient

/// What a session is, by the server's own word: a row of `session_facts.sql`.
struct SessionFacts: Equatable, Sendable {
  /// The schemas of the connection's search path that exist, `$user` expanded: a JSON array.
  private var schemasJSON: String
  /// Whether the server is a standby.
  var isInRecovery: Bool

  /// Whether a crash of the server can take back what it reported as committed: the setting
  /// `synchronous_commit` is off (manual, chapter 20.5 "Write Ahead Log").
  var commitsAsynchronously: Bool
  /// Whether the server can look, while it works, if its client is still there: from PostgreSQL 14,
  /// and on Linux alone in every version (manual, chapter 20.3 "Connections and Authentication",
  /// `client_connection_check_interval`).
  var canCheckConnection: Bool

  /// Reads the row; nil for any other result.
  init?(_ result: QueryResult) {
    guard result.rowCount == 1,
      let schemas = result.columnIndex(named: "schemas"),
      let recovery = result.columnIndex(named: "is_in_recovery"),
      let commit = result.columnIndex(named: "synchronous_commit"),
      let check = result.columnIndex(named: "connection_check"),
      let version = result.columnIndex(named: "version")
    else { return nil }
    schemasJSON = result.text(row: 0, column: schemas)
    isInRecovery = result.text(row: 0, column: recovery) == "t"
    commitsAsynchronously = result.text(row: 0, column: commit) == "off"
    canCheckConnection =
      result.value(row: 0, column: check) != nil
      && result.text(row: 0, column: version).contains("linux")
  }

  /// The schemas of the connection's search path that exist, `$user` expanded; nil when the server
  /// gave no list.
  var schemas: [String]? { decodedJSON([String].self, from: schemasJSON) }
}
