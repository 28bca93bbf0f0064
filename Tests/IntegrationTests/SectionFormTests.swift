import TestSupport
import Testing

/// The ways in which rollback sections are written, and what is stored and run of each.
@Suite(.scratchLedger) struct SectionFormTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  struct Form: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var stored = "DROP TABLE users;"

    init(_ description: String, _ section: String, stored: String = "DROP TABLE users;") {
      testDescription = description
      text = "CREATE TABLE users ();\n" + section
      self.stored = stored
    }
  }

  static let forms = [
    Form("live", "-- ROLLBACK START\nDROP TABLE users;\n-- ROLLBACK END\n"),
    Form("lower case", "-- rollback start\nDROP TABLE users;\n-- Rollback End\n"),
    Form("no blanks", "--ROLLBACKSTART\nDROP TABLE users;\n--ROLLBACKEND"),
    Form("many blanks", " \t--\tROLLBACK   START \nDROP TABLE users;\n--   ROLLBACK\tEND  \n"),
    Form(
      "text after the markers",
      "-- ROLLBACK START (see #12)\nDROP TABLE users;\n-- ROLLBACK END: that is all\n"),
    Form("a colon", "-- ROLLBACK START:\nDROP TABLE users;\n-- ROLLBACK END.\n"),
    Form(
      "commented lines, with a comment in them",
      "-- ROLLBACK START\n-- -- of 2025\n-- DROP TABLE users;\n-- ROLLBACK END\n",
      stored: "-- of 2025\nDROP TABLE users;"),
    Form(
      "a block comment with DO in it",
      "-- ROLLBACK START\n/*\nDO $$ BEGIN\n  DROP TABLE users; /* all */\nEND $$;\n*/\n-- ROLLBACK END",
      stored: "DO $$ BEGIN\n  DROP TABLE users; /* all */\nEND $$;"),
    Form(
      "its own transaction",
      "-- ROLLBACK START\nBEGIN;\n\nDROP TABLE users;\n\nCOMMIT;\n-- ROLLBACK END\n"),
    Form(
      "its own transaction, commented",
      "-- ROLLBACK START\n-- BEGIN;\n-- DROP TABLE users;\n-- COMMIT;\n-- ROLLBACK END\n"),
    Form(
      "markers in strings, dollar quotes and block comments",
      """
      COMMENT ON TABLE users IS '
      -- ROLLBACK START
      ';
      DO $$
      -- ROLLBACK START
      BEGIN END $$; /*
      -- ROLLBACK END
      */
      -- ROLLBACK START
      DROP TABLE users;
      SELECT '
      -- ROLLBACK END
      ', $a$
      -- ROLLBACK END
      $a$;
      -- ROLLBACK END
      """,
      stored: "DROP TABLE users;\nSELECT '\n-- ROLLBACK END\n', $a$\n-- ROLLBACK END\n$a$;"),
    Form(
      "another ledger's row in it",
      """
      CREATE TABLE schema_migrations (version int);
      -- ROLLBACK START
      DELETE FROM schema_migrations WHERE version = 18;
      DROP TABLE users;
      -- ROLLBACK END
      """, stored: "DELETE FROM schema_migrations WHERE version = 18;\nDROP TABLE users;"),
  ]

  @Test(arguments: forms) func isStoredAndRun(form: Form) throws {
    try workspace.write(form.text, to: name)
    try workspace.adopt(name)
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.recorded("rollback_sql", of: name) == form.stored)
    let shown = try workspace.run(["show", name, "--rollback"])
    #expect(shown.stdout == form.stored + "\n")
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 0)
    #expect(rollback.stdout.contains("SQL executed:\n"))
    #expect(rollback.stdout.contains("\n\(form.stored)\n"))
    #expect(try !workspace.database.hasTable("users"))
    #expect(
      try workspace.database.psql(
        "SELECT rollback_sql FROM migration_events WHERE operation = 'rollback'") == form.stored)
  }

  @Test func aSectionAtTheTop() throws {
    try workspace.write(
      "-- ROLLBACK START\nDROP TABLE users;\n-- ROLLBACK END\nCREATE TABLE users ();\n", to: name)
    try workspace.adopt(name)
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func aDroppedTransactionIsNoted() throws {
    try workspace.write(
      "CREATE TABLE users ();", section: "BEGIN;\nDROP TABLE users;\nCOMMIT;", to: name)
    try workspace.apply(name)
    let register = try workspace.run(["register", name])
    #expect(register.status == 0)
    let note =
      "migrations/\(name).sql:3: the BEGIN and COMMIT around the rollback SQL are dropped: "
      + "it runs in one transaction"
    #expect(register.stderr.contains("note: \(note)\n"))
    #expect(try workspace.run(["check", name]).stdout.contains("Note: \(note)\n"))
    #expect(try workspace.run(["rollback", name, "--dry-run"]).stderr.contains("\(note)\n"))
  }

  /// What comments in a section that hold no SQL are worth, and what is said of them.
  static let withoutSQL: [(section: String, remark: String?)] = [
    ("", nil), ("-- \n\n--\n", nil), ("/* */", nil), (";", nil), ("BEGIN;\nCOMMIT;", nil),
    (
      "-- requires manual data restoration from backup",
      ":3: the rollback section is a comment that is not SQL (syntax error at or near "
        + "\"requires\"): it counts as no rollback SQL"
    ),
    (
      "/*\nTODO: write the rollback\n*/",
      ":4: the rollback section is a comment that is not SQL (syntax error at or near "
        + "\"TODO\"): it counts as no rollback SQL"
    ),
  ]

  @Test(arguments: withoutSQL)
  func proseAndBlanksAreNoRollbackSQL(section: String, remark: String?) throws {
    try workspace.write("CREATE TABLE users ();", section: section, to: name)
    try workspace.apply(name)
    let register = try workspace.run(["register", name])
    #expect(register.status == 0)
    #expect(register.stdout.contains("   Rollback SQL: ❌ Not available\n"))
    if let remark { #expect(register.stderr.contains(remark + "\n")) }
    #expect(
      try workspace.database.psql("SELECT rollback_sql IS NULL FROM migration_history") == "t")
    #expect(
      try workspace.database.psql("SELECT has_rollback_sql FROM list_rollbackable_migrations()")
        == "f")
    for command in [["rollback", name, "--yes"], ["rollback", name, "--dry-run"]] {
      let rollback = try workspace.run(command)
      #expect(rollback.status == 1)
      #expect(
        rollback.stderr.contains("error: No rollback SQL defined for this migration: '\(name)'\n"))
    }
    let show = try workspace.run(["show", name, "--rollback"])
    #expect(show.status == 1)
    #expect(show.stdout == "")
    #expect(show.stderr.contains("error: 'migrations/\(name).sql' has no rollback SQL\n"))
    #expect(try workspace.database.hasTable("users"))
  }
}
