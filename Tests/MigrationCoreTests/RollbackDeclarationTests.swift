import Testing

@testable import MigrationCore

@Suite("Declarations: sections, irreversible migrations, and mistakes in them")
struct RollbackDeclarationTests {
  private func failure(_ text: String) -> ErrorReport? {
    #expect(throws: ErrorReport.self) { try migrationFile(text) }
  }

  @Test("A second START")
  func secondStart() {
    let report = failure(
      "-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n\n-- rollback start\n-- rollback end\n")
    #expect(report?.code == .file)
    #expect(report?.message == "a second 'ROLLBACK START' (the first is on line 1)")
    #expect(report?.location?.description == "db/1_a.sql:5")
    #expect(report?.hint == "a file has one rollback section: join them into one")
  }

  @Test("A START inside a section")
  func nestedStart() {
    let report = failure("-- ROLLBACK START\n-- ROLLBACK START\n-- ROLLBACK END\n")
    #expect(report?.message == "a second 'ROLLBACK START' (the first is on line 1)")
    #expect(report?.location?.description == "db/1_a.sql:2")
  }

  @Test("An END without START, and what was probably meant as one")
  func strayEnd() {
    let report = failure("SELECT 1;\n-- ROLLBACK BEGIN\nDROP TABLE a;\n-- ROLLBACK END\n")
    #expect(
      report?.message
        == "'ROLLBACK END' without a 'ROLLBACK START' before it; line 2, '-- ROLLBACK BEGIN', "
        + "is not one")
    #expect(report?.location?.description == "db/1_a.sql:4")
    let second = failure("-- ROLLBACK START\n-- ROLLBACK END\n-- ROLLBACK END")
    #expect(second?.message == "'ROLLBACK END' without a 'ROLLBACK START' before it")
    #expect(second?.location?.description == "db/1_a.sql:3")
  }

  @Test("A START without END, and what was probably meant as one")
  func openStart() {
    let report = failure("SELECT 1;\n-- ROLLBACK START\nDROP TABLE a;\n-- END ROLLBACK\n")
    #expect(
      report?.message
        == "'ROLLBACK START' without a 'ROLLBACK END' after it; line 4, '-- END ROLLBACK', "
        + "is not one")
    #expect(report?.location?.description == "db/1_a.sql:2")
    #expect(
      report?.hint == "write '-- ROLLBACK END' alone on a line after the rollback SQL")
  }

  @Test(
    "Markers in strings, quoted names, dollar quotes and block comments are none",
    arguments: [
      "SELECT '\n-- ROLLBACK START\n';\n", "SELECT $$\n-- ROLLBACK START\n$$;\n",
      "SELECT $x$\n-- ROLLBACK START\n$$ $x$;\n", "SELECT E'\\'\n-- ROLLBACK START\n';\n",
      "SELECT 1 AS \"\n-- ROLLBACK START\n\";\n", "COPY a FROM stdin;\n-- ROLLBACK START\n\\.\n",
      "SELECT 1; -- ROLLBACK START\n", "/* /* */\n*/ -- ROLLBACK START\n",
    ])
  func hidden(text: String) throws {
    #expect(try migrationFile(text).declaration == .none(nearMisses: []))
    let file = try migrationFile(text + "-- ROLLBACK START\nSELECT 1;\n\(text)-- ROLLBACK END\n")
    #expect(file.rollbackSQL?.hasPrefix("SELECT 1;\n") == true)
  }

  @Test("A section that stands whole in a block comment is a near miss")
  func inBlockComment() throws {
    let file = try migrationFile(
      "SELECT 1;\n/*\n-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n*/\n")
    #expect(file.rollbackSQL == nil)
    #expect(
      file.remarks == [
        "db/1_a.sql:3: '-- ROLLBACK START' is not a rollback marker: it stands inside a /* */ "
          + "comment",
        "db/1_a.sql:5: '-- ROLLBACK END' is not a rollback marker: it stands inside a /* */ comment",
      ])
  }

  @Test("An END inside a string does not end the section")
  func endInString() throws {
    let body = "DELETE FROM a WHERE b = '\n-- ROLLBACK END\n';"
    #expect(try migrationFile(section: body).rollbackSQL == body)
  }

  @Test("Near misses are told with their lines")
  func nearMisses() throws {
    let file = try migrationFile(
      "CREATE TABLE a();\n--- ROLLBACK START ---\nDROP TABLE a;\n-- DOWN")
    #expect(
      file.declaration
        == .none(nearMisses: [
          .init(line: 2, text: "--- ROLLBACK START ---", isInBlockComment: false),
          .init(line: 4, text: "-- DOWN", isInBlockComment: false),
        ]))
    #expect(
      file.remarks.first
        == "db/1_a.sql:2: '--- ROLLBACK START ---' is not a rollback marker: "
        + "write '-- ROLLBACK START' and '-- ROLLBACK END', each alone on a line")
  }

  @Test("Irreversible on a line of its own")
  func irreversible() throws {
    let file = try migrationFile("DROP TABLE a;\n-- ROLLBACK IRREVERSIBLE: rows are gone\n")
    #expect(file.declaration == .irreversible(why: "rows are gone", line: 2))
    #expect(file.declaration.irreversible == "rows are gone")
    #expect(file.rollbackSQL == nil)
    #expect(file.remarks == [])
  }

  @Test("Irreversible beside a section is a contradiction; inside one it is a comment")
  func contradiction() throws {
    let report = failure(
      "-- ROLLBACK START\nSELECT 1;\n-- ROLLBACK END\n-- ROLLBACK IRREVERSIBLE: x")
    #expect(report?.message == "a rollback section (line 1) and 'ROLLBACK IRREVERSIBLE'")
    #expect(report?.location?.description == "db/1_a.sql:4")
    #expect(try migrationFile(section: "SELECT 1;\n-- ROLLBACK IRREVERSIBLE: x").rollbackSQL != nil)
  }

  @Test("What is left open before a marker is told with its place")
  func openString() {
    let report = failure("SELECT 'it''s;\n-- ROLLBACK START\n-- ROLLBACK END\n")
    #expect(report?.code == .file)
    #expect(report?.message == "unterminated quoted string")
    #expect(report?.location?.description == "db/1_a.sql:1:8")
    #expect(report?.details == ["line 2, '-- ROLLBACK START', may be part of it"])
  }
}
