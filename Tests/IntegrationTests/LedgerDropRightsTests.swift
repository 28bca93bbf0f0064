import Glibc
import TestSupport
import Testing

/// Who may drop a ledger, and what else is at work meanwhile.
@Suite(.scratchDatabase) struct LedgerDropRightsTests {
  let database = ScratchDatabase.current

  private func drop(
    as role: String = "postgres", _ options: String...
  ) throws -> ProgramResult {
    try Program.run(
      ["init", "--drop", "--yes", "--database-url", database.url(user: role)] + options)
  }

  @Test(arguments: [nil, "--reader", "--operator"]) func onlyTheOwner(option: String?) throws {
    try database.withRole("visitor") { role in
      try runSuccessfully(["init"] + (option.map { [$0, role] } ?? []))
      let before = try database.dump()
      let result = try drop(as: role)
      #expect(result.status == 2)
      #expect(result.stdout == "")
      #expect(
        result.stderr == """
          ⚠️ Dropping the ledger...
          error: only "postgres", who owns the migration ledger in schema "public", may drop it
          hint: run 'migration-manager init --drop' as "postgres"

          """)
      #expect(try drop(as: role, "--json").errorDocument().code == "permission")
      #expect(try database.dump() == before)
    }
  }

  @Test func aSuperuserDropsWhatHeWouldNotRun() throws {
    try database.withRole("owner") { role in
      try database.psql("GRANT CREATE ON SCHEMA public TO \(role)")
      let before = try database.catalog()
      try runSuccessfully(["init", "--database-url", database.url(user: role)])
      #expect(try Program.run(["list"]).status == 2)
      let result = try drop()
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try database.catalog() == before)
    }
  }

  /// The schema's owner may drop what is in it, and need not be able to read it.
  @Test func theSchemasOwner() throws {
    try database.withRole("landlord") { role in
      try database.psql("CREATE SCHEMA ours AUTHORIZATION \(role)")
      let before = try database.catalog()
      try runSuccessfully(["init", "--schema", "ours"])
      let result = try drop(as: role, "--schema", "ours")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.contains("  table     migration_events        rows not visible\n"))
      #expect(result.stderr.contains("warning: the audit trail goes with it,"))
      #expect(try database.catalog() == before)
    }
  }

  @Test func anotherRunIsWaitedFor() throws {
    try runSuccessfully(["init"])
    let holder = try PsqlSession(database)
    try holder.run("BEGIN; SELECT migration_lock()")
    let result = try drop("--wait", "0s")
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        "error: another migration run holds the lock on the ledger in schema \"public\"\n"))
    #expect(try drop("--wait", "0s", "--json").errorDocument().code == "lock")
    #expect(try database.hasTable("migration_history"))

    let waiting = try Program.start(["init", "--drop", "--yes"])
    try waiting.wait(for: "note: waiting for another runner: held by pid", on: .error)
    try holder.run("COMMIT")
    #expect(try waiting.waitUntilExit().status == 0)
    #expect(try !database.hasTable("migration_history"))
  }

  @Test func twoAtOnceDropItOnce() throws {
    let before = try database.catalog()
    try runSuccessfully(["init"])
    let programs = try (1...3).map { _ in
      try Program.start(["init", "--drop", "--yes", "--json"])
    }
    let outcomes = try programs.map { program in
      try program.waitUntilExit().document(DropDocument.self).outcome
    }
    #expect(outcomes.sorted() == ["absent", "absent", "dropped"])
    #expect(try database.catalog() == before)
  }

  @Test func aReaderThatHoldsATableIsNotWaitedForForEver() throws {
    try runSuccessfully(["init"])
    let reader = try PsqlSession(database)
    try reader.run("BEGIN; SELECT count(*) FROM migration_history")
    let result = try drop("--lock-timeout", "100ms")
    #expect(result.status == 2)
    #expect(result.stderr.contains("hint: try again, or give a longer --lock-timeout\n"))
    #expect(try database.hasTable("migration_history"))
  }

  /// A drop that waits for a table which a reader holds.
  private func startBehindReader() throws -> (reader: PsqlSession, program: ChildProcess) {
    let reader = try PsqlSession(database)
    try reader.run("BEGIN; SELECT count(*) FROM migration_history")
    let program = try Program.start(["init", "--drop", "--yes", "--lock-timeout", "0"])
    try waitUntil("the program waited for the table") {
      try database.psql(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'") == "1"
    }
    return (reader, program)
  }

  @Test func anInterruptLeavesAllOfIt() throws {
    try runSuccessfully(["init"])
    let before = try database.dump()
    let (reader, program) = try startBehindReader()
    program.send(signal: SIGINT)
    let result = try program.waitUntilExit()
    #expect(result.status == 130)
    #expect(result.stderr.contains("error: interrupted by SIGINT: nothing was changed\n"))
    try reader.run("COMMIT")
    #expect(try database.dump() == before)
  }

  @Test func aKilledProgramLeavesAllOfIt() throws {
    try runSuccessfully(["init"])
    let before = try database.dump()
    let (reader, program) = try startBehindReader()
    program.send(signal: SIGKILL)
    #expect(try program.waitUntilExit().signal == SIGKILL)
    try waitUntil("its session had ended") {
      try database.psql("SELECT count(*) FROM pg_locks WHERE NOT granted") == "0"
    }
    try reader.run("COMMIT")
    #expect(try database.dump() == before)
  }
}
