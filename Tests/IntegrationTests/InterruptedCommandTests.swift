import Glibc
import Testing
import TestSupport

/// SIGINT and SIGTERM while nothing is being rolled back: at the prompt, while reading, while
/// registering.
@Suite(.scratchLedger) struct InterruptedCommandTests {
  private let tags = SampleMigration.table("tags")
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws { checkout = try Checkout([tags]) }

  @Test(arguments: [
    (SIGINT, "SIGINT", Int32(130)), (SIGTERM, "SIGTERM", Int32(143)),
    (SIGHUP, "SIGHUP", Int32(129)),
  ])
  func atThePrompt(signal: Int32, name: String, status: Int32) throws {
    let program = try checkout.start(["rollback", tags.name])
    try program.wait(for: "(yes/no): ", on: .error)
    program.send(signal: signal)
    // Standard input is still open: it is the signal that ends the program.
    try waitUntil("the program had ended") { !program.isRunning }
    let result = try program.waitUntilExit()
    #expect(result.status == status)
    #expect(result.signal == nil)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix("(yes/no): \nerror: interrupted by \(name): nothing was changed\n"))
    #expect(try database.events(of: tags.name) == ["register registered"])
    #expect(try database.status(of: tags.name) == "applied")
    #expect(try database.hasTable("tags"))
    try checkout.waitUntilNothingIsLeft()
  }

  /// As under nohup(1): what the program was started to ignore does not stop it.
  @Test func anIgnoredSignalAtThePrompt() throws {
    let program = try ChildProcess(
      .init(
        executable: "/bin/sh",
        arguments: [
          "-c", #"trap "" HUP; exec "$0" "$@""#, try Program.path, "rollback", tags.name,
        ],
        environment: ["DATABASE_URL": database.url, "MIGRATIONS_DIR": "."],
        directory: checkout.folder.path))
    try program.wait(for: "(yes/no): ", on: .error)
    program.send(signal: SIGHUP)
    try program.write("yes\n".utf8)
    #expect(try program.waitUntilExit().status == 0)
    #expect(try database.status(of: tags.name) == "rolled_back")
  }

  @Test func atThePromptOfAProgram() throws {
    let program = try checkout.start(["rollback", tags.name, "--json"])
    try program.wait(for: "(yes/no): ", on: .error)
    program.send(signal: SIGINT)
    try waitUntil("the program had ended") { !program.isRunning }
    let result = try program.waitUntilExit()
    #expect(result.status == 130)
    #expect(try result.errorDocument().code == "interrupted")
  }

  @Test(arguments: [
    ["list"], ["list", "--names"], ["check", "20250101_create_tags"],
    ["rollback", "20250101_create_tags", "--yes"], ["register", "20250101_create_tags"],
  ])
  func whileReadingTheLedger(command: [String]) throws {
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE migration_history")
    let program = try checkout.start(command + ["--json"])
    try checkout.waitUntilStuck(program, on: "Lock")
    program.send(signal: SIGINT)
    let result = try program.waitUntilExit()
    #expect(result.status == 130)
    let error = try result.errorDocument()
    #expect(error.code == "interrupted")
    #expect(error.message == "interrupted by SIGINT: nothing was changed")
    try checkout.waitUntilNothingIsLeft()
    try other.run("ROLLBACK")
    #expect(try database.events(of: tags.name) == ["register registered"])
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
  func whileRegistering(signal: Int32, status: Int32) throws {
    let labels = SampleMigration.table("labels", name: "20250102_labels")
    try checkout.folder.write(labels.text, to: labels.fileName)
    try database.psql(labels.up)
    let other = try PsqlSession(database)
    try other.run("BEGIN; LOCK TABLE migration_history IN SHARE MODE")
    let program = try checkout.start(["register", labels.name, "--lock-timeout", "60s", "--json"])
    try checkout.waitUntilStuck(program, on: "Lock")
    program.send(signal: signal)
    let result = try program.waitUntilExit()
    #expect(result.status == status)
    #expect(try result.errorDocument().code == "interrupted")
    try other.run("ROLLBACK")
    #expect(try database.status(of: labels.name) == "")
    #expect(try database.events(of: labels.name) == [])
    try checkout.waitUntilNothingIsLeft()
  }

  @Test func aRegistrationThatIsCommittedIsReported() throws {
    let proxy = try WireProxy(to: database.server)
    let trap = proxy.set(.commandComplete("COMMIT"), .hold)
    let program = try checkout.start(["register", tags.name], url: proxy.url(of: database))
    try trap.wait()
    program.send(signal: SIGINT)
    try waitUntil("the request to cancel had been sent") { proxy.cancelRequests > 0 }
    trap.release()
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(result.hides("interrupted"))
    #expect(
      try database.events(of: tags.name) == ["register registered", "register refreshed"])
  }

  /// The server is there and does not answer: the program must not wait for it.
  @Test func whileConnecting() throws {
    let proxy = try WireProxy(to: database.server)
    let trap = proxy.set(.startUp, .hold)
    let program = try checkout.start(["list"], url: proxy.url(of: database))
    try trap.wait()
    program.send(signal: SIGINT)
    #expect(try program.waitUntilExit(deadline: .seconds(5)).status == 130)
  }
}
