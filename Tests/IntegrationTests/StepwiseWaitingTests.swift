import Glibc
import TestSupport
import Testing

/// Other runners while one goes statement by statement: they wait, and hold nobody up.
@Suite(.scratchDatabase) struct StepwiseWaitingTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace([
      "20250102_index": """
      -- Transaction: none
      CREATE INDEX CONCURRENTLY items_n_idx ON items (n);
      CREATE TABLE runs AS SELECT 1 AS run;
      -- ROLLBACK START
      DROP TABLE runs; DROP INDEX items_n_idx;
      -- ROLLBACK END

      """
    ])
    try workspace.database.psql(StepwiseMigration.preparation)
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  private func start(_ arguments: [String] = ["migrate", "--json"]) throws -> ChildProcess {
    try Program.start(
      arguments, environment: ["DATABASE_URL": database.url], directory: workspace.folder.path)
  }

  /// Waits until the index is being built, and waits for an older transaction.
  private func waitUntilBuilding() throws {
    try waitUntil("the index was being built") {
      try database.psql(
        """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
          AND state = 'active' AND wait_event_type = 'Lock'
          AND query LIKE '-- migration-manager: run %-%, migrate 20250102_index (statement 1 of 2)%'
        """) == "1"
    }
  }

  @Test func fourOthersWaitWithoutASnapshot() throws {
    // CREATE INDEX CONCURRENTLY waits for whoever has changed the table.
    let blocker = try PsqlSession(database)
    try blocker.run("BEGIN; UPDATE items SET n = n WHERE id = 1")
    let first = try start()
    try waitUntilBuilding()
    let others = try (0..<4).map { _ in try start(["migrate", "--wait", "60s"]) }
    for other in others { try other.wait(for: "waiting for another runner", on: .error) }
    // None of them is in a transaction that the index would have to wait for.
    // Each looks from time to time; in between it is none.
    try waitUntil("all four waited outside a transaction") {
      try database.psql(
        """
        SELECT count(*), count(backend_xmin), count(backend_xid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
          AND state = 'idle'
        """) == "4|0|0"
    }
    try blocker.run("COMMIT")
    let result = try first.waitUntilExit()
    #expect(result.status == 0, "\(result)")
    for other in others {
      let result = try other.waitUntilExit()
      #expect(result.status == 0, "\(result)")
    }
    #expect(try database.psql("SELECT count(*) FROM runs") == "1")
    #expect(try database.events(of: "20250102_index") == ["migrate applied"])
  }

  @Test func whoDoesNotWaitIsToldWhatRuns() throws {
    let blocker = try PsqlSession(database)
    try blocker.run("BEGIN; UPDATE items SET n = n WHERE id = 1")
    let first = try start()
    try waitUntilBuilding()
    let result = try workspace.run(["migrate", "--wait", "0"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        """
        error: another migration run holds the ledger in schema "public": it is at statement 1 of \
        migration "20250102_index"
          held by pid
        """), "\(result.stderr)")
    #expect(
      result.stderr.contains("  running: migrate 20250102_index (statement 1 of 2)\n"),
      "\(result.stderr)")

    // Interrupted, it says how far it got, and the next one goes on.
    first.send(signal: SIGINT)
    let interrupted = try first.waitUntilExit()
    #expect(interrupted.status == 130)
    #expect(
      interrupted.stdout.contains(
        "interrupted by SIGINT: '20250102_index' stopped at statement 1 of 2"), "\(interrupted)")
    try blocker.run("COMMIT")
    let again = try workspace.run(["migrate"])
    #expect(again.status == 0, "\(again)")
    #expect(try database.psql("SELECT 'items_n_idx'::regclass") == "items_n_idx")
  }

  @Test func theFilesLockTimeoutIsForTransactions() throws {
    try workspace.folder.write(
      #"{"lock_timeout": "10ms", "lock_retries": 0}"#, to: "migration-manager.json")
    let blocker = try PsqlSession(database)
    try blocker.run("BEGIN; UPDATE items SET n = n WHERE id = 1")
    let first = try start()
    try waitUntilBuilding()
    try waitUntil("it waited longer than the file says") {
      try database.psql(
        """
        SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid'
          AND clock_timestamp() - waitstart > '50 ms'
        """) == "1"
    }
    try blocker.run("COMMIT")
    let result = try first.waitUntilExit()
    #expect(result.status == 0, "\(result)")
    #expect(
      try database.psql(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'items_n_idx'::regclass") == "t")
  }

  @Test func theOptionIsForStatementsAloneToo() throws {
    let blocker = try PsqlSession(database)
    try blocker.run("BEGIN; UPDATE items SET n = n WHERE id = 1")
    let result = try workspace.run(["migrate", "--lock-timeout", "10ms", "--lock-retries", "0"])
    try blocker.run("COMMIT")
    #expect(result.status == 2)
    #expect(result.stderr.contains("canceling statement due to lock timeout"), "\(result.stderr)")
  }
}
