import Glibc
import Testing
import TestSupport

/// The program itself dies under a rollback, and cannot tell the server.
@Suite(.scratchLedger) struct KilledClientTests {
  private let slow = SampleMigration(
    name: "20250101_slow", up: "CREATE TABLE slow (id int);",
    rollback: "DROP TABLE slow;\nSELECT pg_sleep(60);")
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws { checkout = try Checkout([slow]) }

  @Test func nothingRemainsAndTheNextRunWorks() throws {
    let program = try checkout.start(["rollback", slow.name, "--yes"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    program.send(signal: SIGKILL)
    let result = try program.waitUntilExit()
    #expect(result.signal == SIGKILL)
    try checkout.waitUntilNothingIsLeft()
    #expect(try database.hasTable("slow"))
    #expect(try database.status(of: slow.name) == "applied")
    #expect(try database.events(of: slow.name) == ["register registered"])

    try database.psql(
      "UPDATE migration_history SET rollback_sql = replace(rollback_sql, '60', '0')")
    #expect(try checkout.run(["rollback", slow.name, "--yes", "--use-recorded"]).status == 0)
    #expect(try database.hasTable("slow") == false)
    #expect(try database.status(of: slow.name) == "rolled_back")
  }

  /// Another program waits for it, and need not wait for a minute.
  @Test func whoWaitsForItGoesOn() throws {
    let first = try checkout.start(["rollback", slow.name, "--yes"])
    try checkout.waitUntilStuck(first, on: "PgSleep")
    let second = try checkout.start(["register", slow.name])
    try second.wait(for: "waiting for another runner", on: .error)
    first.send(signal: SIGKILL)
    #expect(try second.waitUntilExit(deadline: .seconds(20)).status == 0)
    #expect(
      try database.events(of: slow.name) == ["register registered", "register refreshed"])
  }

  @Test func atThePrompt() throws {
    let program = try checkout.start(["rollback", slow.name])
    try program.wait(for: "(yes/no): ", on: .error)
    // No transaction is open while a person thinks.
    #expect(
      try database.psql(
        """
        SELECT state, backend_xid, backend_xmin FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
        """) == "idle||")
    program.send(signal: SIGKILL)
    #expect(try program.waitUntilExit().signal == SIGKILL)
    try checkout.waitUntilNothingIsLeft()
    #expect(try database.events(of: slow.name) == ["register registered"])
  }
}
