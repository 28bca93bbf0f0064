import TestSupport
import Testing

/// A batch that would exhaust the server's lock table is refused before it begins.
@Suite struct LockCapacityTests {
  @Test func isRefusedEarlyAndGoesOneByOne() throws {
    let server = try TestServer.start(
      settings: [
        "max_locks_per_transaction=10", "max_connections=10", "max_prepared_transactions=0",
        "max_worker_processes=0", "max_wal_senders=0", "autovacuum_max_workers=1",
      ])
    let workspace = try Workspace(on: try ScratchDatabase.create(on: server))
    for index in 10..<35 {
      // Its locks: table, two types, TOAST and its index, sequence, default, key and its index.
      let up = "CREATE TABLE t\(index) (id serial PRIMARY KEY, words text);"
      try workspace.write(up, section: "DROP TABLE t\(index);", to: "20250101\(index)_t\(index)")
    }
    try workspace.runSuccessfully("migrate")
    let all = try workspace.run(["rollback", "--all", "--yes"])
    #expect(all.status == 1)
    #expect(
      all.stderr.hasSuffix(
        """
        error: rolling these 25 migrations back in one transaction would take about 265 locks, \
        and the server has room for about 180
          room comes from max_locks_per_transaction, max_connections and the server's other processes
        hint: give --each, which takes one transaction for each, or raise \
        max_locks_per_transaction on the server

        """))
    #expect(try workspace.run(["rollback", "--last", "15", "--dry-run"]).status == 0)
    #expect(try workspace.run(["rollback", "--all", "--each", "--yes"]).status == 0)
    #expect(try workspace.database.hasTable("t10") == false)
  }
}
