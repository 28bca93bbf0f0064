import Testing
import TestSupport

@Suite(.scratchDatabase) struct ServerTests {
  @Test func eachTestHasAnEmptyDatabase() throws {
    let database = ScratchDatabase.current
    #expect(try database.psql("SELECT current_database()") == database.name)
    #expect(try database.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0")
  }

  @Test func aRoleLivesAsLongAsItsBlock() throws {
    let database = ScratchDatabase.current
    let name = try database.withRole("reader") { role in
      let user = try database.psql("SELECT current_user", user: role)
      #expect(user == role)
      return role
    }
    #expect(try database.psql("SELECT count(*) FROM pg_roles WHERE rolname = '\(name)'") == "0")
  }

  @Test func aServerOnATCPPortAsksForThePassword() throws {
    let server = try TestServer.start(hostAuthentication: .scram(password: "it's"))
    let query = "SHOW password_encryption"
    #expect(try server.administer(query) == "scram-sha-256")
    let address = "host=127.0.0.1 port=\(server.port) user=postgres dbname=postgres"
    for (password, status) in [("it's", Int32(0)), ("wrong", 2)] {
      let client = try ChildProcess(
        .init(
          executable: "/usr/bin/psql", arguments: ["-XAtqc", query, address],
          environment: ["PGPASSWORD": password]))
      #expect(try client.waitUntilExit().status == status)
    }
  }

  @Test func aServerOfItsOwnCanBeStoppedAndStartedAgain() throws {
    let server = try TestServer.start(settings: ["work_mem=1MB"])
    #expect(try server.administer("SHOW work_mem") == "1MB")
    server.stopImmediately()
    #expect(throws: TestSupportError.self) { try server.administer("SELECT 1") }
    try server.restart()
    #expect(try server.administer("SELECT 1") == "1")
  }
}
