/// How to connect.
package struct ConnectionRequest: Sendable {
  /// A URI or keyword/value pairs; nil means libpq's own `PG*` variables, service file and
  /// defaults alone. Foreign parameters are dropped (see `ConnectionString`).
  package var connectionString: String?
  /// How long to wait for each host, in seconds (libpq makes 2 of 1; 0 is for ever); nil means
  /// what the string or `PGCONNECT_TIMEOUT` says, else 10.
  package var connectTimeoutSeconds: Int?
  /// What `pg_stat_activity` shows, unless the user gives a name.
  package var applicationName: String

  /// Describes a connection to be made.
  ///
  /// - Parameters:
  ///   - connectionString: a URI or keyword/value pairs; nil for the environment alone.
  ///   - connectTimeoutSeconds: how long to wait for each host; nil for the user's own or 10.
  ///   - applicationName: what `pg_stat_activity` shows.
  package init(
    connectionString: String? = nil, connectTimeoutSeconds: Int? = nil,
    applicationName: String = "migration-manager"
  ) {
    self.connectionString = connectionString
    self.connectTimeoutSeconds = connectTimeoutSeconds
    self.applicationName = applicationName
  }
}
