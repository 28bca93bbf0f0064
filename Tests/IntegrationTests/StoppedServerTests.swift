import Glibc
import Testing
import TestSupport

/// The server itself dies under a rollback, and comes back or not.
@Suite struct StoppedServerTests {
  private let slow = SampleMigration(
    name: "20250101_slow", up: "CREATE TABLE slow (id int);",
    rollback: "DROP TABLE slow;\nSELECT pg_sleep(60);")
  private let server: TestServer
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws {
    server = try TestServer.start(settings: ["synchronous_commit=on"])
    checkout = try Checkout([slow], in: try ScratchDatabase.create(on: server))
  }

  @Test func itComesBackInTime() throws {
    let program = try checkout.start(["rollback", slow.name, "--yes", "--wait", "60s"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    server.stopImmediately()
    try program.wait(for: "asking the server what became of the rollback", on: .error)
    try server.restart()
    let result = try program.waitUntilExit()
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        "error: the connection was lost, and the server undid the rollback of '\(slow.name)'\n"))
    #expect(try database.hasTable("slow"))
    #expect(try database.status(of: slow.name) == "applied")
    #expect(try database.events(of: slow.name) == ["register registered", "rollback fail"])
  }

  @Test func itStaysAway() throws {
    let program = try checkout.start(
      ["rollback", slow.name, "--yes", "--wait", "1s", "--json"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    server.stopImmediately()
    let result = try program.waitUntilExit()
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "fate_unknown")
    #expect(error.message.hasSuffix(" was lost, and the server stays away"))
    #expect(result.stdout.contains(#""outcome":"unknown""#))
    try server.restart()
    // The query that the program gives tells: no row means that nothing was changed.
    let query = try #require(
      result.stdout.firstMatch(of: #/SELECT outcome FROM [^;]* WHERE run_id = '[-0-9a-f]*'/#)
    ).output
    #expect(try database.psql(String(query).replacing(#"\""#, with: "\"")) == "")
    #expect(try database.status(of: slow.name) == "applied")
    #expect(try database.hasTable("slow"))
  }

  /// It has committed, and dies before it can say so.
  @Test func itDiesAfterTheCommit() throws {
    try database.psql(
      "UPDATE migration_history SET rollback_sql = replace(rollback_sql, '60', '0')")
    let proxy = try WireProxy(to: server)
    let trap = proxy.set(.commandComplete("COMMIT"), .hold)
    let program = try checkout.start(
      ["rollback", slow.name, "--yes", "--use-recorded"], url: proxy.url(of: database))
    try trap.wait()
    server.stopImmediately()
    proxy.cut()
    try program.wait(for: "asking the server what became of the rollback", on: .error)
    try server.restart()
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n"))
    #expect(try database.hasTable("slow") == false)
    #expect(try database.status(of: slow.name) == "rolled_back")
  }

  @Test func aSignalEndsTheWaitForIt() throws {
    let program = try checkout.start(["rollback", slow.name, "--yes", "--wait", "60s"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    server.stopImmediately()
    try program.wait(for: "asking the server what became of the rollback", on: .error)
    program.send(signal: SIGINT)
    let result = try program.waitUntilExit(deadline: .seconds(20))
    #expect(result.status == 2)
    #expect(result.stderr.contains("SELECT outcome FROM \"public\".migration_events"))
  }
}
