import Glibc
import TestSupport
import Testing

/// A statement of which only its end can tell: while a run is at it, nobody is asked, but waits.
@Suite(.scratchDatabase) struct StepwiseQuestionTests {
  let workspace: Workspace

  /// A block that commits, and then waits for a lock that the test holds.
  init() throws {
    workspace = try Workspace([
      "20250101_old": "CREATE TABLE old ();\n-- ROLLBACK START\nDROP TABLE old;\n-- ROLLBACK END\n"
    ])
    try workspace.database.psql("CREATE TABLE runs (id int); CREATE TABLE gate ()")
    try workspace.runSuccessfully("init")
    try workspace.runSuccessfully("migrate")
    try workspace.write(
      """
      -- Transaction: none
      SELECT 1;
      DO $$BEGIN INSERT INTO runs VALUES (1); COMMIT; LOCK gate; END$$;
      INSERT INTO runs VALUES (2);
      """, section: "TRUNCATE runs;", to: "20250102_do")
  }

  private var database: ScratchDatabase { workspace.database }

  private func start(_ arguments: [String]) throws -> ChildProcess {
    try Program.start(
      arguments, environment: ["DATABASE_URL": database.url], directory: workspace.folder.path)
  }

  /// Starts a run, and waits until it stands at the gate.
  private func startUntilGate() throws -> ChildProcess {
    let first = try start(["migrate"])
    try waitUntil("it stood at the gate") {
      try database.psql(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ '[(]statement 2 of 3[)]'
        """) == "1"
    }
    return first
  }

  @Test func whoComesWhileItRunsWaits() throws {
    let gate = try PsqlSession(database)
    try gate.run("BEGIN; LOCK gate")
    let first = try startUntilGate()

    // Who does not wait is told that it runs, not asked what became of it.
    let hurried = try workspace.run(["migrate", "--wait", "0"])
    #expect(hurried.status == 2)
    #expect(
      hurried.stderr.contains(
        """
        error: another migration run holds the ledger in schema "public": it is at statement 2 of \
        migration "20250102_do"

        """), "\(hurried.stderr)")
    #expect(!hurried.stderr.contains("--unseen"), "\(hurried.stderr)")
    let status = try workspace.run(["status", "-q"])
    #expect(status.stdout.contains("\n  20250102_do: at statement 2 of 3\n"), "\(status.stdout)")
    #expect(
      try workspace.run(["status", "--json"]).stdout.contains(
        #""progress":{"statement":2,"of":3,"error":null,"at_work":true}"#))
    let preview = try workspace.run(["migrate", "--dry-run"])
    #expect(preview.status == 0)
    #expect(
      preview.stderr.contains("note: another run is at '20250102_do': at statement 2 of 3\n"),
      "\(preview.stderr)")

    // Others wait for it: to apply it, and to roll back what is beneath it.
    let second = try start(["migrate", "--wait", "60s"])
    let third = try start(["rollback", "20250101_old", "--yes", "--wait", "60s"])
    for other in [second, third] { try other.wait(for: "waiting for another runner", on: .error) }
    try gate.run("COMMIT")
    for process in [first, second, third] {
      let result = try process.waitUntilExit()
      #expect(result.status == 0, "\(result)")
    }
    #expect(try database.psql("SELECT string_agg(id::text, ' ') FROM runs") == "1 2")
    // The second may have applied it again.
    #expect(try database.events(of: "20250101_old").contains("rollback done"))
  }

  /// Its program is gone, and the server at it still.
  @Test func whatAKilledRunLeftRunningIsWaitedFor() throws {
    let gate = try PsqlSession(database)
    try gate.run("BEGIN; LOCK gate")
    let first = try startUntilGate()
    first.send(signal: SIGKILL)
    _ = try first.waitUntilExit()
    let second = try start(["migrate", "--wait", "60s"])
    try second.wait(for: "waiting for another runner", on: .error)
    try gate.run("COMMIT")
    // Now it has ended, and nobody saw how.
    let result = try second.waitUntilExit()
    #expect(result.status == 1, "\(result)")
    let question = "whether statement 2 of 3 of '20250102_do' was carried out is not known"
    #expect(result.stderr.contains("error: \(question)\n"), "\(result)")

    // A dry run says that there is a question.
    let preview = try workspace.run(["migrate", "--dry-run"])
    #expect(preview.status == 0)
    #expect(
      preview.stderr.contains(
        "note: \(question) (line 3: DO $$BEGIN INSERT INTO runs VALUES (1); COMMIT; LOCK gate; END$$): "
          + "--unseen tells, or the answer at a terminal\n"), "\(preview.stderr)")
    #expect(
      try workspace.run(["migrate", "--dry-run", "--json"]).stdout.contains(
        #""statements":{"done":1,"of":3},"question":"\#(question)"}"#))
    #expect(
      try workspace.run(["status", "-q"]).stdout.contains(
        "\n  20250102_do: stopped at statement 2 of 3\n"))
    #expect(try workspace.run(["migrate", "--unseen", "done"]).status == 0)
    #expect(try database.psql("SELECT string_agg(id::text, ' ') FROM runs") == "1 2")
  }
}
