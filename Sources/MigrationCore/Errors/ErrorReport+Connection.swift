internal import PostgresClient

extension ErrorReport {
  /// A connection that could not be made.
  ///
  /// - Parameters:
  ///   - error: what libpq or the server said; free of passwords.
  ///   - source: where the connection settings came from.
  init(_ error: ConnectionError, source: String?) {
    let from = source.map { " (from \($0))" } ?? ""
    var place = error.host.map { "\($0):\(error.port.map(String.init) ?? "5432")" } ?? "the server"
    if let address = error.address { place += " (hostaddr \(address))" }
    place += from
    let message: String
    let hint: String
    switch error.kind {
    case .invalidConnectionString:
      message = error.message + from
      hint =
        "write it as postgres://USER@HOST:PORT/DATABASE, or leave it to PGHOST, PGUSER and so on"
    case .serverUnreachable:
      message = "no server answers at \(place)"
      hint =
        "check that PostgreSQL runs there and that host and port are right; "
        + "--connect-wait 30s goes on trying"
    case .authenticationFailed:
      message = "\(place) does not let user '\(error.user ?? "?")' in"
      hint = "check user and password; PGPASSWORD or ~/.pgpass keep it out of the command line"
    case .databaseMissing:
      message = "there is no database '\(error.database ?? "?")' at \(place)"
      hint = "check the name; 'psql -l' lists the databases"
    case .tooManyConnections:
      message = "\(place) has no connection left"
      hint = "try again, or close other connections"
    case .serverStarting:
      message = "\(place) is starting, stopping or recovering"
      hint = "try again, or give --connect-wait 30s"
    case .timedOut:
      message = "\(place) did not answer in time"
      hint = "check host and port and the network between, or give --connect-timeout"
    case .other:
      message = "cannot connect to \(place)"
      hint = "check host, port, user and database"
    }
    self.init(
      .connection, message,
      details: error.kind == .invalidConnectionString ? [] : [error.message], hint: hint,
      sqlState: error.sqlState?.rawValue)
  }
}
