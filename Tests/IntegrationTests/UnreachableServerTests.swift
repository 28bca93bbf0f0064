import TestSupport
import Testing

/// No server, no database, no such role: every command says so and ends with 2.
@Suite struct UnreachableServerTests {
  /// Every command that connects, with what it needs besides.
  static let commands: [[String]] = [
    ["init"], ["list"], ["list", "--names"], ["check", "20250101_a"],
    ["show", "20250101_gone", "--rollback"], ["rollback", "20250101_a", "--yes"],
    ["rollback", "20250101_a", "--dry-run"], ["register", "20250101_a"],
  ]
  let folder: MigrationFolder

  init() throws {
    folder = try MigrationFolder(["migrations/20250101_a.sql": "SELECT 1;\n"])
  }

  @Test(arguments: commands) func aSocketWithoutAServer(command: [String]) throws {
    let socket = folder.path + "/.s.PGSQL.5432"
    let result = try Program.run(
      command + ["--database-url", "host=\(folder.path) dbname=shop user=postgres"],
      directory: folder.path)
    #expect(result.status == 2)
    #expect(result.stdout == "")
    let words = """
      error: no server answers at \(folder.path):5432 (from --database-url)
        connection to server on socket "\(socket)" failed: No such file or directory
          Is the server running locally and accepting connections on that socket?
      hint: check that PostgreSQL runs there and that host and port are right; \
      --connect-wait 30s goes on trying

      """
    #expect(result.stderr.hasSuffix(words))
  }

  @Test(arguments: commands) func theErrorAsADocument(command: [String]) throws {
    let result = try Program.run(
      command + ["--json"],
      environment: ["DATABASE_URL": "postgres://ann@127.0.0.1:1/shop"],
      directory: folder.path)
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "connection")
    #expect(error.message.hasPrefix("no server answers at 127.0.0.1:1 "))
    #expect(error.message.hasSuffix(" (from DATABASE_URL)"))
    #expect(error.hint?.contains("--connect-wait") == true)
    #expect(result.stderr.split(separator: "\n").count == 1)
  }

  @Test func aHostThatHasNoAddress() throws {
    let result = try Program.run(["list", "--database-url", "postgres://db.invalid/shop"])
    #expect(result.status == 2)
    #expect(result.stderr.contains("error: no server answers at db.invalid:5432"))
    #expect(result.stderr.contains(#"could not translate host name "db.invalid" to address"#))
  }

  @Test func aDatabaseThatIsMissing() throws {
    let server = try TestServer.shared
    let folder = server.socketDirectory
    let address = "host=\(folder) port=\(server.port) user=postgres dbname=no_such_database"
    let result = try Program.run(["list", "--database-url", address])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr == """
        📋 Listing rollbackable migrations...

        error: there is no database 'no_such_database' at \(folder):5432 (from --database-url)
          connection to server on socket "\(folder)/.s.PGSQL.5432" failed: FATAL:  database \
        "no_such_database" does not exist
        hint: check the name; 'psql -l' lists the databases

        """)
    let document = try Program.run(["list", "--json", "--database-url", address])
    #expect(document.status == 2)
    #expect(try document.errorDocument().code == "connection")
    #expect(
      try server.administer("SELECT count(*) FROM pg_database WHERE datname ~ 'no_such'") == "0")
  }

  @Test(.scratchLedger) func aRoleThatIsMissing() throws {
    let database = ScratchDatabase.current
    let result = try Program.run(["list", "--database-url", database.url(user: "no_such_role")])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        """
        error: \(database.socketDirectory):5432 (from --database-url) does not let user \
        'no_such_role' in
        """))
    #expect(result.stderr.contains(#"FATAL:  role "no_such_role" does not exist"#))
    #expect(result.stderr.contains("\nhint: check user and password; "))
  }

  @Test(.scratchLedger) func aRoleThatMayNotConnect() throws {
    let database = ScratchDatabase.current
    try database.psql("REVOKE CONNECT ON DATABASE \(database.name) FROM PUBLIC")
    try database.withRole("stranger") { role in
      let result = try Program.run(["list", "--database-url", database.url(user: role)])
      #expect(result.status == 2)
      #expect(result.stderr.contains("does not let user '\(role)' in"))
      #expect(result.stderr.contains(#"permission denied for database "\#(database.name)""#))
    }
  }

  @Test func aServerWithoutAConnectionLeft() throws {
    let database = try ScratchDatabase.create(options: "CONNECTION LIMIT 0")
    defer { #expect(throws: Never.self) { try database.drop() } }
    try database.withRole("stranger") { role in
      let result = try Program.run(["list", "--database-url", database.url(user: role)])
      #expect(result.status == 2)
      #expect(
        result.stderr.contains(
          "error: \(database.socketDirectory):5432 (from --database-url) has no connection left"))
    }
  }
}
