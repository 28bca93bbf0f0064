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

  /// Whether the process that answered is the one that the connection was told of at log-in: poolers,
  /// which hand sessions to others after each transaction, tell a number of their own.
  var isDirect: Bool

  /// The search path as it is set, `"$user"` unexpanded.
  var searchPath: String

  /// The server's major version; nil where it did not say.
  var serverVersion: Int?

  /// About how many locks one transaction can hold while others hold few.
  ///
  /// The server sets memory aside for `max_locks_per_transaction` of each process that may lock
  /// something (manual, chapter 20.12 "Lock Management"; `InitializeMaxBackends` in `postinit.c`).
  /// What it keeps to note several holders of one lock serves one holder's locks too: PostgreSQL 15
  /// took 1.6 times as many where processes are many, 1.9 times where they are few.
  var lockCapacity: Int

  /// Reads the row; nil for any other result.
  ///
  /// - Parameters:
  ///   - result: the row.
  ///   - serverProcessID: what the connection was told at log-in.
  init?(_ result: QueryResult, serverProcessID: Int) {
    guard result.rowCount == 1,
      let schemas = result.columnIndex(named: "schemas"),
      let recovery = result.columnIndex(named: "is_in_recovery"),
      let commit = result.columnIndex(named: "synchronous_commit"),
      let check = result.columnIndex(named: "connection_check"),
      let version = result.columnIndex(named: "version"),
      let locks = result.columnIndex(named: "locks_per_transaction"),
      let holders = result.columnIndex(named: "lock_holders"),
      let process = result.columnIndex(named: "server_process_id"),
      let path = result.columnIndex(named: "search_path")
    else { return nil }
    schemasJSON = result.text(row: 0, column: schemas)
    isDirect = result.text(row: 0, column: process) == String(serverProcessID)
    searchPath = result.text(row: 0, column: path)
    isInRecovery = result.text(row: 0, column: recovery) == "t"
    commitsAsynchronously = result.text(row: 0, column: commit) == "off"
    serverVersion = result.columnIndex(named: "server_version_num").flatMap {
      Int(result.text(row: 0, column: $0)).map { $0 / 10_000 }
    }
    // `[100, 0, 8, 10, 3]`, and the process that starts the workers of autovacuum.
    let processes = result.text(row: 0, column: holders)
      .split { !$0.isNumber }.reduce(1) { $0 + (Int($1) ?? 0) }
    lockCapacity = (Int(result.text(row: 0, column: locks)) ?? 0) * processes * 3 / 2
    canCheckConnection =
      result.value(row: 0, column: check) != nil
      && result.text(row: 0, column: version).contains("linux")
  }

  /// The schemas of the connection's search path that exist, `$user` expanded; nil when the server
  /// gave no list.
  var schemas: [String]? { decodedJSON([String].self, from: schemasJSON) }
}
