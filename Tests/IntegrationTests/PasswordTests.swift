import TestSupport
import Testing

/// A server that asks for a password, by SCRAM over TCP: the password is never seen again.
@Suite struct PasswordTests {
  static let password = "Tr0ub4dor & 'quoted'"
  static let wrongPassword = "Correct-Horse-7"
  private static let started = Result {
    try TestServer.start(hostAuthentication: .scram(password: password))
  }

  let port: Int
  let server: TestServer

  init() throws {
    server = try Self.started.get()
    port = server.port
  }

  private func url(password: String) -> String {
    "postgresql://postgres:\(password)@127.0.0.1:\(port)/postgres"
  }

  @Test(arguments: [["list"], ["list", "--verbose"], ["list", "--json"], ["init", "--verbose"]])
  func aWrongPassword(command: [String]) throws {
    let result = try Program.run(
      command, environment: ["DATABASE_URL": url(password: Self.wrongPassword)])
    #expect(result.status == 2)
    #expect(result.hides(Self.wrongPassword))
    #expect(
      result.stderr.contains(
        "error: 127.0.0.1:\(port) (from DATABASE_URL) does not let user 'postgres' in\n"))
    if command.contains("--json") {
      let error = try result.errorDocument()
      #expect(error.code == "connection")
      #expect(
        error.hint
          == "check user and password; PGPASSWORD or ~/.pgpass keep it out of the command line")
    } else {
      #expect(result.stdout == "")
      #expect(result.stderr.contains(#"password authentication failed for user "postgres""#))
    }
  }

  @Test func noPassword() throws {
    let result = try Program.run(
      ["list"], environment: ["DATABASE_URL": "postgresql://postgres@127.0.0.1:\(port)/postgres"])
    #expect(result.status == 2)
    #expect(result.stderr.contains("does not let user 'postgres' in\n"))
    #expect(result.stderr.contains("fe_sendauth: no password supplied"))
  }

  /// Ways to give the password, as the arguments, the environment and the files that they take.
  enum Way: String, CaseIterable {
    case url, keywords, option, variable, passwordFile, dotEnv, serviceFile
  }

  @Test(arguments: Way.allCases) func theRightPasswordIsNotShown(way: Way) throws {
    let folder = try MigrationFolder()
    let encoded = "Tr0ub4dor%20%26%20%27quoted%27"
    let quoted = #"Tr0ub4dor & \'quoted\'"#
    var arguments = ["list", "--verbose"]
    var environment: [String: String?] = ["HOME": folder.path]
    let address = "host=127.0.0.1 port=\(port) user=postgres dbname=postgres"
    switch way {
    case .url: environment["DATABASE_URL"] = url(password: encoded)
    case .keywords: environment["DATABASE_URL"] = "\(address) password='\(quoted)'"
    case .option: arguments += ["--database-url", url(password: encoded)]
    case .variable:
      environment["DATABASE_URL"] = address
      environment["PGPASSWORD"] = Self.password
    case .passwordFile:
      environment["DATABASE_URL"] = address
      environment["PGPASSFILE"] = try file(".pgpass", "127.0.0.1:\(port):*:*:\(Self.password)\n")
    case .dotEnv: _ = try file(".env", "DATABASE_URL='\(url(password: encoded))'\n")
    case .serviceFile:
      let entry = """
        [shop]
        host=127.0.0.1
        port=\(port)
        user=postgres
        dbname=postgres
        password=\(Self.password)

        """
      environment["PGSERVICEFILE"] = try file("services", entry)
      environment["PGSERVICE"] = "shop"
    }
    func file(_ name: String, _ text: String) throws -> String {
      try folder.write(text, to: name)
      try folder.restrict(name)
      return folder.path(of: name)
    }

    let result = try Program.run(arguments, environment: environment, directory: folder.path)
    #expect(result.status == 2)
    // It is in: the database itself says what is missing.
    #expect(result.stderr.contains(#"error: there is no migration ledger in schema "public""#))
    for secret in [Self.password, encoded, quoted, "Tr0ub4dor"] { #expect(result.hides(secret)) }
  }

  @Test func theLedgerDoesNotHoldIt() throws {
    let database = try ScratchDatabase.create(on: server)
    defer { #expect(throws: Never.self) { try database.drop() } }
    let migration = SampleMigration.table("users")
    try database.psql(migration.up)
    let folder = try MigrationFolder([migration])
    let encoded = "Tr0ub4dor%20%26%20%27quoted%27"
    let environment = [
      "DATABASE_URL": "postgresql://postgres:\(encoded)@127.0.0.1:\(port)/\(database.name)"
    ]
    let options = ["--dir", folder.path, "--verbose"]
    for command in [
      ["init"], ["register", migration.name], ["check", migration.name],
      ["rollback", migration.name, "--yes", "--reason", "test"],
    ] {
      let result = try runSuccessfully(command + options, environment: environment)
      #expect(result.hides("Tr0ub4dor"))
    }
    #expect(try !database.dump().contains("Tr0ub4dor"))
    #expect(!server.log.contains("Tr0ub4dor"))
  }

  @Test func aPasswordWithABareAtSignIsNotTakenForTheHost() throws {
    let result = try Program.run(
      ["list", "--verbose", "--database-url", "postgres://ann:pa@ss-word@127.0.0.1:\(port)/shop"])
    #expect(result.status == 2)
    #expect(result.hides("ss-word"))
    #expect(
      result.stderr.contains(
        #"error: invalid connection string: it has more than one "@"; in a password write "@" as %40"#
      ))
  }
}
