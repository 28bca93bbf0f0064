import TestSupport
import Testing

/// Where rollback SQL went wrong, as the user is told.
@Suite(.scratchLedger) struct RollbackErrorTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  private func failure(_ section: String, up: String = "CREATE TABLE users (id int);") throws
    -> ProgramResult
  {
    try workspace.write(up, section: section, to: name)
    try workspace.adopt(name)
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(try workspace.database.hasTable("users"))
    return result
  }

  private var wayOut: String {
    "hint: nothing of it remains, and '\(name)' is now 'failed': mend its rollback section, "
      + "run 'migration-manager register \(name)', then roll back again\n"
  }

  @Test func aSyntaxErrorHasItsPlaceAndACaret() throws {
    let result = try failure("DROP TABLE users;\nSELECT 'äöü€', '日本' FORM users;")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:4:26: error: syntax error at or near "users"
          SELECT 'äöü€', '日本' FORM users;
                                     ^
        \(wayOut)
        """))
    #expect(try workspace.database.status(of: name) == "failed")
    #expect(try workspace.database.events(of: name) == ["register registered", "rollback fail"])
  }

  @Test func inACommentedSectionThePlaceIsTheFiles() throws {
    let result = try failure("-- DROP TABLE users;\n  -- SELECT 'äöü€', nowhere;")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:4:21: error: column "nowhere" does not exist
          SELECT 'äöü€', nowhere;
                         ^
          STATEMENT: SELECT 'äöü€', nowhere
        \(wayOut)
        """))
  }

  @Test func inABlockCommentToo() throws {
    let result = try failure(
      "  /* SELECT 1;\n  SELECT 'äöü€',\n\tnowhere; DROP TABLE users; */")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:5:2: error: column "nowhere" does not exist
          \tnowhere; DROP TABLE users;\u{20}
          \t^
          STATEMENT: SELECT 'äöü€', nowhere
        \(wayOut)
        """))
  }

  @Test func onTheFirstLineOfABlockTheColumnCountsItsSigns() throws {
    let result = try failure("  /* SELECT nowhere; */")
    #expect(result.stderr.contains("migrations/\(name).sql:3:13: error: column \"nowhere\""))
  }

  @Test func anErrorAtTheEndIsShownAtTheEnd() throws {
    let result = try failure("DROP TABLE users;\nSELECT (1")
    #expect(
      result.stderr.contains(
        "migrations/\(name).sql:4:9: error: syntax error at or near \";\"\n  SELECT (1\n          ^\n"
      ))
  }

  @Test func withoutAPositionItIsTheStatementsFirstToken() throws {
    let result = try failure(
      """
      DELETE FROM users WHERE id = 1;
      -- the rest, then
        /* really */ ALTER TABLE users
          ADD CONSTRAINT one CHECK (id = 1);
      """, up: "CREATE TABLE users (id int); INSERT INTO users VALUES (1), (2);")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:5:16: error: check constraint "one" of relation "users" is violated \
        by some row
            /* really */ ALTER TABLE users
                         ^
          STATEMENT: ALTER TABLE users ADD CONSTRAINT one CHECK (id = 1)
        \(wayOut)
        """))
    #expect(try workspace.database.psql("SELECT count(*) FROM users") == "2")
  }

  @Test func theServersDetailHintAndContextAreShown() throws {
    let result = try failure(
      """
      DROP TABLE users;
      -- now the check
        DO $$ BEGIN
        RAISE EXCEPTION 'not %', 'today'
          USING DETAIL = 'It is Monday.', HINT = 'Come back tomorrow.', ERRCODE = 'P0123';
      END $$;
      """)
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:5:3: error: not today
            DO $$ BEGIN
            ^
          STATEMENT: DO $$ BEGIN RAISE EXCEPTION 'not %', 'today' USING DETAIL = 'It is Monday.', \
        HINT = 'Come back tomorrow.', ERRCODE = 'P0123'; END $$
          DETAIL: It is Monday.
          HINT: Come back tomorrow.
          CONTEXT: PL/pgSQL function inline_code_block line 2 at RAISE
        \(wayOut)
        """))
    let error = try workspace.database.psql(
      "SELECT details -> 'error' FROM migration_events WHERE outcome = 'fail'")
    #expect(error.contains("\"sqlstate\": \"P0123\""))
    #expect(error.contains("\"location\": \"migrations/\(name).sql:5:3\""))
    #expect(error.contains("\"detail\": \"It is Monday.\""))
    #expect(error.contains("\"statement\": \"DO $$ BEGIN RAISE"))
    #expect(
      try workspace.recorded("notes", of: name)
        == "Rollback failed: not today (SQLSTATE P0123)\nIt is Monday.")
  }

  @Test func aStatementThatRulesMakeSeveralOfIsOne() throws {
    let result = try failure(
      "DELETE FROM v;\nDO $$ BEGIN RAISE EXCEPTION 'here'; END $$;",
      up: """
        CREATE TABLE users (id int);
        CREATE VIEW v AS SELECT * FROM users;
        CREATE RULE r AS ON DELETE TO v DO INSTEAD (SELECT 1; SELECT 2; SELECT 3);
        """)
    #expect(result.stderr.contains("migrations/\(name).sql:6:1: error: here\n"))
  }

  @Test func whatTheServerMadeItselfIsShownToo() throws {
    let result = try failure(
      "COPY (SELECT 1) TO STDOUT;;\nDO $$ BEGIN\n  EXECUTE 'SELECT nowhere\n FROM users';\nEND $$;")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/\(name).sql:4:1: error: column "nowhere" does not exist
          DO $$ BEGIN
          ^
          STATEMENT: DO $$ BEGIN EXECUTE 'SELECT nowhere FROM users'; END $$
          QUERY: SELECT nowhere FROM users
          CONTEXT: PL/pgSQL function inline_code_block line 2 at EXECUTE
        \(wayOut)
        """))
  }

  @Test func aLongStatementIsShownInPart() throws {
    let list = (1...200).map(String.init).joined(separator: ", ")
    let result = try failure("SELECT \(list),\n  nowhere;")
    #expect(result.stderr.contains("migrations/\(name).sql:4:3: error: column \"nowhere\""))
    let statement = result.stderr.split(separator: "\n").first { $0.contains("STATEMENT: ") }
    #expect(statement?.count == 2 + 11 + 200)
    #expect(statement?.hasSuffix("...") == true)
  }

  @Test func programsReadTheSame() throws {
    try workspace.write(
      "CREATE TABLE users ();", section: "SELECT 'äöü€',\n  nowhere;", to: name)
    try workspace.adopt(name)
    let result = try workspace.run(["rollback", name, "--yes", "--json"])
    #expect(result.status == 2)
    let document = try result.document(Outcomes.self)
    let migration = try #require(document.migrations.first)
    #expect(document.migrations.count == 1)
    #expect(migration.name == name)
    #expect(migration.outcome == "failed")
    #expect(migration.sql == "SELECT 'äöü€',\n  nowhere;")
    #expect(document.isDryRun == false)
    for error in [try #require(migration.error), try #require(document.error)] {
      #expect(error.code == "sql")
      #expect(error.message == "column \"nowhere\" does not exist")
      #expect(error.sqlstate == "42703")
      #expect(error.file == "migrations/\(name).sql")
      #expect([error.line, error.column] == [4, 3])
      #expect(error.hint?.hasPrefix("nothing of it remains") == true)
    }
    #expect(
      result.stderr
        == "migrations/\(name).sql:4:3: error: column \"nowhere\" does not exist\n")
  }
}
