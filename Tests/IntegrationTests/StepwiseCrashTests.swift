import Glibc
import TestSupport
import Testing

/// Whatever happens to the program or its connection before or behind any of five statements that run
/// one by one, the same command goes on to the right end.
@Suite(.scratchDatabase) struct StepwiseCrashTests {
  let workspace: Workspace
  let proxy: WireProxy

  init() throws {
    workspace = try Workspace([StepwiseMigration.name: StepwiseMigration.text])
    proxy = try WireProxy(to: workspace.database.server)
    try database.psql(StepwiseMigration.preparation)
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  private static let commands = [["migrate"], ["rollback", StepwiseMigration.name, "--yes"]]

  private func waitUntilNothingIsLeft() throws {
    try waitUntil("no session of the program was left") {
      try database.psql(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
        """) == "0"
    }
  }

  /// Runs to the end, where that was not reached, and looks whether it is the right one.
  private func expectRightEnd(isForward: Bool, isReached: Bool, _ what: String) throws {
    try waitUntilNothingIsLeft()
    if !isReached {
      let result = try workspace.run(Self.commands[isForward ? 0 : 1] + ["--wait", "30s"])
      #expect(result.status == 0, "\(what): \(result.stderr)")
    }
    #expect(
      try StepwiseMigration.state(of: database)
        == (isForward ? StepwiseMigration.applied : StepwiseMigration.notApplied), "\(what)")
    #expect(
      try database.psql("SELECT count(*) FROM migration_steps WHERE is_open") == "0", "\(what)")
    #expect(try database.psql("SELECT count(*) FROM migration_lease") == "0", "\(what)")
  }

  /// Goes to each place before and behind a statement, there and back. The body says whether the end
  /// was reached all the same.
  private func atEachPlace(
    _ body: (_ arguments: [String], _ moment: WireProxy.Moment, _ what: String) throws -> Bool
  ) throws {
    for isBehind in [false, true] {
      for number in 0..<5 {
        for isForward in [true, false] {
          let sql = (isForward ? StepwiseMigration.up : StepwiseMigration.rollback)[number]
          let moment: WireProxy.Moment =
            isBehind
            ? .commandComplete(StepwiseMigration.tag(of: sql)) : .query(containing: sql)
          let what = "\(isBehind ? "behind" : "before") \(sql)"
          let isReached = try body(Self.commands[isForward ? 0 : 1], moment, what)
          try expectRightEnd(isForward: isForward, isReached: isReached, what)
        }
      }
    }
  }

  @Test func theProgramIsKilled() throws {
    try atEachPlace { arguments, moment, what in
      let trap = proxy.set(moment, .hold)
      let program = try Program.start(
        arguments, environment: ["DATABASE_URL": proxy.url(of: database)],
        directory: workspace.folder.path)
      try trap.wait()
      program.send(signal: SIGKILL)
      #expect(try program.waitUntilExit().signal == SIGKILL)
      trap.release()
      try waitUntilNothingIsLeft()
      // What was sent whole is done whole, although nobody hears of it.
      let status = try database.status(of: StepwiseMigration.name)
      return status == (arguments[0] == "migrate" ? "applied" : "rolled_back")
    }
  }

  @Test func theConnectionIsCut() throws {
    try atEachPlace { arguments, moment, what in
      let trap = proxy.set(moment, .cut)
      let result = try workspace.run(
        arguments + ["--wait", "30s"], environment: ["DATABASE_URL": proxy.url(of: database)])
      #expect(trap.isSprung, "\(what)")
      // What was committed is known to be, and the run goes on.
      guard result.status != 0 else { return true }
      #expect(result.status == 2, "\(what): \(result)")
      #expect(
        result.stderr.contains("hint: the same command again goes on from there")
          || result.stderr.contains("nothing was changed"), "\(what): \(result.stderr)")
      return false
    }
  }

  /// A statement of which the catalog does not tell: a person must.
  @Test(arguments: ["done", "again"]) func nobodyKnows(answer: String) throws {
    try workspace.write(
      """
      -- Transaction: none
      CREATE TABLE runs (id int);
      DO $$BEGIN INSERT INTO runs VALUES (1); COMMIT; PERFORM pg_sleep(60) FROM runs HAVING count(*) = 1; END$$;
      INSERT INTO runs VALUES (2);
      """, section: "DROP TABLE runs;", to: "20250103_do")
    let program = try Program.start(
      ["migrate"], environment: ["DATABASE_URL": database.url],
      directory: workspace.folder.path)
    try waitUntil("it slept") {
      try database.psql(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'PgSleep' AND query ~ '[(]statement 2 of 3[)]'
        """) == "1"
    }
    program.send(signal: SIGKILL)
    _ = try program.waitUntilExit()
    try database.psql(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'migration-manager'
      """)
    try waitUntilNothingIsLeft()
    try #require(
      try database.psql(
        "SELECT count(*) FROM migration_steps WHERE is_open AND finished_at IS NULL") == "1")

    let asked = try workspace.run(["migrate"])
    #expect(asked.status == 1)
    #expect(asked.stdout == "❌ Nothing was applied\n")
    #expect(
      asked.stderr.hasSuffix(
        """
        error: whether statement 2 of 3 of '20250103_do' was carried out is not known
          line 3: DO $$BEGIN INSERT INTO runs VALUES (1); COMMIT; PERFORM pg_sleep(60) FROM runs HAVING count(*) = 1; END$$
          nobody saw its end, and the catalog does not tell
        hint: look into the database, then give --unseen done, or --unseen again to run it once more

        """), "\(asked.stderr)")
    let told = try workspace.run(["migrate", "--unseen", answer, "--reason", "looked"])
    #expect(told.status == 0, "\(told.stderr)")
    #expect(
      try database.events(of: "20250103_do").suffix(2) == ["unseen answered", "migrate applied"])
    #expect(
      try database.psql(
        "SELECT reason, details FROM migration_events WHERE operation = 'unseen'")
        == #"looked|{"of": 3, "answer": "\#(answer)", "direction": "up", "statement": 2}"#)
    #expect(
      try database.psql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM runs")
        == (answer == "done" ? "1 2" : "1 1 2"))
  }
}
