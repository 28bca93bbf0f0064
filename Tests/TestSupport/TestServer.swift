import Foundation
import Glibc
import Synchronization

/// A throwaway PostgreSQL server on a Unix socket in a temporary folder.
///
/// ``shared`` serves all tests of a process; a test that stops or configures its server starts its
/// own. Either ends with the process, however that ends, and its folder goes when it exits normally.
package final class TestServer: Sendable {
  /// Whether the server listens on a TCP port as well, and how clients prove who they are there.
  package enum HostAuthentication: Sendable {
    /// Not at all: the Unix socket only.
    case none
    /// On a free port of 127.0.0.1, with SCRAM; the password is that of the role `postgres`.
    case scram(password: String)
  }

  /// The folder of the Unix socket: the `host` of a connection string.
  package var socketDirectory: String { folder.path }
  /// The port: part of the socket's name, and the TCP port if it listens on one.
  package let port: Int

  /// The programs that this server and its clients run.
  let installation: ServerInstallation
  private let folder: TemporaryFolder
  private let settings: [String]
  private let process = Mutex<ChildProcess?>(nil)

  /// The server that all tests of this process share, started by the first that asks for it.
  package static var shared: TestServer {
    get throws { try started.get() }
  }

  private static let started = Result { try start() }
  private static let running = Mutex<[TestServer]>([])
  private static let stopsAtExit: Void = {
    atexit { for server in TestServer.running.withLock({ $0 }) { server.remove() } }
  }()

  /// Starts a server of its own and waits until it accepts connections.
  ///
  /// - Parameters:
  ///   - settings: configuration parameters as `name=value`, over the test server's own.
  ///   - hostAuthentication: whether it listens on a TCP port too.
  /// - Returns: the server; it runs until this process ends.
  /// - Throws: ``TestSupportError`` with the server's log if it does not start.
  package static func start(
    settings: [String] = [], hostAuthentication: HostAuthentication = .none
  ) throws -> TestServer {
    let server = try TestServer(settings: settings, hostAuthentication: hostAuthentication)
    _ = stopsAtExit
    running.withLock { $0.append(server) }
    try server.restart()
    if case .scram(let password) = hostAuthentication {
      let literal = password.replacingOccurrences(of: "'", with: "''")
      _ = try server.administer("ALTER ROLE postgres PASSWORD '\(literal)'")
    }
    return server
  }

  private init(settings: [String], hostAuthentication: HostAuthentication) throws {
    installation = try ServerInstallation.found.get()
    folder = try installation.makeFolder()
    let data = folder.path + "/data"
    let outcome = try ChildProcess(
      installation.command(
        "initdb",
        ["-N", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
    ).waitUntilExit()
    guard outcome.status == 0 else { throw TestSupportError("initdb failed: \(outcome.stderr)") }
    var base = Self.baseSettings(socketDirectory: folder.path)
    switch hostAuthentication {
    case .none:
      port = 5432
      base += ["port=5432", "listen_addresses="]
    case .scram:
      port = try freePort()
      base += ["port=\(port)", "listen_addresses=127.0.0.1"]
      try Data("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n".utf8)
        .write(to: URL(fileURLWithPath: data + "/pg_hba.conf"))
    }
    self.settings = base + settings
  }

  /// Copies a running server.
  private init(standbyOf primary: TestServer) throws {
    installation = primary.installation
    folder = try installation.makeFolder()
    port = primary.port
    settings = Self.baseSettings(socketDirectory: folder.path) + ["port=\(port)"]
    let outcome = try ChildProcess(
      installation.command(
        "pg_basebackup",
        [
          "-D", folder.path + "/data", "-h", primary.socketDirectory, "-p", String(port),
          "-U", "postgres", "--checkpoint=fast", "--write-recovery-conf", "--no-sync",
        ])
    ).waitUntilExit()
    guard outcome.status == 0 else {
      throw TestSupportError("pg_basebackup failed: \(outcome.stderr)")
    }
  }

  /// Tests neither survive power cuts nor run long enough for the server's own housekeeping.
  private static func baseSettings(socketDirectory: String) -> [String] {
    [
      "unix_socket_directories=\(socketDirectory)", "fsync=off", "synchronous_commit=off",
      "full_page_writes=off", "max_connections=200", "shared_buffers=32MB", "max_wal_size=128MB",
    ]
  }

  /// Starts a hot standby of this server, on a Unix socket of its own and the same port number.
  ///
  /// - Returns: the standby, which holds all that was committed here before; it runs until this
  ///   process ends.
  /// - Throws: ``TestSupportError`` with the server's log if it does not start.
  package func startStandby() throws -> TestServer {
    let standby = try TestServer(standbyOf: self)
    Self.running.withLock { $0.append(standby) }
    try standby.restart()
    return standby
  }

  /// Starts the server again after ``stopImmediately()``, on the same data and port.
  ///
  /// A server that still runs is stopped first.
  /// - Throws: ``TestSupportError`` with the server's log if it does not start.
  package func restart() throws {
    stopImmediately()
    let log = folder.path + "/server.log"
    let state = folder.path + "/data/postmaster.pid"
    try? FileManager.default.removeItem(atPath: state)
    let options = settings.flatMap { ["-c", $0] }
    let server = try ChildProcess(
      installation.command(
        "postgres", ["-D", folder.path + "/data"] + options, output: .file(log)))
    process.withLock { $0 = server }
    try waitUntil("the server was ready") {
      guard server.isRunning else {
        throw TestSupportError("the server did not start:\n" + Self.text(ofFile: log))
      }
      // The eighth line of this file is the server's state (src/include/utils/pidfile.h).
      let lines = Self.text(ofFile: state).split(separator: "\n", omittingEmptySubsequences: false)
      return lines.count > 7 && ["ready", "standby"].contains { lines[7].hasPrefix($0) }
    }
  }

  /// What the server has written to its log since it was first started.
  package var log: String { Self.text(ofFile: folder.path + "/server.log") }

  /// Ends the server at once, as a crash of its machine would: clients lose their connections.
  package func stopImmediately() {
    guard let server = process.withLock({ $0 }) else { return }
    server.send(signal: SIGQUIT)
    _ = try? server.waitUntilExit()
  }

  /// Runs SQL in the database `postgres` as superuser.
  ///
  /// - Returns: the output of `psql -At`, trimmed.
  /// - Throws: ``TestSupportError`` with psql's messages if it fails.
  package func administer(_ sql: String) throws -> String {
    try psql(sql, database: "postgres", user: "postgres").successfulOutput(of: sql)
  }

  /// Runs SQL with `psql -XAtq -v ON_ERROR_STOP=1` over the Unix socket.
  func psql(_ sql: String, database: String, user: String) throws -> ProgramResult {
    try installation.psql(
      sql,
      connectionString: "host=\(socketDirectory) port=\(port) dbname=\(database) user=\(user)")
  }

  private func remove() {
    stopImmediately()
    folder.remove()
  }

  private static func text(ofFile path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension ProgramResult {
  /// Standard output without the blanks around it.
  ///
  /// - Throws: ``TestSupportError`` with the messages and the SQL if the status is not 0.
  func successfulOutput(of sql: String) throws -> String {
    guard status == 0 else { throw TestSupportError("\(stderr)SQL: \(sql.prefix(2000))") }
    return stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// A TCP port of 127.0.0.1 that nobody used a moment ago, chosen by the operating system.
private func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let code = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
    }
  }
  guard code == 0 else { throw TestSupportError("no free TCP port") }
  return Int(UInt16(bigEndian: address.sin_port))
}
