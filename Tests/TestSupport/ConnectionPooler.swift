import Foundation
import Glibc

/// PgBouncer in transaction mode in front of a ``TestServer``, on a Unix socket of its own.
///
/// All clients of a role share one server connection, or a few: what one leaves behind in its
/// session, the next one finds. It ends with ``stop()``, and at the latest with this process.
package final class ConnectionPooler: Sendable {
  private let folder: TemporaryFolder
  private let server: TestServer
  private let process: ChildProcess

  /// Starts a pooler and waits until it takes connections.
  ///
  /// - Parameters:
  ///   - server: the server behind it.
  ///   - roles: who may connect; no passwords are asked for.
  ///   - connections: how many server connections a role has in a database.
  /// - Throws: ``TestSupportError`` with its log if it does not start.
  package init(before server: TestServer, roles: [String] = ["postgres"], connections: Int = 1)
    throws
  {
    let installation = server.installation
    folder = try installation.makeFolder()
    self.server = server
    let users = folder.path + "/users"
    try Data(roles.map { "\"\($0)\" \"\"\n" }.joined().utf8)
      .write(to: URL(fileURLWithPath: users))
    let configuration = """
      [databases]
      * = host=\(server.socketDirectory) port=\(server.port)

      [pgbouncer]
      unix_socket_dir = \(folder.path)
      listen_port = 6432
      auth_type = trust
      auth_file = \(users)
      pool_mode = transaction
      default_pool_size = \(connections)

      """
    let file = folder.path + "/pgbouncer.ini"
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: file))
    process = try ChildProcess(installation.command("/usr/sbin/pgbouncer", [file]))
    try process.wait(for: "process up", on: .error)
  }

  deinit { stop() }

  /// Ends the pooler; its clients lose their connections.
  package func stop() {
    process.send(signal: SIGTERM)
    _ = try? process.waitUntilExit()
    folder.remove()
  }

  /// The connection string for a database, in keyword form.
  package func connectionString(_ database: ScratchDatabase, user: String = "postgres") -> String {
    "host=\(folder.path) port=6432 dbname=\(database.name) user=\(user)"
  }

  /// The connection string for a database as a URL, as superuser.
  package func url(_ database: ScratchDatabase) -> String {
    let host = folder.path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "postgresql:///\(database.name)?host=\(host)&port=6432&user=postgres"
  }

  /// Runs SQL through the pooler with `psql -XAtq -v ON_ERROR_STOP=1`.
  ///
  /// - Returns: the output, trimmed.
  /// - Throws: ``TestSupportError`` with psql's messages if a statement fails.
  package func psql(
    _ sql: String, on database: ScratchDatabase, user: String = "postgres"
  ) throws -> String {
    try server.installation.psql(
      sql, connectionString: connectionString(database, user: user)
    ).successfulOutput(of: sql)
  }
}
