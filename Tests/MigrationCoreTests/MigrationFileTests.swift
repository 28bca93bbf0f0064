import MigrationCore
import SQLParsing
import Testing

@Suite("Files: bytes, line ends, up SQL")
struct MigrationFileTests {
  private func failure(_ bytes: [UInt8]) -> ErrorReport? {
    #expect(throws: ErrorReport.self) {
      try MigrationFile(name: MigrationName("1_a"), path: "db/1_a.sql", bytes: bytes)
    }
  }

  @Test("Invalid UTF-8 and NUL are errors with their byte offset")
  func invalid() {
    let latin = failure(Array("-- ä\nSELECT 'x".utf8) + [0xE9] + Array("';".utf8))
    #expect(latin?.message == "'db/1_a.sql' is not UTF-8: byte 15 is 0xe9")
    #expect(latin?.code == .file)
    #expect(failure([0x53, 0x00])?.message == "'db/1_a.sql' holds a NUL at byte 1")
    #expect(failure([0x2D, 0xC3])?.message == "'db/1_a.sql' is not UTF-8: byte 1 is 0xc3")
    #expect(failure([0xED, 0xA0, 0x80])?.message == "'db/1_a.sql' is not UTF-8: byte 0 is 0xed")
    #expect(failure([0xFF, 0xFE])?.hint == "save the file as UTF-8 text")
  }

  @Test("An empty file has no SQL, and says nothing")
  func empty() throws {
    let file = try migrationFile("")
    #expect(file.upSQL == [])
    #expect(file.declaration == .none(nearMisses: []))
    #expect(file.dependencies == [])
    #expect(
      file.fileChecksum == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test(
    "Whatever ends its lines, a file has the same section on the same lines",
    arguments: ["\n", "\r\n", "\r"], ["", "\u{FEFF}"])
  func lineEnds(end: String, mark: String) throws {
    let lines = [
      "-- ROLLBACK START", "DROP TABLE a;", "", "DROP TABLE ä;", "-- ROLLBACK END",
      "-- Depends on: 0_z", "CREATE TABLE a();",
    ]
    for tail in [[], [""]] {
      let file = try migrationFile(mark + (lines + tail).joined(separator: end))
      let section = try #require(file.declaration.section)
      #expect(section.sql == "DROP TABLE a;\n\nDROP TABLE ä;")
      #expect(section.firstLine == 2)
      #expect(file.dependencies.map(\.line) == [6])
      #expect(
        String(decoding: file.upSQL, as: UTF8.self)
          == ([17, 13, 0, 14, 15].map { String(repeating: " ", count: $0) } + lines[5...] + tail)
          .joined(separator: end))
    }
  }

  @Test("A lone carriage return in a string above does not shift the section")
  func loneCarriageReturn() throws {
    let file = try migrationFile(
      "INSERT INTO a VALUES ('x\ry');\n-- ROLLBACK START\nDELETE FROM a;\n-- ROLLBACK END\n")
    #expect(file.rollbackSQL == "DELETE FROM a;")
    #expect(file.declaration.section?.startLine == 3)
  }

  @Test("Up SQL keeps its lines where they are, and nothing of the section")
  func up() throws {
    let file = try migrationFile(
      "A;\n  -- ROLLBACK START €\r\nDROP é;\r\n\t-- ROLLBACK END x\r\nB;")
    #expect(
      String(decoding: file.upSQL, as: UTF8.self)
        == "A;\n                       \r\n        \r\n                  \r\nB;")
  }

  @Test("BEGIN ATOMIC bodies and semicolons in dollar quotes are part of a statement")
  func bodies() throws {
    let body = """
      CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC
        SELECT 1;
        SELECT CASE WHEN true THEN 2 END;
      END;
      CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN; COMMIT; END $f$
      """
    let file = try migrationFile(section: body)
    #expect(file.rollbackSQL == body)
    #expect(parsed(body).statements.map(\.tag) == ["CREATE FUNCTION", "CREATE FUNCTION"])
  }
}
