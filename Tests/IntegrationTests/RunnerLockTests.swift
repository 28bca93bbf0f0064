import Glibc
import Testing
import TestSupport

/// One writer at a time: what the program does while another session holds the lock of all runners.
@Suite(.scratchLedger) struct RunnerLockTests {
  private static let lock = "SELECT \"public\".migration_lock()"
  private let tags = SampleMigration.table("tags")
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws { checkout = try Checkout([tags]) }

  /// A session that holds the lock in an open transaction.
  private func holder(user: String = "postgres") throws -> PsqlSession {
    let session = try PsqlSession(database, user: user, application: "nightly job")
    try session.run("BEGIN; \(Self.lock)")
    return session
  }

  @Test func theWaitEndsInTimeAndNamesTheHolder() throws {
    let holder = try holder()
    let result = try checkout.run(["rollback", tags.name, "--yes", "--wait", "1s", "--quiet"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    let lines = result.stderr.split(separator: "\n").map(String.init)
    #expect(
      lines.first
        == "error: another migration run holds the lock on the ledger in schema \"public\"")
    #expect(
      lines[1].hasPrefix(
        "  held by pid \(holder.backend), user 'postgres', application 'nightly job', since 2"))
    #expect(
      lines[2...] == [
        "  running: \(Self.lock);",
        "hint: wait until it is done, or give a longer --wait; if it hangs, end it with "
          + "SELECT pg_terminate_backend(\(holder.backend))",
      ])
    #expect(try database.status(of: tags.name) == "applied")
    #expect(try database.events(of: tags.name) == ["register registered"])
    #expect(try database.hasTable("tags"))
  }

  @Test(arguments: [["register"], ["rollback", "--yes"]])
  func programsReadTheCode(command: [String]) throws {
    let holder = try holder()
    let result = try checkout.run(command + [tags.name, "--wait", "0s", "--json"])
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "lock")
    #expect(error.sqlstate == "MM004")
    _ = holder
  }

  @Test func whoMayNotSeeTheHoldersQueryIsNotShownIt() throws {
    try database.withRole("deployer") { role in
      try runSuccessfully(["init", "--operator", role, "--database-url", database.url])
      let holder = try holder()
      let result = try checkout.run(
        ["rollback", tags.name, "--yes", "--wait", "0s", "--quiet"], url: database.url(user: role))
      #expect(result.status == 2)
      #expect(result.stderr.contains("held by pid \(holder.backend), user 'postgres', appl"))
      #expect(result.hides("running:"))
      #expect(result.hides("privilege"))
    }
  }

  /// Anyone may hold the lock of a ledger, and write what he likes into his query.
  @Test func theHoldersQueryCommandsNoTerminal() throws {
    let holder = try PsqlSession(database)
    try holder.run(
      "BEGIN; \(Self.lock) /* \u{1B}[2J\u{7}\n\tlong \(String(repeating: "x", count: 300)) */")
    let result = try checkout.run(["rollback", tags.name, "--yes", "--wait", "0s", "--quiet"])
    #expect(result.status == 2)
    let shown = try #require(result.stderr.split(separator: "\n").first { $0.contains("running:") })
    #expect(shown.hasPrefix("  running: \(Self.lock) /* \\x1B[2J\\x07 long xxx"))
    #expect(shown.hasSuffix("xxx…"))
    // Of the query, 200 characters; two of them take four each.
    #expect(shown.count == "  running: ".count + 206)
  }

  @Test func itGoesOnWhenTheHolderIsDone() throws {
    let holder = try holder()
    let program = try checkout.start(["rollback", tags.name, "--yes"])
    try program.wait(
      for: "note: waiting for another runner: held by pid \(holder.backend)", on: .error)
    try holder.run("COMMIT")
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n"))
    #expect(result.stderr.split(separator: "\n").count { $0.contains("waiting for") } == 1)
    #expect(try database.status(of: tags.name) == "rolled_back")
    #expect(try database.hasTable("tags") == false)
    #expect(try database.events(of: tags.name) == ["register registered", "rollback done"])
  }

  /// CREATE INDEX CONCURRENTLY waits for every transaction that began before it.
  @Test func whoWaitsHoldsNobodyUp() throws {
    let holder = try holder()
    let program = try checkout.start(["rollback", tags.name, "--yes"])
    try program.wait(for: "waiting for another runner", on: .error)
    try database.psql("CREATE TABLE events (id int)")
    try database.psql("CREATE INDEX CONCURRENTLY events_id ON events (id)")
    try waitUntil("the waiting program was idle") {
      try database.psql(
        """
        SELECT bool_and(state = 'idle' AND backend_xmin IS NULL AND backend_xid IS NULL)
        FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
        """) == "t"
    }
    #expect(program.isRunning)
    try holder.run("COMMIT")
    #expect(try program.waitUntilExit().status == 0)
  }

  @Test func readingCommandsDoNotWait() throws {
    let holder = try holder()
    #expect(try checkout.run(["list", "--names"]).stdout == "\(tags.name)\n")
    #expect(try checkout.run(["check", tags.name]).status == 0)
    #expect(try checkout.run(["rollback", tags.name, "--dry-run"]).status == 0)
    _ = holder
  }

  @Test func aSignalEndsTheWait() throws {
    let holder = try holder()
    for (signal, name, status) in [(SIGINT, "SIGINT", Int32(130)), (SIGTERM, "SIGTERM", 143)] {
      let program = try checkout.start(["rollback", tags.name, "--yes", "--quiet"])
      try waitUntil("the program had asked for the lock") {
        try database.psql(
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'migration-manager'
            AND query = 'ROLLBACK'
          """) == "1"
      }
      program.send(signal: signal)
      let result = try program.waitUntilExit()
      #expect(result.status == status)
      #expect(
        result.stderr == """
          error: interrupted by \(name): nothing was changed
          hint: the same command again starts afresh

          """)
    }
    #expect(try database.events(of: tags.name) == ["register registered"])
    #expect(try database.status(of: tags.name) == "applied")
    _ = holder
  }

  @Test func theFunctionsOfTheLedgerObeyTheSameLock() throws {
    let holder = try holder()
    let result = try database.psqlOutcome(
      "SELECT * FROM execute_migration_rollback('\(tags.name)')")
    #expect(result.status == 3)
    #expect(
      result.stderr.contains(
        "ERROR:  another migration run holds the lock on the ledger in schema \"public\""))
    #expect(try database.hasTable("tags"))
    _ = holder
  }

  @Test func aLedgerElsewhereHasALockOfItsOwn() throws {
    let holder = try holder()
    let result = try checkout.run(["init", "--schema", "elsewhere", "--wait", "0s"])
    #expect(result.status == 0)
    _ = holder
  }
}
