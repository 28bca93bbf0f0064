import TestSupport
import Testing

/// `migrate` while others work on the same ledger.
@Suite(.scratchDatabase) struct MigrateTogetherTests {
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
