import TestSupport
import Testing

/// What becomes of `migrate` when it loses its server between one migration and the next.
@Suite(.scratchLedger) struct MigrateFateTests {
  let workspace: Workspace
  let proxy: WireProxy

  init() throws {
    workspace = try Workspace()
    proxy = try WireProxy(to: workspace.database.server)
    for number in 1...3 {
      try workspace.write(
        "CREATE TABLE step_\(number) ();", section: "DROP TABLE step_\(number);",
        to: "2025010\(number)_step")
    }
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  private func migrate() throws -> ProgramResult {
    try workspace.run(
      ["migrate", "--wait", "30s"], environment: ["DATABASE_URL": proxy.url(of: database)])
  }

  /// What was applied, and how often.
  private func applied() throws -> String {
    try database.psql(
      """
      SELECT string_agg(migration_name, ' ' ORDER BY migration_name) FROM migration_events
      WHERE operation = 'migrate' AND outcome = 'applied'
      """)
  }

  private func tables() throws -> String {
    try database.psql(
      "SELECT string_agg(relname, ' ' ORDER BY 1) FROM pg_class WHERE relname LIKE 'step\\_%'")
  }

  @Test func aCommitWhoseAnswerIsLostCountsAndTheRunGoesOn() throws {
    let trap = proxy.set(.commandComplete("COMMIT"), .cut)
    let result = try migrate()
    #expect(trap.isSprung)
    #expect(result.status == 0, "\(result)")
    #expect(result.stdout == "✅ Applied 3 migrations\n")
    #expect(result.stderr.contains("the server has committed it\n"), "\(result.stderr)")
    #expect(try applied() == "20250101_step 20250102_step 20250103_step")
    #expect(try tables() == "step_1 step_2 step_3")
  }

  @Test(arguments: [WireProxy.Action.cut, .cutHalfway, .passAndCut])
  func oneThatIsLostOnItsWayIsUndoneOrDoneAsTheProgramSays(action: WireProxy.Action) throws {
    let trap = proxy.set(.query(containing: "CREATE TABLE step_2"), action)
    let result = try migrate()
    #expect(trap.isSprung)
    // What passed whole may have run before the server noticed that nobody listens, and be answered
    // before the connection is cut: then it is the next one that is lost.
    let names = ["20250101_step", "20250102_step", "20250103_step"]
    let done = try applied().split(separator: " ").count
    if case .passAndCut = action {
      #expect((1...3).contains(done), "\(result)")
    } else {
      #expect(done == 1, "\(result)")
    }
    #expect(try applied() == names.prefix(done).joined(separator: " "), "\(result)")
    #expect(try tables() == (1...done).map { "step_\($0)" }.joined(separator: " "))
    #expect(result.status == (done == 3 ? 0 : 2), "\(result)")
    if done < 3 {
      #expect(
        result.stderr.contains(
          "error: the connection was lost, and the server undid '\(names[done])'\n"),
        "\(result.stderr)")
      #expect(result.stdout == "❌ Applied \(done) of 3 migrations\n")
    }
    #expect(try workspace.run(["migrate"]).status == 0)
    #expect(try applied() == "20250101_step 20250102_step 20250103_step")
  }
}
