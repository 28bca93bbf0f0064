/// Which database, on which server, as which role: what a person must see before anything happens.
package struct ConnectionTarget: Hashable, Sendable {
  /// The host name or address; for a Unix-domain socket the folder that holds it.
  package var host: String
  /// The address that was given beside a host, and where it really goes; nil where none was.
  package var address: String?
  /// The port; for a Unix-domain socket the number in its name.
  package var port: Int
  /// The database.
  package var database: String
  /// The role that logged in.
  package var user: String

  /// Names a target.
  ///
  /// - Parameters:
  ///   - host: the host, or the folder of the socket.
  ///   - address: the address that was given beside it; nil for none.
  ///   - port: the port.
  ///   - database: the database.
  ///   - user: the role.
  package init(
    host: String, address: String? = nil, port: Int, database: String, user: String
  ) {
    self.host = host
    self.address = address
    self.port = port
    self.database = database
    self.user = user
  }
}

/// Where a session stands with its transaction (libpq, `PQtransactionStatus`).
package enum TransactionStatus: Sendable {
  /// No transaction is open.
  case idle
  /// A statement is running.
  case active
  /// A transaction is open.
  case inTransaction
  /// A transaction is open and has failed: only a rollback ends it.
  case inError
  /// The connection is gone.
  case unknown
}
