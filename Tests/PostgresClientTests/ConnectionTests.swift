import PostgresClient
import TestSupport
import Testing

@Suite(.scratchDatabase) struct ConnectionTests {
  private let database = ScratchDatabase.current

  @Test(arguments: [true, false])
  func aStringOfEitherFormLeadsToItsTarget(asURL: Bool) throws {
    let string = asURL ? database.url : database.connectionString
    let connection = try Connection.open(ConnectionRequest(connectionString: string))
    #expect(
      connection.target
        == ConnectionTarget(
          host: database.socketDirectory, port: database.port, database: database.name,
          user: "postgres"))
    #expect(connection.isAlive == true)
    #expect(connection.transactionStatus == .idle)
  }

  @Test func foreignParametersDoNotKeepFromConnecting() throws {
    let url = database.url + "&schema=public&pgbouncer=true"
    let connection = try Connection.open(ConnectionRequest(connectionString: url))
    #expect(connection.target.database == database.name)
  }

  @Test func thePreparationOfASessionIsAsPromised() throws {
    let connection = try Connection.open(
      ConnectionRequest(connectionString: database.connectionString, applicationName: "mine"))
    let settings = """
      SELECT current_setting('client_encoding'), current_setting('application_name')
      """
    let result = try connection.execute(settings)[0]
    #expect(result.value(row: 0, column: 0) == "UTF8")
    #expect(result.value(row: 0, column: 1) == "mine")

    let named = try Connection.open(
      ConnectionRequest(
        connectionString: database.connectionString + " application_name=theirs"))
    #expect(try named.execute(settings)[0].value(row: 0, column: 1) == "theirs")
  }

  @Test func theNextHostIsTriedWhereOneDoesNotAnswer() throws {
    let string = """
      host=/nonexistent,\(database.socketDirectory) port=\(database.port) \
      dbname=\(database.name) user=postgres
      """
    let connection = try Connection.open(ConnectionRequest(connectionString: string))
    #expect(connection.target.host == database.socketDirectory)
  }

  @Test func aServerThatEndsTheSessionIsNoticed() throws {
    let connection = try Connection.open(
      ConnectionRequest(connectionString: database.connectionString))
    let process = try connection.execute("SELECT pg_backend_pid()")[0].text(row: 0, column: 0)
    try database.psql("SELECT pg_terminate_backend(\(process), 10000)")
    #expect(connection.isAlive == false)
    #expect(connection.transactionStatus == .unknown)
  }

  @Test func libpqTellsItsVersion() {
    #expect(Connection.libpqVersion.wholeMatch(of: /\d+\.\d+/) != nil)
  }
}

@Suite struct ConnectionErrorTests {
  private func failure(of string: String) throws -> ConnectionError {
    do {
      _ = try Connection.open(ConnectionRequest(connectionString: string, connectTimeoutSeconds: 5))
    } catch {
      return error
    }
    Issue.record("connected to \(string)")
    return ConnectionError(kind: .other, message: "")
  }

  @Test func noServer() throws {
    let folder = try TemporaryFolder()
    let error = try failure(of: "host=\(folder.path) user=app dbname=shop password=Hush")
    #expect(error.kind == .serverUnreachable)
    #expect(
      error.message == """
        connection to server on socket "\(folder.path)/.s.PGSQL.5432" failed: No such file or \
        directory
          Is the server running locally and accepting connections on that socket?
        """)
    #expect(error.host == folder.path)
    #expect(error.port == 5432)
    #expect(error.database == "shop")
    #expect(error.user == "app")
  }

  @Test func anUnknownHost() throws {
    let error = try failure(of: "postgres://app:Hush@host.invalid/shop")
    #expect(error.kind == .serverUnreachable)
    #expect(error.host == "host.invalid")
    #expect(!error.message.contains("Hush"))
  }

  @Test func anImpossibleSetting() throws {
    let error = try failure(of: "host=/tmp sslmode=maybe password=Hush")
    #expect(error.kind == .invalidConnectionString)
    #expect(error.message == "invalid sslmode value: \"maybe\"")
  }

  @Test(.scratchDatabase) func theDatabaseIsMissing() throws {
    let database = ScratchDatabase.current
    let error = try failure(
      of: "host=\(database.socketDirectory) port=\(database.port) user=postgres dbname=nowhere")
    #expect(error.kind == .databaseMissing)
    #expect(error.message.hasSuffix("FATAL:  database \"nowhere\" does not exist"))
  }

  @Test(.scratchDatabase) func theRoleIsMissing() throws {
    let database = ScratchDatabase.current
    let error = try failure(of: database.connectionString(user: "nobody_at_all"))
    #expect(error.kind == .authenticationFailed)
  }

  @Test(.scratchDatabase) func theRoleHasNoConnectionLeft() throws {
    let database = ScratchDatabase.current
    try database.withRole("crowded", attributes: "LOGIN CONNECTION LIMIT 0") { role in
      let error = try failure(of: database.connectionString(user: role))
      #expect(error.kind == .tooManyConnections)
    }
  }

  @Test(.scratchDatabase) func theCodeIsFoundOutWhereTheWordsSayNothing() throws {
    let database = ScratchDatabase.current
    let error = try failure(
      of: "host=\(database.socketDirectory) port=\(database.port) user=postgres dbname=template0")
    #expect(error.kind == .other)
    #expect(error.sqlState == SQLState(rawValue: "55000"))
    #expect(
      error.message.hasSuffix(
        "FATAL:  database \"template0\" is not currently accepting connections"))
  }

  @Test func aWrongPasswordIsNotRepeated() throws {
    let server = try TestServer.start(hostAuthentication: .scram(password: "right"))
    let strings = [
      "postgres://postgres:Hush@127.0.0.1:\(server.port)/postgres",
      "postgres://postgres:%48ush@127.0.0.1:\(server.port)/postgres",
      "host=127.0.0.1 port=\(server.port) user=postgres password=Hush",
      "postgres://postgres@127.0.0.1:\(server.port)/postgres?password=Hush",
      "postgres://postgres@127.0.0.1:\(server.port)/postgres",
    ]
    for string in strings {
      let error = try failure(of: string)
      #expect(error.kind == .authenticationFailed)
      #expect(error.user == "postgres")
      #expect(!String(reflecting: error).contains("Hush"))
      #expect(!String(reflecting: error).contains("%48ush"))
    }
    let connection = try Connection.open(
      ConnectionRequest(
        connectionString: "postgres://postgres:%72ight@127.0.0.1:\(server.port)/postgres"))
    #expect(connection.target.port == server.port)
  }
}
