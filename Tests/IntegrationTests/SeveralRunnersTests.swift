import TestSupport
import Testing

/// Several `migrate` started together, as by the instances of a service that is deployed.
@Suite(.scratchLedger) struct SeveralRunnersTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private var database: ScratchDatabase { workspace.database }

  /// Writes migrations of which each notes that it ran.
  private func write(_ count: Int, slow: Int? = nil) throws {
    for number in 1...count {
      let name = "2025\(number + 10_000)_step"
      let table = number == 1 ? "CREATE TABLE runs (name text, backend int);\n" : ""
      let pause = number == slow ? "SELECT pg_sleep(6);\n" : ""
      try workspace.write(
        "\(table)\(pause)CREATE TABLE step_\(number) ();\n"
          + "INSERT INTO runs VALUES ('\(name)', pg_backend_pid());\n", to: name)
    }
  }

  /// Starts eight at once on a database without a ledger, and expects each migration to run once.
  private func migrateByEight(count: Int, url: String? = nil) throws {
    let programs = try (1...8).map { _ in
      try Program.start(
        ["migrate", "--json"], environment: ["DATABASE_URL": url ?? database.url],
        directory: workspace.folder.path)
    }
    let results = try programs.map { try $0.waitUntilExit(deadline: .seconds(180)) }
    for result in results { #expect(result.status == 0, "\(result)") }
    #expect(
      try database.psql("SELECT count(*), count(DISTINCT name) FROM runs") == "\(count)|\(count)")
    #expect(
      try database.psql(
        """
        SELECT count(*), count(DISTINCT metadata ->> 'sequence'), bool_and(status = 'applied')
        FROM migration_history
        """) == "\(count)|\(count)|t")
    #expect(
      try database.psql(
        """
        SELECT operation, count(*), count(DISTINCT migration_name), count(DISTINCT outcome)
        FROM migration_events WHERE operation = 'migrate' GROUP BY 1
        """) == "migrate|\(count)|\(count)|1")
    // In their order.
    #expect(
      try database.psql(
        """
        SELECT migration_name FROM migration_history ORDER BY (metadata ->> 'sequence')::numeric
        """) == database.psql("SELECT name FROM runs ORDER BY name"))
    // Nobody says to have applied what another did.
    let applied = try results.flatMap { result in
      try result.document(Outcomes.self).migrations.filter { $0.outcome == "applied" }.map(\.name)
    }
    #expect(applied.sorted() == Array(Set(applied)).sorted())
    #expect(applied.count == count)
  }

  private struct Outcomes: Decodable {
    struct Migration: Decodable {
      var name: String
      var outcome: String
    }
    var migrations: [Migration]
  }

  @Test func eachMigrationIsAppliedOnce() throws {
    try write(200)
    try migrateByEight(count: 200)
  }

  @Test func oneThatTakesLongIsWaitedFor() throws {
    try write(20, slow: 7)
    try migrateByEight(count: 20)
  }

  @Test func behindAPoolerToo() throws {
    let pooler = try ConnectionPooler(before: database.server, connections: 4)
    try write(200, slow: 150)
    try migrateByEight(count: 200, url: pooler.url(database))
  }
}
