import Testing
import TestSupport

/// The connection is lost under a rollback: the program finds out what the server did, says it, and
/// exits by it.
@Suite(.scratchLedger) struct LostConnectionTests {
  private let tags = SampleMigration.table("tags")
  private let checkout: Checkout
  private let proxy: WireProxy
  private var database: ScratchDatabase { checkout.database }

  init() throws {
    checkout = try Checkout([tags])
    proxy = try WireProxy(to: checkout.database.server)
  }

  private func rollback(_ options: [String] = []) throws -> ProgramResult {
    try checkout.run(
      ["rollback", tags.name, "--yes"] + options, url: proxy.url(of: database))
  }

  private func expectUndone(_ result: ProgramResult) throws {
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr.contains(
        "error: the connection was lost, and the server undid the rollback of '\(tags.name)'\n"))
    #expect(result.stderr.hasSuffix("hint: nothing was changed: try again\n"))
    #expect(try database.hasTable("tags"))
    #expect(try database.status(of: tags.name) == "applied")
    #expect(try database.events(of: tags.name) == ["register registered", "rollback fail"])
  }

  private func expectCommitted(_ result: ProgramResult) throws {
    #expect(result.status == 0)
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n"))
    #expect(
      result.stderr.contains("note: the server has committed it\n"))
    #expect(try database.hasTable("tags") == false)
    #expect(try database.status(of: tags.name) == "rolled_back")
    #expect(try database.events(of: tags.name) == ["register registered", "rollback done"])
  }

  // MARK: Cuts

  @Test(arguments: [WireProxy.Action.cut, .cutHalfway])
  func beforeTheServerHasAllOfIt(action: WireProxy.Action) throws {
    let trap = proxy.set(.query(containing: "DROP TABLE tags"), action)
    let result = try rollback()
    #expect(trap.isSprung)
    try expectUndone(result)
    try checkout.waitUntilNothingIsLeft()
  }

  @Test func justAfterTheCommit() throws {
    let trap = proxy.set(.commandComplete("COMMIT"), .cut)
    let result = try rollback()
    #expect(trap.isSprung)
    try expectCommitted(result)
    try checkout.waitUntilNothingIsLeft()
  }

  @Test func inTheAnswerOfTheCommit() throws {
    let trap = proxy.set(.commandComplete("COMMIT"), .cutHalfway)
    let result = try rollback()
    #expect(trap.isSprung)
    try expectCommitted(result)
    try checkout.waitUntilNothingIsLeft()
  }

  @Test func programsReadThatItWasCommitted() throws {
    _ = proxy.set(.commandComplete("COMMIT"), .cut)
    let result = try rollback(["--json"])
    #expect(result.status == 0)
    #expect(
      result.stdout.hasPrefix(
        #"{"migrations":[{"name":"20250101_create_tags","outcome":"rolled_back","#))
    #expect(
      result.stderr.hasPrefix("warning: connection lost: ")
        && result.stderr.hasSuffix("; asking the server what became of the rollback\n"))
  }

  /// The server works on, without a client: what it does decides.
  @Test func whileTheServerIsAtIt() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let program = try checkout.start(
      ["rollback", tags.name, "--yes", "--lock-timeout", "60s"], url: proxy.url(of: database))
    try checkout.waitUntilStuck(program, on: "Lock")
    proxy.cut()
    try program.wait(for: "asking the server what became of the rollback", on: .error)
    // The server notices that nobody listens any more, although the table is still locked.
    try expectUndone(try program.waitUntilExit())
    try checkout.waitUntilNothingIsLeft()
    try other.run("ROLLBACK")
  }

  /// Nobody tells the server that its client is gone: it goes on, and commits.
  @Test func theServerDoesNotNotice() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let program = try checkout.start(
      ["rollback", tags.name, "--yes", "--lock-timeout", "60s"], url: proxy.url(of: database))
    try checkout.waitUntilStuck(program, on: "Lock")
    proxy.abandonServer()
    try program.wait(for: "asking the server what became of the rollback", on: .error)
    try other.run("ROLLBACK")
    try expectCommitted(try program.waitUntilExit())
  }

  /// The query string arrives after the program has told its user that nothing was changed.
  @Test func aRollbackThatArrivesLateDoesNothing() throws {
    let trap = proxy.set(.query(containing: "DROP TABLE tags"), .abandon)
    try expectUndone(try rollback())
    trap.release()
    try waitUntil("the server had worked on it") {
      try database.psql(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
          AND state LIKE 'idle%' AND strpos(query, 'DROP TABLE tags') > 0
        """) == "1"
    }
    #expect(try database.hasTable("tags"))
    #expect(try database.status(of: tags.name) == "applied")
  }

  @Test func theNextRunWorks() throws {
    _ = proxy.set(.query(containing: "DROP TABLE tags"), .cut)
    #expect(try rollback().status == 2)
    #expect(try rollback().status == 0)
    #expect(
      try database.events(of: tags.name)
        == ["register registered", "rollback fail", "rollback done"])
  }

  @Test func besidePrismaTheFateIsFoundToo() throws {
    let prisma = try ScratchDatabase.create()
    defer { #expect(throws: Never.self) { try prisma.drop() } }
    try prisma.psql("CREATE TABLE _prisma_migrations (id text)")
    let folder = try prisma.adopt([tags])
    let proxy = try WireProxy(to: prisma.server)
    let trap = proxy.set(.commandComplete("COMMIT"), .cut)
    let result = try Program.run(
      ["rollback", tags.name, "--yes", "--dir", folder.path, "--wait", "5s"],
      environment: ["DATABASE_URL": proxy.url(of: prisma)])
    #expect(trap.isSprung)
    #expect(result.status == 0)
    #expect(try prisma.status(of: tags.name, ledger: "migration_manager") == "rolled_back")
  }

  // MARK: The server's side

  @Test func theBackendIsTerminated() throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let program = try checkout.start(
      ["rollback", tags.name, "--yes", "--lock-timeout", "60s"])
    let backend = try checkout.waitUntilStuck(program, on: "Lock")
    try database.psql("SELECT pg_terminate_backend(\(backend))")
    let result = try program.waitUntilExit()
    #expect(
      result.stderr.contains("terminating connection due to administrator command"))
    try expectUndone(result)
    try checkout.waitUntilNothingIsLeft()
    try other.run("ROLLBACK")
  }

  @Test func aLostConnectionWhileReadingChangesNothing() throws {
    for command in [["list"], ["check", tags.name], ["rollback", tags.name, "--yes"]] {
      let trap = proxy.set(.query(containing: "migration_overview"), .cut)
      let result = try checkout.run(command + ["--json"], url: proxy.url(of: database))
      #expect(trap.isSprung)
      #expect(result.status == 2)
      #expect(try result.errorDocument().code == "connection")
    }
    #expect(try database.events(of: tags.name) == ["register registered"])
  }

  @Test func aRegistrationThatIsLostSaysThatItIsNotKnown() throws {
    let trap = proxy.set(.commandComplete("COMMIT"), .cut)
    let result = try checkout.run(
      ["register", tags.name, "--json"], url: proxy.url(of: database))
    #expect(trap.isSprung)
    #expect(result.status == 2)
    let error = try result.errorDocument()
    #expect(error.code == "fate_unknown")
    #expect(
      error.hint
        == "whether it was committed is not known: run the same command again, it does no harm twice"
    )
    #expect(try checkout.run(["register", tags.name]).status == 0)
  }

  // MARK: Speed

  @Test func roundTrips() throws {
    func count(_ command: [String]) throws -> Int {
      let proxy = try WireProxy(to: database.server)
      #expect(try checkout.run(command, url: proxy.url(of: database)).status == 0)
      return proxy.queries.count
    }
    #expect(try count(["list"]) == 1)
    #expect(try count(["check", tags.name]) == 1)
    #expect(try count(["register", tags.name]) == 2)
    #expect(try count(["rollback", tags.name, "--dry-run"]) == 1)
    #expect(try count(["rollback", tags.name, "--yes"]) == 2)
  }
}
