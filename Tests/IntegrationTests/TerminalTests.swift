import Testing
import TestSupport

/// A person at a terminal; `script` plays the terminal.
@Suite(.scratchLedger) struct TerminalTests {
  private let tags = SampleMigration.table("tags")
  private let checkout: Checkout
  private var database: ScratchDatabase { checkout.database }

  init() throws { checkout = try Checkout([tags]) }

  /// Starts a command in a terminal of its own; both output streams are the terminal.
  private func typed(_ command: String) throws -> ChildProcess {
    try ChildProcess(
      .init(
        executable: "/usr/bin/script",
        arguments: [
          "--quiet", "--return", "--command", "'\(Program.path)' \(command)", "/dev/null",
        ],
        environment: [
          "DATABASE_URL": database.url, "MIGRATIONS_DIR": ".", "PATH": "/usr/bin:/bin",
          "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh", "NO_COLOR": "1", "TERM": "dumb",
        ], directory: checkout.folder.path))
  }

  private let question = "⚠️  Are you sure you want to rollback this migration? (yes/no): "

  private func waitUntilAsked(_ terminal: ChildProcess) throws {
    let shown = try terminal.wait(for: "(yes/no): ", on: .output)
    #expect(shown.hasSuffix(question))
    #expect(shown.contains("DROP TABLE tags;\r\n"))
  }

  @Test func yesGoesOn() throws {
    let terminal = try typed("rollback \(tags.name)")
    try waitUntilAsked(terminal)
    try terminal.write("yes\n".utf8)
    try terminal.wait(for: "Migration rolled back successfully", on: .output)
    let result = try terminal.waitUntilExit()
    #expect(result.status == 0)
    // What was typed stands behind the question, and the next line is one of ours.
    #expect(
      result.stdout.contains("\(question)yes\r\n\r\n✅ Migration rolled back successfully\r\n"))
    #expect(try database.hasTable("tags") == false)
    #expect(try database.status(of: tags.name) == "rolled_back")
  }

  @Test(arguments: ["no\n", "y\n", "YES\n", "\n", "yes please\n", "\u{4}"])
  func everythingElseDoesNot(answer: String) throws {
    let terminal = try typed("rollback \(tags.name)")
    try waitUntilAsked(terminal)
    try terminal.write(answer.utf8)
    let message = "error: rollback of '\(tags.name)' was not confirmed; nothing was changed"
    try terminal.wait(for: message, on: .output)
    #expect(try terminal.waitUntilExit().status == 1)
    #expect(try database.hasTable("tags"))
    #expect(try database.events(of: tags.name) == ["register registered"])
  }

  @Test func controlCAtTheQuestion() throws {
    let terminal = try typed("rollback \(tags.name)")
    try waitUntilAsked(terminal)
    try terminal.write("\u{3}".utf8)
    try terminal.wait(for: "error: interrupted by SIGINT: nothing was changed\r\n", on: .output)
    #expect(try terminal.waitUntilExit().status == 130)
    #expect(try database.events(of: tags.name) == ["register registered"])
  }

  @Test func controlCInTheMiddle() throws {
    var slow = tags
    slow.rollback = "DROP TABLE tags;\nSELECT pg_sleep(60);"
    try checkout.adopt(slow, applying: false)
    let terminal = try typed("rollback \(tags.name) --yes")
    try checkout.waitUntilStuck(terminal, on: "PgSleep")
    try terminal.write("\u{3}".utf8)
    try terminal.wait(for: "error: interrupted by SIGINT: nothing was changed\r\n", on: .output)
    #expect(try terminal.waitUntilExit().status == 130)
    #expect(try database.hasTable("tags"))
    #expect(try database.status(of: tags.name) == "applied")
    try checkout.waitUntilNothingIsLeft()
  }
}
