import Foundation
import Synchronization
package import Testing

/// A database of its own for one test, on the shared ``TestServer`` unless made on another.
package struct ScratchDatabase: Sendable {
  /// The server that holds it.
  package let server: TestServer
  /// The database's name; needs no quotes.
  package let name: String
  /// Whether the program's ledger was in it from the start, in schema `public`.
  package var holdsLedger = false

  @TaskLocal static var inScope: ScratchDatabase?

  /// The database of the running test; only under the trait ``Testing/Trait/scratchDatabase``.
  package static var current: ScratchDatabase {
    guard let inScope else {
      preconditionFailure("no scratch database here: give the test the trait .scratchDatabase")
    }
    return inScope
  }

  private static let made = Atomic<Int>(0)

  /// Creates an empty database; ``drop()`` removes it.
  ///
  /// - Parameters:
  ///   - server: where; the shared server by default.
  ///   - options: appended to `CREATE DATABASE`, such as `CONNECTION LIMIT 1`.
  /// - Returns: the database.
  /// - Throws: ``TestSupportError`` if the server does not start or refuses.
  package static func create(
    on server: TestServer? = nil, options: String = ""
  ) throws -> ScratchDatabase {
    let server = try server ?? TestServer.shared
    let name = "scratch_\(made.add(1, ordering: .relaxed).newValue)"
    _ = try server.administer("CREATE DATABASE \(name) TEMPLATE template0 \(options)")
    return ScratchDatabase(server: server, name: name)
  }

  /// Creates a database on the shared server that holds the program's ledger, as `init` makes it.
  ///
  /// - Returns: the database.
  /// - Throws: ``TestSupportError`` if the server refuses or the program cannot make a ledger.
  package static func createWithLedger() throws -> ScratchDatabase {
    let template = try ledgerTemplate.get()
    let name = "scratch_\(made.add(1, ordering: .relaxed).newValue)"
    _ = try template.server.administer("CREATE DATABASE \(name) TEMPLATE \(template.name)")
    return ScratchDatabase(server: template.server, name: name, holdsLedger: true)
  }

  /// What a database with a ledger is copied from: most tests need one, and a copy is had sooner.
  private static let ledgerTemplate = Result {
    let database = try create()
    let result = try Program.run(["init"], environment: ["DATABASE_URL": database.url])
    guard result.status == 0 else { throw TestSupportError("init failed: \(result.stderr)") }
    return database
  }

  /// Drops the database, ending the sessions in it.
  ///
  /// - Throws: ``TestSupportError`` if the server refuses.
  package func drop() throws {
    _ = try server.administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
  }

  /// The folder of the server's Unix socket.
  package var socketDirectory: String { server.socketDirectory }
  /// The server's port.
  package var port: Int { server.port }

  /// The folder of `psql` itself; what a distribution has on the `PATH` may be a wrapper of it.
  package var programs: String { server.installation.programs }

  /// The connection string in keyword form, as superuser.
  package var connectionString: String { connectionString(user: "postgres") }

  /// The connection string in keyword form, as `user`.
  package func connectionString(user: String) -> String {
    "host=\(socketDirectory) port=\(port) dbname=\(name) user=\(user)"
  }

  /// The connection string as a URL, as superuser.
  package var url: String { url(user: "postgres") }

  /// The connection string as a URL, as `user`.
  package func url(user: String) -> String {
    url(user: user, socketDirectory: socketDirectory, port: port)
  }

  /// The URL of this database behind another socket.
  func url(user: String, socketDirectory: String, port: Int) -> String {
    let host = socketDirectory.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    let role = user.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "postgresql:///\(name)?host=\(host)&port=\(port)&user=\(role)"
  }

  /// Runs SQL with `psql -XAtq -v ON_ERROR_STOP=1`.
  ///
  /// - Returns: the output, trimmed.
  /// - Throws: ``TestSupportError`` with psql's messages if a statement fails.
  @discardableResult
  package func psql(_ sql: String, user: String = "postgres") throws -> String {
    try psqlOutcome(sql, user: user).successfulOutput(of: sql)
  }

  /// Runs SQL with `psql -XAtq -v ON_ERROR_STOP=1`, whatever becomes of it.
  ///
  /// - Returns: the exit status (3 if a statement failed, 2 if the connection did) and the output.
  /// - Throws: ``TestSupportError`` if psql cannot be run or takes too long.
  package func psqlOutcome(_ sql: String, user: String = "postgres") throws -> ProgramResult {
    try server.psql(sql, database: name, user: user)
  }

  /// All that the database holds, schema and rows, as `pg_dump` writes it: to compare.
  ///
  /// - Parameter options: of `pg_dump`, such as `--schema-only`.
  /// - Returns: the dump.
  /// - Throws: ``TestSupportError`` if `pg_dump` fails.
  package func dump(_ options: [String] = []) throws -> String {
    // These lines hold a key that differs each time.
    try script(options).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("\\restrict ") && !$0.hasPrefix("\\unrestrict ") }
      .joined(separator: "\n")
  }

  /// The output of `pg_dump`, word for word: a script for `psql`.
  ///
  /// - Parameter options: of `pg_dump`, such as `--schema-only`.
  /// - Returns: the script, with its line end.
  /// - Throws: ``TestSupportError`` if `pg_dump` fails.
  package func script(_ options: [String] = []) throws -> String {
    try server.installation.client("pg_dump", options + ["-d", connectionString])
      .successfulOutput(of: "pg_dump") + "\n"
  }

  /// Makes a role for the time of `body`. Roles belong to the whole server: the name is unique.
  ///
  /// - Parameters:
  ///   - label: how the name begins, such as `reader`.
  ///   - attributes: as in `CREATE ROLE`, such as `LOGIN CREATEDB`.
  ///   - body: gets the role's name; it needs no quotes.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws, and ``TestSupportError`` if the server refuses.
  package func withRole<Value>(
    _ label: String, attributes: String = "LOGIN", _ body: (_ role: String) throws -> Value
  ) throws -> Value {
    let role = "\(label)_\(Self.made.add(1, ordering: .relaxed).newValue)"
    try psql("CREATE ROLE \(role) \(attributes)")
    defer { _ = try? psql("DROP OWNED BY \(role) CASCADE; DROP ROLE \(role)") }
    return try body(role)
  }
}

/// Gives each test, or each of a suite, an empty database, and drops it afterwards.
package struct ScratchDatabaseTrait: TestTrait, SuiteTrait, TestScoping {
  /// Whether the database holds the program's ledger.
  var holdsLedger = false

  /// Each test in a suite gets a database of its own.
  package var isRecursive: Bool { true }

  /// Runs `function` with ``ScratchDatabase/current`` set.
  ///
  /// - Throws: what `function` throws, and ``TestSupportError`` if the server refuses.
  package func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let database = try holdsLedger ? ScratchDatabase.createWithLedger() : .create()
    defer { #expect(throws: Never.self) { try database.drop() } }
    try await ScratchDatabase.$inScope.withValue(database) { try await function() }
  }
}

extension Trait where Self == ScratchDatabaseTrait {
  /// An empty database for the test: ``ScratchDatabase/current``.
  package static var scratchDatabase: Self { ScratchDatabaseTrait() }

  /// The same with the program's ledger in it.
  package static var scratchLedger: Self { ScratchDatabaseTrait(holdsLedger: true) }
}
