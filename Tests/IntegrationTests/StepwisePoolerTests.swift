import TestSupport
import Testing

/// What runs statement by statement behind PgBouncer in transaction mode, where each transaction may
/// get another session of the server.
@Suite(.scratchDatabase) struct StepwisePoolerTests {
  let workspace: Workspace
  let pooler: ConnectionPooler

  init() throws {
    workspace = try Workspace()
    pooler = try ConnectionPooler(before: workspace.database.server, connections: 3)
    try workspace.database.psql(StepwiseMigration.preparation)
  }

  private var database: ScratchDatabase { workspace.database }

  private func run(_ arguments: [String]) throws -> ProgramResult {
    try workspace.run(
      arguments, environment: ["DATABASE_URL": pooler.connectionString(database)])
  }

  @Test func thereAndBack() throws {
    try workspace.write(StepwiseMigration.text, to: StepwiseMigration.name)
    let result = try run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try StepwiseMigration.state(of: database) == StepwiseMigration.applied)
    let back = try run(["rollback", StepwiseMigration.name, "--yes"])
    #expect(back.status == 0, "\(back.stderr)")
    #expect(try StepwiseMigration.state(of: database) == StepwiseMigration.notApplied)
    #expect(try database.psql("SELECT bool_or(is_open), count(*) FROM migration_steps") == "f|10")
  }

  @Test func settingsHoldWithinATransactionAlone() throws {
    try workspace.write(
      """
      -- Transaction: none
      SET work_mem = '7MB';
      CREATE TABLE seen AS SELECT current_setting('work_mem') AS work_mem;
      """, section: "DROP TABLE seen;", to: "20250102_set")
    #expect(try run(["migrate"]).status == 0)
    #expect(try database.psql("SELECT * FROM seen") == "7MB")
    #expect(try pooler.psql("SHOW work_mem", on: database) == "4MB")
    try workspace.write(
      "-- Transaction: none\nCREATE TABLE more ();\nSET work_mem = '7MB';\nVACUUM items;",
      section: "DROP TABLE more;", to: "20250103_set")
    let result = try run(["migrate"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: statement 2 of '20250103_set' runs outside a transaction, and needs settings: behind a \
        pooler none would hold
          line 4: VACUUM items
        hint: connect to the server itself, not to the pooler

        """), "\(result.stderr)")
    // Nothing of it was begun.
    #expect(try database.hasTable("more") == false)
    #expect(try workspace.run(["migrate"]).status == 0)
  }
}
