import TestSupport
import Testing

/// Standard output that is closed or full: a reading command stops, a writing one finishes and
/// exits by its outcome.
@Suite(.scratchLedger) struct ClosedOutputTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
  }

  static let reading: [[String]] = [
    ["list"], ["list", "--names"], ["list", "--json"], ["check", "20250101_create_users"],
    ["show", "20250101_create_users", "--rollback"], ["help"], ["--version"],
    ["rollback", "20250101_create_users", "--dry-run"],
  ]

  @Test func aReadingCommandEndsAsByTheSignal() throws {
    for command in Self.reading {
      let closed = try workspace.run(command, output: .brokenPipe)
      #expect(closed.status == 141)
      #expect(closed.signal == nil)
      #expect(!closed.stderr.contains("error: "))
      let full = try workspace.run(command, output: .file("/dev/full"))
      #expect(full.status == 2)
      #expect(
        full.stderr.hasSuffix(
          "error: cannot write to standard output: No space left on device\n"))
    }
  }

  @Test func headTakesTheFirstLine() throws {
    let many = (1...3_000).map { "('\($0)_x', '\($0)')" }.joined(separator: ",")
    try workspace.database.psql(
      "INSERT INTO migration_history (migration_name, migration_version) VALUES \(many)")
    let pipeline = try ChildProcess(
      .init(
        executable: "/bin/bash",
        arguments: try ["-c", "\"$0\" list | head -1; echo ${PIPESTATUS[0]}", Program.path],
        environment: [
          "DATABASE_URL": workspace.database.url, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
        ]))
    let result = try pipeline.waitUntilExit()
    #expect(result.stdout == "Applied Migrations:\n141\n")
  }

  @Test(arguments: [ChildProcess.Destination.brokenPipe, .file("/dev/full")])
  func aRollbackFinishes(output: ChildProcess.Destination) throws {
    let result = try workspace.run(["rollback", name, "--yes"], output: output)
    #expect(result.status == 0)
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }

  @Test func aRollbackThatFailsSaysSo() throws {
    try workspace.write("CREATE TABLE x ();", section: "DROP TABLE y;", to: "20250102_x")
    try workspace.adopt("20250102_x")
    let failed = try workspace.run(
      ["rollback", "20250102_x", "--yes", "--json"], output: .brokenPipe)
    #expect(failed.status == 2)
    #expect(try workspace.database.status(of: "20250102_x") == "failed")
    let refused = try workspace.run(["rollback", "20250102_x", "--yes"], output: .brokenPipe)
    #expect(refused.status == 1)
  }

  @Test func registerFinishes() throws {
    try workspace.write("SELECT 1;", to: "20250102_x")
    #expect(try workspace.run(["register", "20250102_x"], output: .brokenPipe).status == 0)
    #expect(try workspace.database.status(of: "20250102_x") == "applied")
  }

  @Test func streamsThatWereClosedBeforeItStartedAreNotTheConnection() throws {
    let pipeline = try ChildProcess(
      .init(
        executable: "/bin/bash",
        arguments: ["-c", "\"$0\" rollback 20250101_create_users --yes <&- >&-", Program.path],
        environment: ["DATABASE_URL": workspace.database.url, "PATH": "/usr/bin:/bin"],
        directory: workspace.folder.path))
    let result = try pipeline.waitUntilExit()
    #expect(result.status == 0)
    #expect(
      result.stderr.hasSuffix(
        "error: cannot write to standard output: Bad file descriptor; "
          + "what the command was to do is done all the same\n"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }

  @Test func anUnreadQuestionIsNoYes() throws {
    let pipeline = try ChildProcess(
      .init(
        executable: "/bin/bash",
        arguments: [
          "-c", "\"$0\" rollback 20250101_create_users <&- >&- 2>&-", try Program.path,
        ],
        environment: ["DATABASE_URL": workspace.database.url, "PATH": "/usr/bin:/bin"],
        directory: workspace.folder.path))
    #expect(try pipeline.waitUntilExit().status == 1)
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
  }
}
