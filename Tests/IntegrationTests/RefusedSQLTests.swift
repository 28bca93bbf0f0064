import TestSupport
import Testing

/// Rollback SQL that can never run in one transaction, or must not stand in a ledger: refused
/// before anything runs.
@Suite(.scratchDatabase) struct RefusedSQLTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  struct Refused: Sendable, CustomTestStringConvertible {
    var section: String
    var line: Int
    var column: Int
    var message: String
    /// The line and the caret below it.
    var shown: [String]
    var testDescription: String { section }
  }

  static let refused = [
    Refused(
      section: "DROP TABLE users; COMMIT;", line: 3, column: 19,
      message: "COMMIT in the rollback SQL: it runs inside one transaction",
      shown: ["DROP TABLE users; COMMIT;", "                  ^"]),
    Refused(
      section: "DROP TABLE users;\nROLLBACK;\nBEGIN;", line: 4, column: 1,
      message: "ROLLBACK in the rollback SQL: it runs inside one transaction",
      shown: ["ROLLBACK;", "^"]),
    Refused(
      section: "-- SELECT 'äöü€'; SAVEPOINT a;", line: 3, column: 19,
      message: "SAVEPOINT in the rollback SQL: it runs inside one transaction",
      shown: ["SELECT 'äöü€'; SAVEPOINT a;", "               ^"]),
    Refused(
      section: "DROP TABLE users;\n  DROP INDEX CONCURRENTLY users_id;", line: 4, column: 3,
      message: "DROP INDEX CONCURRENTLY cannot run inside a transaction block",
      shown: ["  DROP INDEX CONCURRENTLY users_id;", "  ^"]),
    Refused(
      section: "VACUUM users;", line: 3, column: 1,
      message: "VACUUM cannot run inside a transaction block", shown: ["VACUUM users;", "^"]),
    Refused(
      section: "DROP TABLE users;\n\\i undo.sql", line: 4, column: 1,
      message: "'\\i undo.sql' is a psql command, not SQL", shown: ["\\i undo.sql", "^"]),
    Refused(
      section: "-- COPY users FROM stdin;\n-- 1", line: 3, column: 4,
      message: "COPY ... FROM stdin in the rollback SQL: no line '\\.' ends its data",
      shown: ["COPY users FROM stdin;", "^"]),
    Refused(
      section: "ALTER ROLE app PASSWORD 'hunter2';", line: 3, column: 25,
      message: "a password in the rollback SQL would be kept in the ledger",
      shown: ["ALTER ROLE app PASSWORD *********;", "                        ^"]),
    Refused(
      section:
        "/*\nCREATE USER MAPPING FOR app SERVER s OPTIONS (user 'u', password 'hunter2');\n*/",
      line: 4, column: 66,
      message: "a password in the rollback SQL would be kept in the ledger",
      shown: [
        "CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'u', password *********);",
        "                                                                 ^",
      ]),
  ]

  @Test(arguments: refused) func isRefusedWhenItIsRegistered(_ refused: Refused) throws {
    try workspace.write("CREATE TABLE users ();", section: refused.section, to: name)
    try workspace.apply(name)
    let place = "migrations/\(name).sql:\(refused.line):\(refused.column)"
    let result = try workspace.run(["register", name])
    #expect(result.status == 1)
    #expect(result.stdout == "")
    let lines = ["\(place): error: \(refused.message)"] + refused.shown.map { "  " + $0 }
    #expect(result.stderr.contains(lines.joined(separator: "\n") + "\nhint: "))
    #expect(result.hides("hunter2"))
    let json = try workspace.run(["register", name, "--json"])
    let error = try json.errorDocument()
    #expect(error.code == "refused")
    #expect(error.message == refused.message)
    #expect([error.line, error.column] == [refused.line, refused.column])
    #expect(json.hides("hunter2"))
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  /// A row that another tool wrote, or an older version of this one.
  private func record(_ sql: String) throws {
    try workspace.runSuccessfully("init")
    try workspace.database.psql(
      """
      CREATE TABLE users ();
      INSERT INTO migration_history (migration_name, migration_version, rollback_sql)
      VALUES ('\(name)', '20250101', $sql$\(sql)$sql$)
      """)
  }

  @Test(arguments: [
    ("DROP TABLE users; COMMIT;", "1:19"), ("DROP INDEX CONCURRENTLY i", "1:1"),
    ("DROP TABLE users;\n\\i x", "2:1"), ("ALTER ROLE app PASSWORD 'hunter2'", "1:25"),
    ("-- by hand", "1:1"),
  ])
  func isRefusedWhenItStandsInTheLedger(sql: String, place: String) throws {
    try record(sql)
    for command in [["rollback", name, "--yes"], ["rollback", name, "--dry-run"]] {
      let result = try workspace.run(command)
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("\(name) (recorded):\(place): error: "))
      #expect(result.hides("hunter2"))
    }
    let json = try workspace.run(["rollback", name, "--yes", "--json"])
    let document = try json.document(Outcomes.self)
    #expect(document.error?.code == "refused")
    #expect(document.error?.file == "\(name) (recorded)")
    #expect(json.hides("hunter2"))
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
    #expect(try workspace.database.events(of: name) == [])
  }

  @Test func whatTheParserDoesNotKnowIsLeftToTheServer() throws {
    // Grammar of PostgreSQL 17: this server refuses it, a newer one would not.
    let sql = "MERGE INTO users USING users AS u ON true WHEN NOT MATCHED BY SOURCE THEN DELETE"
    try workspace.write("CREATE TABLE users ();", section: sql + ";", to: name)
    try workspace.adopt(name)
    #expect(try workspace.run(["check", name]).status == 0)
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 2)
    #expect(result.stderr.contains("migrations/\(name).sql:3:"))
    #expect(result.stderr.contains("error: syntax error at or near "))
    #expect(try workspace.database.status(of: name) == "failed")
  }

  @Test func refreshingAMaterializedViewConcurrentlyIsAllowed() throws {
    try workspace.write(
      """
      CREATE MATERIALIZED VIEW totals AS SELECT 1 AS n;
      CREATE UNIQUE INDEX ON totals (n);
      """, section: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;", to: name)
    try workspace.adopt(name)
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
  }

  @Test func whatIsStillToBeWrittenIsWarnedAboutEverywhere() throws {
    try workspace.write("CREATE TABLE users (id int);", to: "20250101_create_users")
    try workspace.adopt("20250101_create_users")
    let name = "20250102_add_mail"
    try workspace.write(
      "ALTER TABLE users ADD mail text;\nDROP VIEW IF EXISTS a;\nDROP VIEW IF EXISTS b;\n", to: name
    )
    try workspace.apply(name)
    try workspace.runSuccessfully("template", name, "--write")
    let words =
      "migrations/\(name).sql:6: the rollback SQL holds a TODO: 'DROP VIEW IF EXISTS b (line 3): "
      + "if there was one, it is not brought back', and 1 more\n"
    for command in [
      ["sync", "--dry-run"], ["register", name], ["rollback", name, "--dry-run"],
      ["rollback", name],
    ] {
      #expect(try workspace.run(command).stderr.contains("warning: \(words)"))
    }
    #expect(try workspace.run(["check", name]).stdout.contains("Note: \(words)"))
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
  }

  @Test func switchingTriggersOffIsWarnedAbout() throws {
    try workspace.write(
      "CREATE TABLE users ();",
      section: "SET LOCAL session_replication_role = replica;\nDROP TABLE users;", to: name)
    try workspace.apply(name)
    let warning =
      "warning: migrations/\(name).sql:3: sets session_replication_role: "
      + "triggers and foreign keys are not checked\n"
    #expect(try workspace.run(["register", name]).stderr.contains(warning))
    #expect(try workspace.run(["rollback", name, "--dry-run"]).stderr.contains(warning))
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 0)
    #expect(result.stderr.contains(warning))
  }
}
