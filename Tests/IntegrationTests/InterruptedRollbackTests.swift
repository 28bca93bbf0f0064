import Glibc
import Testing
import TestSupport

/// SIGINT, SIGTERM and SIGHUP while a rollback is under way: the server is asked to cancel, and the exit
/// status tells what it answered.
@Suite(.scratchLedger) struct InterruptedRollbackTests {
  private let slow = SampleMigration(
    name: "20250101_slow", up: "CREATE TABLE slow (id int);",
    rollback: "DROP TABLE slow;\nSELECT pg_sleep(60);")
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws { checkout = try Checkout([slow]) }

  private func expectNothingChanged(events: [String]) throws {
    #expect(try database.hasTable("slow"))
    #expect(try database.status(of: slow.name) == "applied")
    #expect(try database.events(of: slow.name) == ["register registered"] + events)
    try checkout.waitUntilNothingIsLeft()
  }

  @Test(arguments: [
    (SIGINT, "SIGINT", Int32(130)), (SIGTERM, "SIGTERM", Int32(143)),
    (SIGHUP, "SIGHUP", Int32(129)),
  ])
  func theStatementIsCancelled(signal: Int32, name: String, status: Int32) throws {
    let program = try checkout.start(["rollback", slow.name, "--yes", "--quiet"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    program.send(signal: signal)
    let result = try program.waitUntilExit()
    #expect(result.status == status)
    #expect(result.signal == nil)
    #expect(result.stdout == "")
    #expect(
      result.stderr == """
        error: interrupted by \(name): nothing was changed
          the server cancelled the statement and undid the rollback
        hint: the same command again starts afresh

        """)
    try expectNothingChanged(events: ["rollback fail"])
    #expect(
      try database.psql(
        "SELECT error, details #>> '{error,sqlstate}' FROM migration_events WHERE outcome = 'fail'")
        == "canceling statement due to user request|57014")
  }

  @Test func programsGetOneDocument() throws {
    let program = try checkout.start(["rollback", slow.name, "--yes", "--json"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    program.send(signal: SIGINT)
    let result = try program.waitUntilExit()
    #expect(result.status == 130)
    #expect(result.stderr == "error: interrupted by SIGINT: nothing was changed\n")
    let error = try result.errorDocument()
    #expect(error.code == "interrupted")
    #expect(error.message == "interrupted by SIGINT: nothing was changed")
  }

  @Test func impatienceChangesNothing() throws {
    let program = try checkout.start(["rollback", slow.name, "--yes"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    for signal in [SIGTERM, SIGINT, SIGINT] { program.send(signal: signal) }
    let result = try program.waitUntilExit()
    // Two kinds of signal that wait at once are delivered in the order of their numbers.
    #expect([130, 143].contains(result.status))
    try expectNothingChanged(events: ["rollback fail"])
  }

  @Test func theNextRunWorks() throws {
    let program = try checkout.start(["rollback", slow.name, "--yes"])
    try checkout.waitUntilStuck(program, on: "PgSleep")
    program.send(signal: SIGTERM)
    #expect(try program.waitUntilExit().status == 143)
    try database.psql(
      "UPDATE migration_history SET rollback_sql = replace(rollback_sql, '60', '0')")
    #expect(try checkout.run(["rollback", slow.name, "--yes", "--use-recorded"]).status == 0)
    #expect(try database.hasTable("slow") == false)
    #expect(
      try database.events(of: slow.name) == [
        "register registered", "rollback fail", "rollback done",
      ])
  }

  /// A shell without job control lets what it starts in the background ignore SIGINT; a script that
  /// sends one means it.
  @Test func aProcessInTheBackgroundTakesItToo() throws {
    let shell = try ChildProcess(
      .init(
        executable: "/bin/sh",
        arguments: [
          "-c", #""$@" & echo "pid $!."; wait $!; echo "status $?""#, "sh", Program.path,
          "rollback", slow.name, "--yes", "--quiet",
        ],
        environment: [
          "DATABASE_URL": database.url, "MIGRATIONS_DIR": ".", "PATH": "/usr/bin:/bin",
        ], directory: checkout.folder.path))
    try checkout.waitUntilStuck(shell, on: "PgSleep")
    let shown = try shell.wait(for: ".\n", on: .output)
    let pid = try #require(Int32(shown.dropFirst(4).prefix { $0.isNumber }))
    kill(pid, SIGINT)
    #expect(try shell.waitUntilExit().stdout.hasSuffix("status 130\n"))
    try expectNothingChanged(events: ["rollback fail"])
  }

  @Test func whileItWaitsForATable() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE slow IN SHARE MODE")
    let program = try checkout.start(["rollback", slow.name, "--yes", "--lock-timeout", "60s"])
    try checkout.waitUntilStuck(program, on: "Lock")
    program.send(signal: SIGINT)
    #expect(try program.waitUntilExit().status == 130)
    try other.run("ROLLBACK")
    try expectNothingChanged(events: ["rollback fail"])
  }

  /// The guard waits for the row: nothing of the rollback SQL has run.
  @Test func whileItWaitsForTheLedger() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; SELECT FROM migration_history FOR UPDATE")
    let program = try checkout.start(["rollback", slow.name, "--yes", "--lock-timeout", "60s"])
    try checkout.waitUntilStuck(program, on: "Lock")
    program.send(signal: SIGTERM)
    let result = try program.waitUntilExit()
    #expect(result.status == 143)
    #expect(result.stderr.contains("error: interrupted by SIGTERM: nothing was changed\n"))
    try other.run("ROLLBACK")
    try expectNothingChanged(events: [])
  }

  @Test func betweenTwoTries() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE slow IN SHARE MODE")
    let program = try checkout.start(
      ["rollback", slow.name, "--yes", "--lock-timeout", "10ms", "--lock-retries", "9"])
    // The pauses between the tries grow: this one is two seconds long.
    try program.wait(for: "trying again (7 more after this)", on: .error)
    program.send(signal: SIGINT)
    #expect(try program.waitUntilExit().status == 130)
    try other.run("ROLLBACK")
    try expectNothingChanged(events: [])
  }

  /// The answer of COMMIT is under way when the signal comes.
  @Test(arguments: [["--json"], []])
  func aCancelThatComesTooLateReportsTheCommit(options: [String]) throws {
    try database.psql(
      "UPDATE migration_history SET rollback_sql = replace(rollback_sql, '60', '0')")
    let proxy = try WireProxy(to: database.server)
    let trap = proxy.set(.commandComplete("COMMIT"), .hold)
    let program = try checkout.start(
      ["rollback", slow.name, "--yes", "--use-recorded"] + options, url: proxy.url(of: database))
    try trap.wait()
    program.send(signal: SIGINT)
    try waitUntil("the request to cancel had been sent") { proxy.cancelRequests > 0 }
    trap.release()
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(
      result.stdout.hasPrefix(
        options.isEmpty
          ? "✅ Migration rolled back successfully\n"
          : #"{"migrations":[{"name":"20250101_slow","outcome":"rolled_back","#))
    #expect(result.hides("interrupted"))
    #expect(try database.hasTable("slow") == false)
    #expect(try database.status(of: slow.name) == "rolled_back")
    #expect(try database.events(of: slow.name) == ["register registered", "rollback done"])
  }
}
