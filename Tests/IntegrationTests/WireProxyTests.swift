import Testing
import TestSupport

/// The proxy does what the tests of lost connections stand on.
@Suite(.scratchLedger) struct WireProxyTests {
  private let proxy: WireProxy
  private let database = ScratchDatabase.current

  init() throws { proxy = try WireProxy(to: database.server) }

  private func psql(_ sql: String) throws -> ProgramResult {
    try ChildProcess(
      .init(
        executable: "/usr/bin/psql", arguments: ["-XAtqc", sql, proxy.url(of: database)],
        environment: ["PATH": "/usr/bin:/bin"])
    ).waitUntilExit()
  }

  @Test func itPassesMessagesAndCountsQueries() throws {
    let result = try psql("SELECT 1 + 1")
    #expect(result.stdout == "2\n")
    #expect(proxy.queries == ["SELECT 1 + 1"])
    #expect(proxy.cancelRequests == 0)
  }

  @Test func aQueryThatIsCutNeverReachesTheServer() throws {
    let trap = proxy.set(.query(containing: "CREATE"), .cut)
    #expect(try psql("CREATE TABLE lost (id int)").status == 2)
    #expect(trap.isSprung)
    #expect(try database.psql("SELECT to_regclass('lost') IS NULL") == "t")
  }

  @Test func anAnswerThatIsCutHasBeenActedUpon() throws {
    let trap = proxy.set(.commandComplete("COMMIT"), .cut)
    #expect(try psql("BEGIN; CREATE TABLE kept (id int); COMMIT").status == 2)
    #expect(trap.isSprung)
    #expect(try database.psql("SELECT to_regclass('kept') IS NOT NULL") == "t")
  }

  @Test func anAbandonedServerGetsTheQueryLater() throws {
    let trap = proxy.set(.query(containing: "CREATE"), .abandon)
    #expect(try psql("CREATE TABLE late (id int)").status == 2)
    #expect(try database.psql("SELECT to_regclass('late') IS NULL") == "t")
    trap.release()
    try waitUntil("the query had run") {
      try database.psql("SELECT to_regclass('late') IS NOT NULL") == "t"
    }
  }
}
