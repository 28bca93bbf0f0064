import LedgerSQL
import TestSupport
import Testing

/// The lease of a run that goes statement by statement, and who loses it when.
@Suite(.scratchDatabase) struct LeaseTests {
  private let lock = "SELECT LEDGER.migration_lock()"

  /// A lease that nothing but its time keeps alive.
  private func leased(
    _ ledger: LedgerUnderTest, expired: Bool = false, isDirect: Bool = false
  ) throws -> SteppingRun {
    let run = SteppingRun(ledger, "1_a")
    try ledger.run(run.begin(isDirect: isDirect))
    if expired { try expire(ledger) }
    return run
  }

  private func expire(_ ledger: LedgerUnderTest) throws {
    try ledger.run("UPDATE LEDGER.migration_lease SET expires_at = now() - interval '1 second'")
  }

  private func state(of sql: String, in ledger: LedgerUnderTest, as user: String = "postgres")
    -> String
  {
    do {
      try ledger.run(sql, as: user)
      return "free"
    } catch {
      return (error as? LedgerUnderTest.Refusal)?.sqlState ?? "\(error)"
    }
  }

  @Test func `other runs meet it as they meet the lock`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = try leased(ledger)
    try ledger.run("\(run.keep(3)); \(run.finish(3))")
    for attempt in [
      lock, ledger.registration("2_b"), SteppingRun(ledger, "2_b", id: SteppingRun.second).begin(),
      "SELECT * FROM LEDGER.execute_migration_rollback('1_a')",
    ] {
      let held = try #require(refusal { try ledger.run(attempt) })
      #expect(held.sqlState == "MM004")
      #expect(
        held.message
          == "another migration run holds the ledger in schema \"public\": "
          + "it is at statement 3 of migration \"1_a\"")
      #expect(held.hint == "wait until it has ended, then try again")
      let detail = "'\(held.detail.replacing("'", with: "''"))'::jsonb"
      #expect(
        try ledger.value("\(detail) - '{since,pid,query,application,is_hidden}'::text[]")
          == #"{"host": "engine", "user": "postgres", "os_user": "ada", "direction": "up", "#
          + #""statement": 3, "transaction": "\#(run.id)/1_a/3", "migration_name": "1_a"}"#)
      #expect(
        try ledger.value("to_timestamp((\(detail) ->> 'since')::float8 / 1000000) <= now()") == "t")
    }
    try ledger.run(run.release)
    try ledger.run(lock)
  }

  @Test func `it is looked at before the lock, and not in the way of its holder`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = try leased(ledger)
    let holder = try PsqlSession(ledger.database)
    try holder.run("BEGIN; \(run.keep(2).replacing("LEDGER.", with: "public."))")
    #expect(
      refusal { try ledger.run(lock) }?.message.hasPrefix("another migration run holds the ledger ")
        == true)
    // What was set to run out meanwhile is no reason to go on: the lock is held.
    try holder.run("COMMIT")
    try expire(ledger)
    try holder.run("BEGIN; \(run.keep(2).replacing("LEDGER.", with: "public.")); SELECT 1")
    #expect(
      refusal { try ledger.run(lock) }?.message
        == "another migration run holds the lock on the ledger in schema \"public\"")
  }

  @Test func `neither completed nor dropped is a ledger under a run`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = try leased(ledger)
    try ledger.run("DROP FUNCTION LEDGER.create_migration_snapshot")
    #expect(state(of: LedgerSQL.creation(in: ledger.schema), in: ledger) == "MM004")
    #expect(state(of: LedgerSQL.removal(in: ledger.schema), in: ledger) == "MM004")
    try ledger.run(run.release)
    try ledger.create()
    try ledger.run(LedgerSQL.removal(in: ledger.schema))
  }

  @Test func `one that has run out is taken over, and its holder does nothing more`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = try leased(ledger)
    #expect(state(of: lock, in: ledger) == "MM004")
    try expire(ledger)
    let next = SteppingRun(ledger, "1_a", id: SteppingRun.second)
    try ledger.run(next.begin())
    let expected = LedgerUnderTest.Refusal(
      sqlState: "MM015",
      message:
        "this run does not hold the ledger in schema \"public\" any more: it stood still too long, "
        + "or was given up",
      detail: #"{"user": "postgres", "run_id": "\#(next.id)", "direction": "up", "#
        + #""statement": 1, "migration_name": "1_a"}"#,
      hint:
        "'migration-manager status' shows how far \"1_a\" has got, and the same command goes on "
        + "from there")
    for call in [run.keep(1), run.start(1), run.finish(1), run.fail(1, "x"), run.end] {
      #expect(refusal { try ledger.run(call) } == expected)
    }
    // It can give back only its own.
    try ledger.run(run.release)
    #expect(state(of: lock, in: ledger) == "MM004")
    try ledger.run("\(next.keep(1)); \(next.finish(1)); \(next.end)")
    try ledger.run(lock)
  }

  @Test func `what was given up, or taken for dead by anyone, does not go on`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = try leased(ledger)
    try ledger.run(run.release)
    #expect(state(of: run.keep(1), in: ledger) == "MM015")
    try ledger.run(run.begin())
    try expire(ledger)
    try ledger.run(lock)
    #expect(state(of: run.keep(1), in: ledger) == "MM015")
    // Nobody else looked meanwhile: it is late, and goes on.
    try ledger.run(run.begin())
    try expire(ledger)
    try ledger.run(run.keep(1))
    #expect(
      try ledger.value("expires_at > now() + interval '20 seconds' FROM LEDGER.migration_lease")
        == "t")
  }

  @Test func `a direct connection's run is dead as soon as its server process is gone`() throws {
    let ledger = try LedgerUnderTest.created()
    let holder = try PsqlSession(ledger.database)
    let begin = SteppingRun(ledger, "1_a").begin(isDirect: true)
    try holder.run("BEGIN; \(begin.replacing("LEDGER.", with: "public.")); COMMIT")
    let held = try #require(refusal { try ledger.run(lock) })
    #expect(held.detail.contains("\"pid\": \(holder.backend),"))
    // Idle, but not for long: it may be about to send the next statement.
    try expire(ledger)
    #expect(state(of: lock, in: ledger) == "MM004")
    try ledger.run("UPDATE LEDGER.migration_lease SET expires_at = now() + interval '1 hour'")
    try ledger.send("SELECT pg_terminate_backend(\(holder.backend));")
    try waitUntil("its process is gone") {
      try ledger.value("count(*) FROM pg_stat_activity WHERE pid = \(holder.backend)") == "0"
    }
    #expect(state(of: lock, in: ledger) == "free")
    // Another process of the same number is another one.
    let other = try PsqlSession(ledger.database)
    try other.run("BEGIN; \(begin.replacing("LEDGER.", with: "public.")); COMMIT")
    try ledger.run(
      "UPDATE LEDGER.migration_lease SET backend_start = backend_start - interval '1 h'")
    #expect(state(of: lock, in: ledger) == "free")
  }

  @Test func `a dead one's process is ended before anybody goes on`() throws {
    let ledger = try LedgerUnderTest.created()
    let holder = try PsqlSession(ledger.database)
    let begin = SteppingRun(ledger, "1_a").begin(isDirect: true)
    // So that nothing tells when it did something last.
    try holder.run(
      "SET track_activities = off; BEGIN; \(begin.replacing("LEDGER.", with: "public.")); COMMIT")
    try expire(ledger)
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      // Who may not end it does not go on.
      let held = try #require(refusal { try ledger.run(lock, as: role) })
      #expect(held.sqlState == "MM004")
      #expect(held.detail.contains("\"pid\": \(holder.backend),"))
    }
    #expect(state(of: lock, in: ledger) == "free")
    #expect(try ledger.value("count(*) FROM pg_stat_activity WHERE pid = \(holder.backend)") == "0")
  }

  @Test func `a run behind a pooler is alive while the server is at its statement`() throws {
    let ledger = try LedgerUnderTest.created()
    let run = try leased(ledger, expired: true)
    let blocker = try PsqlSession(ledger.database)
    try blocker.run("SELECT pg_advisory_lock(7)")
    let pooled = try PsqlSession(ledger.database, application: "pooler")
    try pooled.begin("/* run \(run.id) */ SELECT pg_advisory_lock(7)")
    try waitUntil("the statement waits") {
      try ledger.value("count(*) FROM pg_locks WHERE pid = \(pooled.backend) AND NOT granted")
        == "1"
    }
    let held = try #require(refusal { try ledger.run(lock) })
    #expect(held.sqlState == "MM004")
    let detail = "'\(held.detail.replacing("'", with: "''"))'::jsonb"
    #expect(
      try ledger.value("\(detail) ->> 'pid', \(detail) ->> 'application', \(detail) ->> 'query'")
        == "\(pooled.backend)|pooler|/* run \(run.id) */ SELECT pg_advisory_lock(7);")
    try blocker.run("SELECT pg_advisory_unlock(7)")
    try pooled.run("SELECT 'of another client'")
    #expect(state(of: lock, in: ledger) == "free")
  }

  @Test func `where activity is hidden, an open transaction of its role stands for it`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      _ = try leased(ledger, expired: true)
      let session = try PsqlSession(ledger.database)
      try session.run("BEGIN; SELECT 1")
      let held = try #require(refusal { try ledger.run(lock, as: role) })
      #expect(held.sqlState == "MM004")
      // It may be anybody's.
      #expect(held.detail.contains("\"pid\": null,"))
      #expect(held.detail.contains("\"is_hidden\": true,"))
      try session.run("COMMIT")
      #expect(state(of: lock, in: ledger, as: role) == "free")
      let run = try leased(ledger, expired: true)
      try session.run("BEGIN; SELECT 1")
      // Who may look sees that it does something else.
      #expect(state(of: lock, in: ledger) == "free")
      #expect(state(of: run.keep(1), in: ledger) == "MM015")
    }
  }

  @Test func `who connected is remembered, whatever role acts`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      try ledger.run("SET LOCAL ROLE \(role); \(SteppingRun(ledger, "1_a").begin())")
      #expect(
        try ledger.value("role_name, backend_start IS NULL FROM LEDGER.migration_lease")
          == "postgres|t")
    }
  }

  @Test func `there is never more than one`() throws {
    let ledger = try LedgerUnderTest.created()
    _ = try leased(ledger)
    #expect(
      refusal {
        try ledger.run(
          """
          INSERT INTO LEDGER.migration_lease (is_only, run_id, migration_name, direction,
            statement_no, role_name, pid, is_direct, expires_at)
          SELECT NOT is_only, run_id, migration_name, direction, statement_no, role_name, pid,
            is_direct, expires_at
          FROM LEDGER.migration_lease
          """)
      }?.sqlState == "23514")
    #expect(
      refusal { try ledger.run("TRUNCATE LEDGER.migration_lease") }?.message
        == "\"migration_lease\" is never emptied: TRUNCATE refused")
  }
}
