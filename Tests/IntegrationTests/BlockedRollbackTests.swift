import Testing
import TestSupport

/// Rollback SQL that is in the way of others, or they in its way: passing troubles, which say
/// nothing about the migration.
@Suite(.scratchLedger) struct BlockedRollbackTests {
  private let tags = SampleMigration.table("tags")
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws { checkout = try Checkout([tags]) }

  private func expectStillApplied(events: [String] = ["rollback fail"]) throws {
    #expect(try database.hasTable("tags"))
    #expect(try database.status(of: tags.name) == "applied")
    #expect(try database.events(of: tags.name) == ["register registered"] + events)
    try checkout.waitUntilNothingIsLeft()
  }

  /// Records other rollback SQL, as `register` would.
  private func record(_ sql: String) throws {
    var changed = tags
    changed.rollback = sql
    try checkout.adopt(changed, applying: false)
  }

  @Test(arguments: [0, 1])
  func aLockedTable(retries: Int) throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let result = try checkout.run([
      "rollback", tags.name, "--yes", "--quiet", "--lock-timeout", "50ms", "--lock-retries",
      "\(retries)",
    ])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr == """
        ./\(tags.fileName):6:1: error: canceling statement due to lock timeout
          DROP TABLE tags;
          ^
          STATEMENT: DROP TABLE tags
        hint: nothing was changed: try again, or give a longer --lock-timeout or more --lock-retries

        """)
    try other.run("ROLLBACK")
    try expectStillApplied()
    #expect(
      try database.psql(
        """
        SELECT details #>> '{error,sqlstate}', details ->> 'transient' FROM migration_events
        WHERE outcome = 'fail'
        """) == "55P03|true")
  }

  @Test func programsReadThatItIsALock() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let result = try checkout.run([
      "rollback", tags.name, "--yes", "--json", "--lock-timeout", "50ms", "--lock-retries", "0",
    ])
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "lock")
    #expect(error.sqlstate == "55P03")
    #expect(error.line == 6)
    _ = other
  }

  @Test func aTableThatIsFreedMeanwhile() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let program = try checkout.start([
      "rollback", tags.name, "--yes", "--lock-timeout", "50ms", "--lock-retries", "9",
    ])
    try program.wait(for: "trying again (8 more after this)", on: .error)
    try other.run("ROLLBACK")
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(try database.hasTable("tags") == false)
    #expect(try database.events(of: tags.name) == ["register registered", "rollback done"])
  }

  @Test func aLockedRowOfTheLedger() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; SELECT FROM migration_history FOR UPDATE")
    let result = try checkout.run([
      "rollback", tags.name, "--yes", "--json", "--lock-timeout", "50ms", "--lock-retries", "0",
    ])
    #expect(result.status == 2)
    #expect(try result.errorDocument().code == "lock")
    try other.run("ROLLBACK")
    try expectStillApplied(events: [])
  }

  @Test func aStatementTimeout() throws {
    try record("DROP TABLE tags;\nSELECT pg_sleep(60);")
    let result = try checkout.run([
      "rollback", tags.name, "--yes", "--quiet", "--statement-timeout", "100ms",
    ])
    #expect(result.status == 2)
    #expect(
      result.stderr.hasPrefix(
        "./\(tags.fileName):7:1: error: canceling statement due to statement timeout\n"))
    #expect(
      result.stderr.hasSuffix(
        "hint: nothing was changed: try again, or give a longer --statement-timeout\n"))
    try expectStillApplied(events: ["register refreshed", "rollback fail"])
  }

  @Test func somebodyCancelsTheStatement() throws {
    try record("DROP TABLE tags;\nSELECT pg_sleep(60);")
    let program = try checkout.start(["rollback", tags.name, "--yes", "--json"])
    let backend = try checkout.waitUntilStuck(program, on: "PgSleep")
    try database.psql("SELECT pg_cancel_backend(\(backend))")
    let result = try program.waitUntilExit()
    // Nobody has interrupted the program itself.
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "sql")
    #expect(error.sqlstate == "57014")
    try expectStillApplied(events: ["register refreshed", "rollback fail"])
  }

  /// Each waits for what the other holds; the other one is set to wait longer before it looks.
  @Test func aDeadlock() throws {
    try database.psql("CREATE TABLE other_table (id int)")
    try record("DROP TABLE tags;\nSELECT pg_advisory_xact_lock(1);\nDROP TABLE other_table;")
    let gate = try PsqlSession(database)
    try gate.run("SELECT pg_advisory_lock(1)")
    let other = try PsqlSession(database)
    try other.run("SET deadlock_timeout = '60s'; BEGIN; LOCK TABLE other_table")
    let program = try checkout.start(
      ["rollback", tags.name, "--yes", "--json", "--lock-timeout", "60s"])
    try checkout.waitUntilStuck(program, on: "advisory")
    try other.begin("LOCK TABLE tags")
    try waitUntil("the other session waited for the table") {
      try database.psql(
        "SELECT count(*) FROM pg_locks WHERE pid = \(other.backend) AND NOT granted")
        == "1"
    }
    try gate.run("SELECT pg_advisory_unlock(1)")
    let result = try program.waitUntilExit()
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "sql")
    #expect(error.sqlstate == "40P01")
    #expect(error.line == 8)
    #expect(error.hint == "nothing was changed: try again")
    try other.finish()
    try other.run("ROLLBACK")
    try gate.run("SELECT 1")
    try expectStillApplied(events: ["register refreshed", "rollback fail"])
  }
}
