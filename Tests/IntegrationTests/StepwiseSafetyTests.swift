import Glibc
import TestSupport
import Testing

/// What runs alone runs once: whatever is cut, delayed or interrupted, and whoever else comes.
@Suite(.scratchDatabase) struct StepwiseSafetyTests {
  let workspace: Workspace
  let proxy: WireProxy

  init() throws {
    workspace = try Workspace()
    proxy = try WireProxy(to: workspace.database.server)
    try workspace.database.psql(
      """
      CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY, what text);
      CREATE PROCEDURE backfill() LANGUAGE plpgsql AS $$BEGIN
        INSERT INTO log (what) VALUES ('begun'); COMMIT;
        PERFORM pg_advisory_lock(7); PERFORM pg_advisory_unlock(7);
        INSERT INTO log (what) VALUES ('ended'); COMMIT;
      END$$;
      """)
    try workspace.write(
      """
      -- Transaction: none
      CREATE TABLE first ();
      CALL backfill();
      CREATE TABLE last ();
      """, section: "DROP TABLE first; DROP TABLE last;", to: "20250102_backfill")
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  private func start(_ arguments: [String], _ more: [String: String] = [:]) throws -> ChildProcess {
    try Program.start(
      arguments,
      environment: ["DATABASE_URL": proxy.url(of: database)].merging(more) { $1 },
      directory: workspace.folder.path)
  }

  private var log: String {
    get throws { try database.psql("SELECT string_agg(what, ' ' ORDER BY id) FROM log") }
  }

  private func waitUntilItWaits() throws {
    try waitUntil("the procedure waited") {
      try database.psql(
        """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """) == "1"
    }
  }

  @Test func aSignalBehindTheLastWordOfTheServerUndoesNothing() throws {
    let trap = proxy.set(.commandComplete("CALL"), .hold)
    let program = try start(["migrate"])
    try trap.wait()
    program.send(signal: SIGINT)
    try waitUntil("the request to cancel passed") { proxy.cancelRequests > 0 }
    trap.release()
    let result = try program.waitUntilExit()
    #expect(result.status == 130, "\(result)")
    #expect(
      result.stderr.contains("'20250102_backfill' stopped at statement 3 of 3"), "\(result.stderr)")
    #expect(
      try database.psql("SELECT count(finished_at) FROM migration_steps WHERE is_open") == "2")
    #expect(try workspace.run(["migrate"]).status == 0)
    #expect(try log == "begun ended")
  }

  @Test func whatWasCancelledHalfWayIsAskedAbout() throws {
    let blocker = try PsqlSession(database)
    try blocker.run("SELECT pg_advisory_lock(7)")
    let program = try start(["migrate"])
    try waitUntilItWaits()
    program.send(signal: SIGINT)
    let result = try program.waitUntilExit()
    #expect(result.status == 130)
    #expect(
      result.stderr.contains(
        """
        hint: look into the database, then 'migration-manager migrate' with --unseen done, or with \
        --unseen again to run statement 2 once more; once it is changed, it runs unasked
        """), "\(result.stderr)")
    try blocker.run("SELECT pg_advisory_unlock(7)")
    let asked = try workspace.run(["migrate"])
    #expect(asked.status == 1)
    #expect(
      asked.stderr.contains(
        "whether statement 2 of 3 of '20250102_backfill' was carried out is not known"),
      "\(asked.stderr)")
    #expect(try log == "begun")
    #expect(try workspace.run(["migrate", "--unseen", "again"]).status == 0)
    #expect(try log == "begun begun ended")
  }

  /// An error before anything of it began is no reason to ask.
  @Test func whatNeverBeganRunsUnasked() throws {
    try database.psql("ALTER PROCEDURE backfill RENAME TO other")
    #expect(try workspace.run(["migrate"]).status == 2)
    try database.psql("ALTER PROCEDURE other RENAME TO backfill")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try log == "begun ended")
  }

  @Test func aLostConnectionDoesNotLetOthersInWhileTheServerIsAtIt() throws {
    let blocker = try PsqlSession(database)
    try blocker.run("SELECT pg_advisory_lock(7)")
    let program = try start(["migrate", "--wait", "1s"])
    try waitUntilItWaits()
    proxy.abandonServer()
    let first = try program.waitUntilExit()
    #expect(first.status == 2)
    #expect(first.stderr.contains("the server is still at the statement"), "\(first.stderr)")
    // Neither an answer nor another migration gets past it.
    let second = try workspace.run(["migrate", "--wait", "0", "--unseen", "again"])
    #expect(second.status != 0, "\(second)")
    #expect(try log == "begun")
    // The lease is gone, the statement is not.
    try database.psql("DELETE FROM migration_lease")
    let third = try workspace.run(["migrate", "--wait", "0", "--unseen", "done"])
    #expect(third.status == 2)
    #expect(
      third.stderr.contains(
        "error: statement 2 of 3 of '20250102_backfill' is still at work on the server\n"),
      "\(third.stderr)")
    try blocker.run("SELECT pg_advisory_unlock(7)")
    try waitUntil("it ended") { try log == "begun ended" }
    #expect(try workspace.run(["migrate"]).status == 1)
    #expect(try workspace.run(["migrate", "--unseen", "done"]).status == 0)
    #expect(try log == "begun ended")
  }

  /// It stood still for so long that another took over: what it has on its way must not run.
  @Test func whoLostItsLeaseSendsNothingMore() throws {
    let trap = proxy.set(.query(containing: "CALL backfill"), .hold)
    // Without that, the server says for thirty seconds that the process was active a moment ago.
    let program = try start(["migrate"], ["PGOPTIONS": "-c track_activities=off"])
    try trap.wait()
    try database.psql("UPDATE migration_lease SET expires_at = now() - interval '1 second'")
    let second = try workspace.run(["migrate", "--unseen", "again"])
    #expect(second.status == 0, "\(second.stderr)")
    trap.release()
    let first = try program.waitUntilExit()
    #expect(first.status != 0, "\(first)")
    #expect(try log == "begun ended")
    #expect(try database.status(of: "20250102_backfill") == "applied")
  }

  @Test func whatWasCarriedOutIsKnownAlthoughTheJournalWasNotReached() throws {
    let held = proxy.set(.commandComplete("CALL"), .hold)
    let program = try start(["migrate"])
    try held.wait()
    let cut = proxy.set(.query(containing: "migration_finish_step"), .cut)
    held.release()
    let result = try program.waitUntilExit()
    #expect(cut.isSprung)
    #expect(result.status == 0, "\(result)")
    #expect(try log == "begun ended")
  }

  @Test func whatWasNotSentIsNotAskedAbout() throws {
    let held = proxy.set(.commandComplete("CREATE TABLE"), .hold)
    let program = try start(["migrate"])
    try held.wait()
    let cut = proxy.set(.query(containing: "migration_start_step"), .cut)
    held.release()
    let result = try program.waitUntilExit()
    #expect(cut.isSprung)
    #expect(result.status == 0, "\(result)")
    #expect(try log == "begun ended")
  }

  @Test func whatIsStillOnItsWayDoesNotArrive() throws {
    let trap = proxy.set(.query(containing: "CALL backfill"), .abandon)
    let program = try start(["migrate"])
    let result = try program.waitUntilExit()
    #expect(result.status == 2, "\(result)")
    trap.release()
    #expect(try workspace.run(["migrate", "--unseen", "again"]).status == 0)
    #expect(try log == "begun ended")
  }
}
