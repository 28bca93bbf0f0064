import MigrationCore
import Testing

@Suite("Checksums, and kinds of drift")
struct FileChecksumsTests {
  private static let original = """
    -- adds a
    CREATE TABLE a (id int);
    -- ROLLBACK START
    DROP TABLE a;
    -- ROLLBACK END

    """

  private func drift(to changed: String) throws -> Drift? {
    FileChecksums.drift(
      of: try migrationFile(changed).checksums, from: try migrationFile(Self.original).checksums)
  }

  @Test("The same bytes are no drift")
  func none() throws {
    #expect(try drift(to: Self.original) == nil)
  }

  @Test(
    "Other up SQL, whatever else changed",
    arguments: [
      ("id int", "id bigint"), ("id int);", "id int);\nCREATE TABLE b();"), ("a (id", "A (id"),
      ("CREATE TABLE a", "CREATE TABLE 'a'"),
    ])
  func up(old: String, new: String) throws {
    #expect(try drift(to: Self.original.replacing(old, with: new)) == .up)
    let both = Self.original.replacing(old, with: new).replacing("DROP TABLE", with: "DROP VIEW")
    #expect(try drift(to: both) == .up)
  }

  @Test(
    "Other rollback SQL alone",
    arguments: [
      ("DROP TABLE a;", "DROP TABLE IF EXISTS a;"), ("DROP TABLE a;", "DROP TABLE a; SELECT 1;"),
      ("DROP TABLE a;", ""), ("DROP TABLE a;", "-- no idea"),
    ])
  func rollback(old: String, new: String) throws {
    #expect(try drift(to: Self.original.replacing(old, with: new)) == .rollback)
  }

  @Test("The section's removal, and its loss to a misspelt marker")
  func withoutSection() throws {
    #expect(try drift(to: "-- adds a\nCREATE TABLE a (id int);\n") == .rollback)
  }

  @Test(
    "Comments and white space alone",
    arguments: [
      ("-- adds a", "-- adds the table a"), ("id int", " id  int "), ("-- adds a\n", ""),
      ("DROP TABLE a;", "DROP TABLE  a; -- all of it"), ("DROP TABLE a;", "-- DROP TABLE a;"),
      ("DROP TABLE a;", "/* DROP TABLE a; */"), ("-- ROLLBACK START", "--rollback start"),
    ])
  func comments(old: String, new: String) throws {
    #expect(try drift(to: Self.original.replacing(old, with: new)) == .comments)
  }

  @Test("Line ends alone")
  func lineEnds() throws {
    #expect(try drift(to: Self.original.replacing("\n", with: "\r\n")) == .lineEnds)
    #expect(try drift(to: Self.original.replacing("\n", with: "\r")) == .lineEnds)
  }

  @Test("Parts that were not recorded are taken to differ")
  func unrecorded() throws {
    let file = try migrationFile(Self.original).checksums
    #expect(FileChecksums.drift(of: file, from: FileChecksums(file: "x")) == .up)
    #expect(FileChecksums.drift(of: file, from: FileChecksums(file: file.file)) == nil)
  }

  @Test("A file's checksum is what sha256sum prints")
  func file() throws {
    #expect(
      try migrationFile("SELECT 1;\n").fileChecksum
        == "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd")
  }
}
