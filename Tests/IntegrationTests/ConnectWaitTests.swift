import Glibc
import TestSupport
import Testing

/// `--connect-wait`: a server that starts after the program, as in a set of containers.
@Suite struct ConnectWaitTests {
  @Test func theServerStartsLater() throws {
    let server = try TestServer.start()
    server.stopImmediately()
    let address = "host=\(server.socketDirectory) port=\(server.port) user=postgres dbname=postgres"
    let program = try Program.start(["init", "--connect-wait", "60s", "--database-url", address])
    let note = """
      note: no server answers at \(server.socketDirectory):\(server.port) (from --database-url): \
      trying again for 60 s

      """
    try program.wait(for: note, on: .error)
    try server.restart()
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(result.stderr.occurrences(of: note) == 1)
    #expect(result.stdout.contains("✅ Ledger created in schema 'public'\n"))
    #expect(try server.administer("SELECT count(*) FROM migration_events") == "1")
  }

  @Test func theServerStaysAway() throws {
    let result = try Program.run(
      ["list", "--connect-wait", "1s", "--database-url", "postgres://ann@127.0.0.1:1/shop"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains("\nerror: no server answers at 127.0.0.1:1 (from --database-url)\n"))
  }

  @Test(.scratchLedger, arguments: ["no_such_database", "no such role"])
  func whatWillNotPassIsNotWaitedFor(trouble: String) throws {
    let database = ScratchDatabase.current
    let address =
      trouble == "no_such_database"
      ? "host=\(database.socketDirectory) user=postgres dbname=no_such_database"
      : database.connectionString(user: "no_such_role")
    // An hour: the test would run out of time if it were waited.
    let result = try Program.run(["list", "--connect-wait", "1h", "--database-url", address])
    #expect(result.status == 2)
    #expect(!result.stderr.contains("trying again"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aSignalEndsTheWaiting(signal: Int32, status: Int32) throws {
    let program = try Program.start(
      ["init", "--connect-wait", "1h", "--database-url", "postgres://ann@127.0.0.1:1/shop"])
    try program.wait(for: "trying again for 3600 s", on: .error)
    program.send(signal: signal)
    let result = try program.waitUntilExit()
    #expect(result.status == status)
    #expect(result.signal == nil)
    #expect(result.stdout == "")
  }
}
