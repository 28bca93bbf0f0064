import TestSupport
import Testing

/// Files as real projects have them: many CONCURRENTLY statements beside others, comments and blocks, and
/// locks that others hold.
@Suite(.scratchDatabase) struct StepwiseManyTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.database.psql("CREATE TABLE messages (id int, room int, body text)")
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  @Test func manyIndexesBesideOtherStatements() throws {
    let numbers = 1...30
    let up = numbers.map { number in
      """
      -- The \(number)th; it's one of many.
      ALTER TABLE messages ADD COLUMN c\(number) int;
      CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_c\(number)_idx
        ON messages (c\(number)) -- not unique
        WHERE body <> ';';
      BEGIN;
      UPDATE messages SET c\(number) = id;
      COMMENT ON COLUMN messages.c\(number) IS 'a; b';
      COMMIT;
      """
    }.joined(separator: "\n")
    let rollback = numbers.map { number in
      """
      -- DROP INDEX CONCURRENTLY IF EXISTS messages_c\(number)_idx;
      -- ALTER TABLE messages DROP COLUMN c\(number);
      """
    }.joined(separator: "\n")
    try workspace.write(
      "-- Transaction: none\n\(up)\n-- ROLLBACK START (no transaction)\n\(rollback)\n-- ROLLBACK END\n",
      to: "20250102_many")
    let schema = try database.dump(["--schema-only", "--table=messages"])
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      result.stderr.contains(
        "[1/1] 20250102_many … statement 90 of 90 (line 269: UPDATE messages SET c30 = id)\n"),
      "\(result.stderr)")
    #expect(
      try database.psql(
        "SELECT count(*), bool_and(indisvalid) FROM pg_index WHERE indrelid = 'messages'::regclass")
        == "30|t")
    let back = try workspace.run(["rollback", "20250102_many", "--yes", "--json"])
    #expect(back.status == 0, "\(back.stderr)")
    #expect(back.stdout.contains(#""statements":{"done":60,"of":60}"#))
    #expect(try database.dump(["--schema-only", "--table=messages"]) == schema)
  }

  @Test func copyDataGoesWithItsStatement() throws {
    try workspace.write(
      """
      -- Transaction: none
      COPY messages (id, room, body) FROM stdin;
      1\t1\tHello; -- you
      2\t1\t$$
      \\.
      CREATE INDEX CONCURRENTLY messages_room_idx ON messages (room);
      COPY messages (id, room, body) FROM stdin;
      3\t2\tagain
      \\.
      """, section: "TRUNCATE messages; DROP INDEX messages_room_idx;", to: "20250102_copy")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      try database.psql("SELECT id, body FROM messages ORDER BY id")
        == "1|Hello; -- you\n2|$$\n3|again")
  }

  @Test func aLockThatIsNotHadIsTriedAgainAndTheRemainsAreCleared() throws {
    try workspace.write(
      "-- Transaction: none\nCREATE INDEX CONCURRENTLY messages_room_idx ON messages (room);",
      section: "DROP INDEX messages_room_idx;", to: "20250102_lock")
    // The index waits for a transaction that has changed the table, and stands INVALID meanwhile.
    let blocker = try PsqlSession(database)
    try blocker.run("BEGIN; INSERT INTO messages VALUES (1)")
    let result = try workspace.run(
      ["migrate", "--lock-timeout", "50ms", "--lock-retries", "1"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        "note: a lock was not to be had in time: trying again (the last time)\n"),
      "\(result.stderr)")
    #expect(
      result.stderr.hasSuffix(
        """
        hint: 'migration-manager migrate' again goes on with statement 1; a longer --lock-timeout may \
        help

        """), "\(result.stderr)")
    try blocker.run("COMMIT")
    let again = try workspace.run(["migrate"])
    #expect(again.status == 0, "\(again.stderr)")
    #expect(
      try database.psql(
        """
        SELECT string_agg(indexrelid::regclass::text, ' '), bool_and(indisvalid)
        FROM pg_index WHERE indrelid = 'messages'::regclass
        """) == "messages_room_idx|t")
  }
}
