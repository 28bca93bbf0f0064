import LedgerSQL
import TestSupport
import Testing

@Suite(.scratchLedger) struct LockTests {
  @Test func `the holder is named, with its query`() throws {
    let ledger = try LedgerUnderTest.created()
    try whileHeld(in: ledger) { pid in
      let attempts = [
        "SELECT LEDGER.migration_lock()", "SELECT * FROM LEDGER.execute_migration_rollback('x')",
        LedgerSQL.statement(.creationLock, in: ledger.schema),
        ledger.registration("1_a"),
      ]
      for attempt in attempts {
        let held = try #require(refusal { try ledger.run(attempt) })
        #expect(held.sqlState == "MM004")
        #expect(
          held.message
            == "another migration run holds the lock on the ledger in schema \"public\"")
        let detail = "'\(held.detail.replacing("'", with: "''"))'::jsonb"
        #expect(
          try ledger.value("\(detail) ->> 'pid', \(detail) ->> 'user', \(detail) ->> 'application'")
            == "\(pid)|postgres|holder")
        #expect(try ledger.value("\(detail) ->> 'query'").contains("migration_lock()"))
        #expect(
          try ledger.value("to_timestamp((\(detail) ->> 'since')::float8 / 1000000) <= now()")
            == "t")
      }
    }
    try ledger.run("SELECT LEDGER.migration_lock()")
  }

  @Test func `the query is left out where pg_stat_activity hides it`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      try whileHeld(in: ledger) { pid in
        let held = try #require(
          refusal { try ledger.run("SELECT LEDGER.migration_lock()", as: role) })
        let detail = "'\(held.detail.replacing("'", with: "''"))'::jsonb"
        #expect(
          try ledger.value("\(detail) ->> 'pid', \(detail) -> 'query'") == "\(pid)|null")
      }
    }
  }

  /// Who waits for one must not give up a run of many that gets on.
  @Test func `one transaction can be told from the next of the same session by any role`() throws {
    let ledger = try LedgerUnderTest.created()
    let holder = try PsqlSession(ledger.database)
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      func transaction() throws -> String {
        let held = try #require(
          refusal { try ledger.run("SELECT LEDGER.migration_lock()", as: role) })
        return try ledger.value(
          "'\(held.detail.replacing("'", with: "''"))'::jsonb ->> 'transaction'")
      }
      try holder.run("BEGIN; SELECT migration_lock()")
      let first = try transaction()
      #expect(first.contains("/"))
      #expect(try transaction() == first)
      try holder.run("COMMIT; BEGIN; SELECT migration_lock()")
      #expect(try transaction() != first)
    }
  }

  @Test func `ledgers in two schemas do not block one another`() throws {
    let ledger = try LedgerUnderTest.created()
    let other = try LedgerUnderTest.created(in: "other")
    try whileHeld(in: ledger) { _ in
      try other.run("SELECT LEDGER.migration_lock()")
      // Reading never waits.
      #expect(try ledger.execute("x", dryRun: true) == "f|Migration not found|")
    }
  }

  @Test(arguments: ["REPEATABLE READ", "SERIALIZABLE"])
  func `an isolation level that keeps its snapshot is refused`(level: String) throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    for call in ["migration_lock()", "execute_migration_rollback('1_a')"] {
      #expect(
        refusal { try ledger.send("BEGIN ISOLATION LEVEL \(level); SELECT LEDGER.\(call);") }
          == .init(
            sqlState: "MM011",
            message: "transaction isolation is \(level.lowercased()), not read committed",
            hint: "begin with 'BEGIN ISOLATION LEVEL READ COMMITTED'"))
    }
    #expect(try ledger.status(of: "1_a") == "applied")
  }

  /// Runs `body` with the process id of a server session that holds the lock meanwhile.
  private func whileHeld(
    in ledger: LedgerUnderTest, _ body: (_ pid: String) throws -> Void
  ) throws {
    let holder = try ChildProcess(
      .init(
        executable: "/usr/bin/env",
        arguments: [
          "psql", "-XAtq", "-d", ledger.database.connectionString + " application_name=holder",
        ],
        environment: ["PATH": "/usr/bin:/bin", "HOME": "/"]))
    try holder.write(
      "BEGIN; SELECT 'pid ' || pg_backend_pid(), \(ledger.prefix).migration_lock();\n".utf8)
    let shown = try holder.wait(for: "|", on: .output)
    try body(String(shown.drop { !$0.isNumber }.prefix { $0.isNumber }))
    // Waited for: a session that has merely been left may hold its locks a moment longer.
    try holder.write("COMMIT; SELECT 'released';\n".utf8)
    try holder.wait(for: "released", on: .output)
    #expect(try holder.waitUntilExit().status == 0)
  }
}
