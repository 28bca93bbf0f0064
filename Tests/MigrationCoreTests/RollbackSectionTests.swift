import MigrationCore
import Testing

@Suite("Sections: the SQL between the markers")
struct RollbackSectionTests {
  @Test("Live SQL is taken as it stands, without blank lines around it")
  func live() throws {
    let section = try #require(
      try migrationFile(section: "\n  DROP TABLE a; -- gone\n\n  DROP TYPE b\n\n").declaration
        .section)
    #expect(section.style == .live)
    #expect(section.sql == "  DROP TABLE a; -- gone\n\n  DROP TYPE b")
    #expect(section.startLine == 2)
    #expect(section.firstLine == 4)
    #expect(section.prefixes == [])
    #expect(section.remarks == [])
  }

  @Test("Commented lines lose their dashes and one blank; comments in them stay comments")
  func commentedLines() throws {
    let section = try #require(
      try migrationFile(
        section: "-- -- first the view\n--  DROP VIEW v;\n--DROP TABLE a;\n--\n  --\tSELECT 1;"
      ).declaration.section)
    #expect(section.style == .commentedLines)
    #expect(section.sql == "-- first the view\n DROP VIEW v;\nDROP TABLE a;\n\nSELECT 1;")
    #expect(section.prefixes == [3, 3, 2, 2, 5])
  }

  @Test("A block comment's inside, with a DO block in it")
  func commentedBlock() throws {
    let section = try #require(
      try migrationFile(section: "  /*\nDO $$ BEGIN\n  /* nested */ PERFORM 1;\nEND $$;\n*/")
        .declaration.section)
    #expect(section.style == .commentedBlock)
    #expect(section.sql == "DO $$ BEGIN\n  /* nested */ PERFORM 1;\nEND $$;")
    #expect(section.firstLine == 4)
    let line = try #require(
      try migrationFile(section: " /* DROP TABLE a; */ ").declaration.section)
    #expect(line.sql == " DROP TABLE a; ")
    #expect(line.prefixes == [3])
  }

  @Test("Remarks before and after a block comment stay remarks")
  func remarkedBlock() throws {
    let section = try #require(
      try migrationFile(section: "-- Undo by hand:\n/* DROP TABLE a;\nDROP TYPE b; */\n-- done")
        .declaration.section)
    #expect(section.style == .commentedBlock)
    #expect(section.sql == "-- Undo by hand:\n DROP TABLE a;\nDROP TYPE b; \n-- done")
    #expect(section.firstLine == 3)
    #expect(section.prefixes == [0, 2, 0, 0])
  }

  @Test(
    "Nothing but blanks, comments and semicolons is no rollback SQL",
    arguments: [
      "", "\n\n", "-- ", "--", "/* */", "/**/", "-- \n\n--", ";", " ;;\n", "/* a */ /* b */",
      "/* a */\n;\n", "BEGIN;\nCOMMIT;", "-- BEGIN;\n-- COMMIT;", "BEGIN; -- nothing\nEND;",
    ])
  func nothing(body: String) throws {
    let file = try migrationFile(section: body)
    #expect(file.declaration.section != nil)
    #expect(file.rollbackSQL == nil)
    #expect(file.checksums.rollback == nil)
  }

  @Test(
    "Prose and templates are no rollback SQL, and it is said on which line",
    arguments: [
      ("-- requires manual data restoration from backup", 3),
      ("-- TODO: write the rollback", 3),
      ("/* Restore from backup. */", 3),
      ("--\n-- To undo this, run:\n-- DROP TABLE a;", 4),
    ])
  func prose(body: String, line: Int) throws {
    let file = try migrationFile(section: body)
    #expect(file.rollbackSQL == nil)
    let remark = try #require(file.remarks.first)
    #expect(
      remark.hasPrefix(
        "db/1_a.sql:\(line): the rollback section is a comment that is not SQL (syntax error"))
    #expect(remark.hasSuffix("it counts as no rollback SQL"))
  }

  @Test(
    "BEGIN and COMMIT around the whole are dropped, and it is said",
    arguments: [
      ("BEGIN;\nDROP TABLE a;\nCOMMIT;", "DROP TABLE a;", 4),
      ("begin transaction;\n\n  DROP TABLE a;\n\nend;", "  DROP TABLE a;", 5),
      ("START TRANSACTION;\nDROP TABLE a;\nCOMMIT", "DROP TABLE a;", 4),
      ("-- BEGIN;\n-- DROP TABLE a;\n-- COMMIT;", "DROP TABLE a;", 4),
      ("/* BEGIN;\nDROP TABLE a;\nCOMMIT; */", "DROP TABLE a;", 4),
    ])
  func wrapped(body: String, sql: String, firstLine: Int) throws {
    let file = try migrationFile(section: body)
    let section = try #require(file.declaration.section)
    #expect(section.sql == sql)
    #expect(section.firstLine == firstLine)
    #expect(
      file.remarks == [
        "db/1_a.sql:3: the BEGIN and COMMIT around the rollback SQL are dropped: "
          + "it runs in one transaction"
      ])
  }

  @Test(
    "Any other transaction control stays, to be refused",
    arguments: [
      "BEGIN;\nDROP TABLE a;\nCOMMIT;\nDROP TABLE b;", "DROP TABLE a;\nCOMMIT;",
      "BEGIN;\nDROP TABLE a;\nCOMMIT;\nBEGIN;\nDROP TABLE b;\nCOMMIT;", "BEGIN;\nDROP TABLE a;",
      "BEGIN;\nDROP TABLE a;\nROLLBACK;",
    ])
  func otherwiseWrapped(body: String) throws {
    let file = try migrationFile(section: body)
    #expect(file.rollbackSQL == body)
    #expect(file.remarks == [])
  }

  @Test("psql's commands in a comment are kept, to be refused")
  func commentedMetaCommand() throws {
    #expect(try migrationFile(section: "-- \\i undo.sql").rollbackSQL == "\\i undo.sql")
  }

  @Test("A section at the top of the file")
  func atTheTop() throws {
    let file = try migrationFile(
      "-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n-- Depends on: 0_z\nCREATE TABLE a();\n")
    #expect(file.rollbackSQL == "DROP TABLE a;")
    #expect(
      String(decoding: file.upSQL, as: UTF8.self)
        == "                 \n             \n               \n-- Depends on: 0_z\n"
        + "CREATE TABLE a();\n")
    #expect(file.dependencies.map(\.name) == ["0_z"])
    #expect(file.dependencies.map(\.line) == [4])
  }
}
