import TestSupport
import Testing

/// `sync --exit-code`: what somebody has to look at shows in the exit status, for a deployment.
@Suite(.scratchLedger) struct SyncExitCodeTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE a ();", to: "1_a")
    try workspace.apply("1_a")
  }

  private func statuses() throws -> [Int32] {
    // Those that are in order are recorded all the same, so the others are seen again.
    try [["sync", "--exit-code"], ["sync", "--exit-code", "--json"], ["sync"]].map {
      try workspace.run($0).status
    }
  }

  @Test func whatIsRecordedOrNotAppliedIsInOrder() throws {
    try workspace.write("CREATE TABLE b ();", to: "2_b")
    #expect(try statuses() == [0, 0, 0])
  }

  @Test func oneThatIsThereInPartIsNot() throws {
    try workspace.write("CREATE TABLE b (); CREATE TABLE c ();", to: "2_b")
    try workspace.database.psql("CREATE TABLE b ()")
    #expect(try statuses() == [1, 1, 0])
    #expect(try workspace.recorded("status", of: "1_a") == "applied")
  }

  @Test func norIsOneThatNothingTellsOf() throws {
    try workspace.write("UPDATE a SET ctid = ctid WHERE false;", to: "2_data")
    #expect(try statuses() == [1, 1, 0])
    try workspace.runSuccessfully("register", "2_data")
    #expect(try statuses() == [0, 0, 0])
  }

  @Test func aFileThatCannotBeReadIsTheGraverMatter() throws {
    try workspace.write("SELECT 1;", to: "2_data")
    try workspace.write("CREATE TABLE c ();\n-- ROLLBACK START\n", to: "3_open")
    #expect(try statuses() == [2, 2, 2])
  }
}
