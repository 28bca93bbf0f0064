import TestSupport
import Testing

/// Files as editors, operating systems and accidents leave them.
@Suite(.scratchDatabase) struct FileBytesTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  private func write(_ bytes: [UInt8]) throws {
    try workspace.folder.write(bytes: bytes, to: "migrations/\(name).sql")
  }

  static let broken: [(bytes: [UInt8], words: String)] = [
    (
      Array("-- ä\nSELECT '".utf8) + [0xE9] + Array("';\n".utf8),
      "is not UTF-8: byte 14 is 0xe9"
    ),
    ([0xFF, 0xFE, 0x53, 0x00], "is not UTF-8: byte 0 is 0xff"),
    (Array("SELECT 1;\n\0".utf8), "holds a NUL at byte 10"),
  ]

  @Test(arguments: broken)
  func bytesThatAreNoTextAreToldWithTheirPlace(bytes: [UInt8], words: String) throws {
    try write(bytes)
    for command in [["show", "--up"], ["show", "--rollback"], ["register"]] {
      let result = try workspace.run(command + [name])
      #expect(result.status == 2)
      #expect(result.stdout == "")
      #expect(
        result.stderr.hasSuffix(
          "error: 'migrations/\(name).sql' \(words)\nhint: save the file as UTF-8 text\n"))
      #expect(try workspace.run(command + [name, "--json"]).errorDocument().code == "file")
    }
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  @Test func aFileThatWasBrokenLaterStopsItsRollbackUnlessTheRecordedOneIsWanted() throws {
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    try write([0x53, 0xC3])
    let check = try workspace.run(["check", name])
    #expect(check.status == 1)
    #expect(
      check.stdout
        == "Status: ❌ Cannot rollback\n"
        + "Reason: 'migrations/\(name).sql' is not UTF-8: byte 1 is 0xc3\n")
    let refused = try workspace.run(["rollback", name, "--yes"])
    #expect(refused.status == 2)
    #expect(refused.stderr.contains("is not UTF-8: byte 1 is 0xc3\n"))
    #expect(try workspace.database.hasTable("users"))
    let recorded = try workspace.run(["rollback", name, "--yes", "--use-recorded"])
    #expect(recorded.status == 0)
    #expect(
      recorded.stderr.contains(
        "warning: 'migrations/\(name).sql' is not UTF-8: byte 1 is 0xc3: "
          + "the SQL recorded in the ledger is used\n"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func anEmptyFileIsAMigrationWithoutSQL() throws {
    try write([])
    let up = try workspace.run(["show", name, "--up"])
    #expect([up.stdout, up.stderr] == ["", ""])
    #expect(up.status == 0)
    let register = try workspace.run(["register", name])
    #expect(register.status == 0)
    #expect(register.stdout.contains("   Rollback SQL: ❌ Not available\n"))
    #expect(
      register.stderr.contains(
        "nothing in it tells whether it was applied: recorded on your word\n"))
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 1)
    #expect(
      rollback.stderr.hasSuffix(
        """
        error: No rollback SQL defined for this migration: '\(name)'
        hint: add a rollback section to its file and run 'migration-manager register \(name)'

        """))
    #expect(try workspace.database.status(of: name) == "applied")
  }

  static let forms: [(name: String, text: String)] = [
    (
      "CRLF",
      "CREATE TABLE users ();\r\n-- ROLLBACK START\r\nDROP TABLE users;\r\n-- ROLLBACK END\r\n"
    ),
    ("CR", "CREATE TABLE users ();\r-- ROLLBACK START\rDROP TABLE users;\r-- ROLLBACK END\r"),
    (
      "byte order mark",
      "\u{FEFF}-- ROLLBACK START\nDROP TABLE users;\n-- ROLLBACK END\nCREATE TABLE users ();\n"
    ),
    (
      "no final line end",
      "CREATE TABLE users ();\n-- ROLLBACK START\nDROP TABLE users;\n-- ROLLBACK END"
    ),
    (
      "no final semicolons",
      "-- ROLLBACK START\nDROP TABLE users\n-- ROLLBACK END\nCREATE TABLE users ()"
    ),
    (
      "a comment last",
      "CREATE TABLE users ();\n-- ROLLBACK START\nDROP TABLE users -- all of it\n-- ROLLBACK END"
    ),
    (
      "a lone carriage return above",
      "CREATE TABLE users AS SELECT 'a\rb'::text AS x;\n-- ROLLBACK START\nDROP TABLE users;\n"
        + "-- ROLLBACK END\n"
    ),
  ]

  @Test(arguments: forms)
  func whateverTheFormItIsAppliedAndRolledBack(form: String, text: String) throws {
    try workspace.write(text, to: name)
    try workspace.adopt(name)
    #expect(try workspace.database.hasTable("users"))
    #expect(
      try workspace.recorded("rollback_sql", of: name).hasPrefix("DROP TABLE users"))
    let checksum = try workspace.recorded("checksum", of: name)
    #expect(try sha256(of: workspace.folder.path(of: "migrations/\(name).sql")) == checksum)
    let check = try workspace.run(["check", name])
    #expect(
      check.stdout
        == "Status: ✅ Can rollback\nReason: Migration can be safely rolled back\n")
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 0)
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }

  @Test func bodiesOfRoutinesAreNotCutAtTheirSemicolons() throws {
    try workspace.write(
      """
      CREATE TABLE users (id int);
      CREATE FUNCTION old_count() RETURNS bigint LANGUAGE sql RETURN 1;
      """,
      section: """
        CREATE OR REPLACE FUNCTION old_count() RETURNS bigint LANGUAGE sql BEGIN ATOMIC
          SELECT 1;
          SELECT CASE WHEN count(*) > 0 THEN 2 END FROM pg_class;
        END;
        DO $undo$ BEGIN
          EXECUTE 'DROP TABLE users;'; -- ';' and $$ mean nothing here
        END $undo$;
        CREATE FUNCTION new_count() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 3; END'
        """, to: name)
    try workspace.adopt(name)
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.psql("SELECT old_count() || ' ' || new_count()") == "2 3")
  }

  @Test func aFileOfSomeMegabytes() throws {
    let rows = (1...2_000).map {
      "INSERT INTO notes VALUES (\($0), '\(String(repeating: "x-- ;", count: 200))');"
    }
    let text =
      "CREATE TABLE notes (id int, body text);\n" + rows.joined(separator: "\n")
      + "\n-- ROLLBACK START\nDROP TABLE notes;\n-- ROLLBACK END\n"
    try workspace.write(text, to: name)
    let up = try workspace.run(["show", name, "--up"])
    #expect(up.stdout.hasPrefix(text.prefix(2_000_000)))
    try workspace.database.psql("CREATE TABLE notes (id int, body text)")
    try workspace.runSuccessfully("register", name)
    #expect(try workspace.run(["check", name]).status == 0)
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("notes"))
  }

  @Test func whatIsNoFileIsNotRead() throws {
    try workspace.folder.write("", to: "migrations/20250102_x.sql/README")
    let result = try workspace.run(["show", "20250102_x", "--up"])
    #expect(result.status == 2)
    #expect(result.stderr.hasPrefix("error: cannot read 'migrations/20250102_x.sql': "))
  }

  @Test func twoFilesOfOneNameAreAMistake() throws {
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    try workspace.write("SELECT 1;", to: name + ".up")
    let message =
      "'migrations/\(name).sql' and 'migrations/\(name).up.sql' are one migration, '\(name)'"
    for command in [
      ["show", "--up"], ["show", "--rollback"], ["register"], ["rollback", "--yes"],
    ] {
      let result = try workspace.run(command + [name])
      #expect(result.status == 2)
      #expect(
        result.stderr.hasSuffix(
          "error: \(message)\nhint: rename or remove one of them\n"))
    }
    #expect(try workspace.run(["check", name]).stdout.contains("Reason: \(message)\n"))
    #expect(try workspace.database.hasTable("users"))
  }

  /// What `sha256sum` prints of a file.
  private func sha256(of path: String) throws -> String {
    let child = try ChildProcess(
      .init(executable: "/usr/bin/sha256sum", arguments: [path], environment: [:]))
    return String(try child.waitUntilExit().stdout.prefix(64))
  }
}
