import TestSupport
import Testing

/// Markers that are wrong, and lines that were meant as markers.
@Suite(.scratchDatabase) struct SectionMistakeTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  static let mistakes: [(text: String, line: Int, message: String)] = [
    (
      "-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n-- ROLLBACK START\n-- ROLLBACK END\n", 4,
      "a second 'ROLLBACK START' (the first is on line 1)"
    ),
    (
      "CREATE TABLE a ();\nDROP TABLE a;\n-- ROLLBACK END\n", 3,
      "'ROLLBACK END' without a 'ROLLBACK START' before it"
    ),
    (
      "CREATE TABLE a ();\n-- ROLLBACK BEGIN\nDROP TABLE a;\n-- ROLLBACK END\n", 4,
      "'ROLLBACK END' without a 'ROLLBACK START' before it; line 2, '-- ROLLBACK BEGIN', is not one"
    ),
    (
      "CREATE TABLE a ();\n-- ROLLBACK START\nDROP TABLE a;\n", 2,
      "'ROLLBACK START' without a 'ROLLBACK END' after it"
    ),
    (
      "-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n-- ROLLBACK IRREVERSIBLE: x\n", 4,
      "a rollback section (line 1) and 'ROLLBACK IRREVERSIBLE'"
    ),
  ]

  @Test(arguments: mistakes)
  func mistakesAreErrorsWithFileAndLine(text: String, line: Int, message: String) throws {
    try workspace.write(text, to: name)
    for command in [["register"], ["show", "--up"], ["show", "--rollback"]] {
      let result = try workspace.run(command + [name])
      #expect(result.status == 2)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("migrations/\(name).sql:\(line): error: \(message)\nhint: "))
      let error = try workspace.run(command + [name, "--json"]).errorDocument()
      #expect(error.code == "file")
      #expect(error.message == message)
      #expect(error.file == "migrations/\(name).sql")
      #expect(error.line == line)
      #expect(error.column == nil)
    }
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  @Test func aMistakeMadeLaterStopsTheRollback() throws {
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    try workspace.write("CREATE TABLE users ();\n-- ROLLBACK START\nDROP TABLE users;\n", to: name)
    let check = try workspace.run(["check", name])
    #expect(check.status == 1)
    #expect(
      check.stdout.contains(
        "Reason: migrations/\(name).sql:2: 'ROLLBACK START' without a 'ROLLBACK END' after it\n"))
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 2)
    #expect(
      rollback.stderr.contains(
        "migrations/\(name).sql:2: error: 'ROLLBACK START' without a 'ROLLBACK END' after it\n"))
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
  }

  static let nearMisses = [
    "-- ROLLBACK BEGIN", "-- ROLLBACK_START", "--- ROLLBACK START ---", "-- DOWN", "-- ROLLBACK:",
    "-- --8<-- BEGIN ROLLBACK --8<--", "-- +goose Down",
  ]

  @Test(arguments: nearMisses) func aNearMissIsNamedWithItsLine(marker: String) throws {
    try workspace.write("CREATE TABLE users ();\n\(marker)\n-- DROP TABLE users;\n", to: name)
    try workspace.apply(name)
    let remark =
      "migrations/\(name).sql:2: '\(marker)' is not a rollback marker: "
      + "write '-- ROLLBACK START' and '-- ROLLBACK END', each alone on a line"
    let register = try workspace.run(["register", name])
    #expect(register.status == 0)
    #expect(register.stdout.contains("   Rollback SQL: ❌ Not available\n"))
    #expect(register.stderr.contains(remark + "\n"))
    #expect(try workspace.run(["check", name]).stdout.contains("Note: \(remark)\n"))
    #expect(try workspace.run(["show", name, "--rollback"]).stderr.contains(remark + "\n"))
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 1)
    #expect(rollback.stderr.contains(remark + "\n"))
    #expect(try workspace.database.hasTable("users"))
  }

  @Test func sqlAfterANearMissIsNotShownAsUpSQL() throws {
    try workspace.write("CREATE TABLE users ();\n-- ROLLBACK BEGIN\nDROP TABLE users;\n", to: name)
    let result = try workspace.run(["show", name, "--up"])
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.contains(
        "migrations/\(name).sql:2: error: '-- ROLLBACK BEGIN' is not a rollback marker: "
          + "what follows it would run too\n"))
    let error = try workspace.run(["show", name, "--up", "--json"]).errorDocument()
    #expect([error.code, error.file] == ["refused", "migrations/\(name).sql"])
  }

  @Test func aSectionInABlockCommentIsNamedToo() throws {
    try workspace.write(
      "CREATE TABLE users ();\n/*\n-- ROLLBACK START\nDROP TABLE users;\n-- ROLLBACK END\n*/\n",
      to: name)
    try workspace.adopt(name)
    #expect(
      try workspace.run(["check", name]).stdout.contains(
        "Note: migrations/\(name).sql:3: '-- ROLLBACK START' is not a rollback marker: "
          + "it stands inside a /* */ comment\n"))
  }
}
