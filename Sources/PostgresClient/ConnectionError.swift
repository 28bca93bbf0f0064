/// Why no connection could be made. No password ever stands in it, nor any piece of a connection
/// string that might be one.
package struct ConnectionError: Error, Hashable, Sendable {
  /// What kind of trouble it is; decides what a person should do next.
  package enum Kind: Hashable, Sendable {
    /// The connection string, a `PG*` variable or the service file makes no sense.
    case invalidConnectionString
    /// No server answers there.
    case serverUnreachable
    /// The server does not let this role in.
    case authenticationFailed
    /// The server has no such database.
    case databaseMissing
    /// The server, the database or the role has no connection left.
    case tooManyConnections
    /// The server is starting up, shutting down or recovering: it may help to wait.
    case serverStarting
    /// No answer came within the connect timeout.
    case timedOut
    /// Anything else; the message tells.
    case other
  }

  /// What kind of trouble it is.
  package var kind: Kind
  /// What happened, in the words of the server, of libpq, or, where those might repeat a
  /// password, our own.
  package var message: String
  /// The server's error code, where the server gave one and it could be learned.
  package var sqlState: SQLState?
  /// The host that was tried last, as far as it is known.
  package var host: String?
  /// The address that was given beside that host (`hostaddr`), and where it really went.
  package var address: String?
  /// The port that was tried last, as far as it is known.
  package var port: Int?
  /// The database that was asked for, as far as it is known.
  package var database: String?
  /// The role that tried to log in, as far as it is known.
  package var user: String?

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - kind: what kind of trouble it is.
  ///   - message: what happened; must not hold a password.
  package init(kind: Kind, message: String) {
    self.kind = kind
    self.message = message
  }
}

extension ConnectionError: CustomStringConvertible {
  /// The message.
  package var description: String { message }
}
