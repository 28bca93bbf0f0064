import Glibc
import TestSupport
import Testing

/// `migrate` while others work on the same ledger.
@Suite(.scratchLedger) struct MigrateTogetherTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    for name in ["1_a", "2_b", "3_c"] {
      try workspace.write("CREATE TABLE t\(name) ();", section: "DROP TABLE t\(name);", to: name)
    }
    try workspace.runSuccessfully("init")
  }

  private func applying(_ name: String) -> String {
    """
    CREATE TABLE t\(name) ();
    SELECT migration_record_apply(gen_random_uuid(), '{"name": "\(name)", "depends_on": []}', '{}', '{}')
    """
  }

  private func start(_ arguments: [String]) throws -> ChildProcess {
    try Program.start(
      arguments, environment: ["DATABASE_URL": workspace.database.url],
      directory: workspace.folder.path)
  }

  @Test func whatAnotherAppliesMeanwhileIsPassedOver() throws {
    let other = try PsqlSession(workspace.database)
    try other.run("BEGIN; SELECT migration_lock(); \(applying("1_a")); \(applying("2_b"))")
    let program = try start(["migrate"])
    try program.wait(for: "waiting for another runner", on: .error)
    try other.run("COMMIT")
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Applied 1 migration, 2 by another run meanwhile\n")
    #expect(
      try workspace.database.psql(
        """
        SELECT string_agg(migration_name, ' ' ORDER BY (metadata ->> 'sequence')::numeric)
        FROM migration_history WHERE status = 'applied'
        """) == "1_a 2_b 3_c")
  }

  /// A deployment was cancelled, its migrate goes on, and what it applied is taken back.
  @Test func nothingComesAfterWhatWasTakenBackMeanwhile() throws {
    try workspace.runSuccessfully("migrate", "--to", "1_a", "--quiet")
    let other = try PsqlSession(workspace.database)
    try other.run("BEGIN; SELECT migration_lock()")
    let program = try start(["migrate"])
    try program.wait(for: "waiting for another runner", on: .error)
    try other.run(
      "DROP TABLE t1_a; UPDATE migration_history SET status = 'rolled_back'; COMMIT")
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(result.stdout == "❌ Applied 0 of 2 migrations\n")
    #expect(
      result.stderr.contains("error: migration \"1_a\" was rolled back meanwhile\n"))
    #expect(
      result.stderr.contains("hint: run 'migration-manager migrate' again: it plans anew\n"))
    #expect(try workspace.database.psql("SELECT to_regclass('t2_b') IS NULL") == "t")
  }

  /// Whoever waits is told what for.
  @Test func theWaitNamesTheMigration() throws {
    try workspace.write("SELECT pg_sleep(60);", section: "SELECT 1;", to: "4_d")
    try workspace.runSuccessfully("migrate", "--to", "3_c", "--quiet")
    let long = try start(["migrate"])
    try waitUntil("it was at work") {
      try workspace.database.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1"
    }
    let program = try start(["rollback", "--last", "1", "--yes", "--wait", "0s"])
    let result = try program.waitUntilExit()
    #expect(result.status == 2)
    #expect(result.stderr.contains("\n  running: migrate 4_d\n"))
    long.send(signal: SIGINT)
    #expect(try long.waitUntilExit().status == 130)
  }

  @Test func whatFailsMeanwhileStopsIt() throws {
    let other = try PsqlSession(workspace.database)
    try other.run(
      """
      BEGIN; SELECT migration_lock(); \(applying("1_a"));
      UPDATE migration_history SET status = 'failed'
      """)
    let program = try start(["migrate"])
    try program.wait(for: "waiting for another runner", on: .error)
    try other.run("COMMIT")
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(result.stdout == "❌ Applied 0 of 3 migrations\n")
    #expect(
      result.stderr.contains(
        "error: migration \"1_a\" is failed: its last rollback did not succeed"))
    #expect(try workspace.database.psql("SELECT to_regclass('t2_b') IS NULL") == "t")
  }
}
