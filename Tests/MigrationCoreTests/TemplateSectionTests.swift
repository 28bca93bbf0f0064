import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Template: a section reads back as what was meant")
struct TemplateSectionTests {
  private static let mixed = """
    CREATE TABLE "My Table" (id int);
    DROP VIEW v;
    CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE INDEX "odd -- ROLLBACK END
    -- name" ON users (id);
    """
  private static let onlyTodos = "DROP VIEW v; DO 'x'; INSERT INTO t VALUES (1)"

  private func template(_ up: String) -> RollbackTemplate {
    let text = SourceText(up)
    return RollbackTemplate(up: SQLParser.parse(text, findingNeeds: true), text: text)
  }

  @Test("SQL and TODOs, live and commented", arguments: [false, true])
  func roundTrip(isCommented: Bool) throws {
    let template = template(Self.mixed)
    let file = try migrationFile("SELECT 1;\n\n" + template.section(isCommented: isCommented))
    let sql = try #require(file.rollbackSQL)
    #expect(sql == template.rollbackSQL)
    #expect(SQLParser.parse(SourceText(sql)).statements.map(\.tag) == ["DROP INDEX", "DROP TABLE"])
    #expect(
      file.declaration.section?.style == (isCommented ? .commentedLines : .live))
  }

  @Test("Nothing but TODOs is no rollback SQL", arguments: [false, true])
  func onlyTodos(isCommented: Bool) throws {
    for up in [Self.onlyTodos, "ANALYZE"] {
      let template = template(up)
      #expect(template.rollbackSQL == nil)
      let file = try migrationFile("SELECT 1;\n\n" + template.section(isCommented: isCommented))
      #expect(file.declaration.section != nil)
      #expect(file.rollbackSQL == nil)
    }
  }

  @Test("The commented form is the live one behind dashes")
  func commentedLines() {
    let template = template("CREATE TABLE t (); DROP VIEW v")
    #expect(
      template.section(isCommented: true) == """
        -- ROLLBACK START
        -- -- TODO: DROP VIEW v (line 1): its definition is not in this file
        -- DROP TABLE t;
        -- ROLLBACK END

        """)
  }

  @Test(
    "The section stands at the end, a blank line before it, line ends as in the file",
    arguments: [
      ("SELECT 1;\n", "SELECT 1;\n\n<\nx\n>\n"), ("SELECT 1", "SELECT 1\n\n<\nx\n>\n"),
      ("SELECT 1;\n\n", "SELECT 1;\n\n<\nx\n>\n"),
      ("SELECT 1;\r\n", "SELECT 1;\r\n\r\n<\r\nx\r\n>\r\n"),
      ("\u{FEFF}-- a\r\nSELECT 1", "\u{FEFF}-- a\r\nSELECT 1\r\n\r\n<\r\nx\r\n>\r\n"),
      ("", "<\nx\n>\n"),
    ])
  func placement(file: String, written: String) throws {
    let bytes = SectionWriter(try migrationFile(file)).bytes(with: "<\nx\n>\n")
    #expect(String(decoding: bytes, as: UTF8.self) == written)
  }

  @Test(
    "Files that take no section",
    arguments: [
      (
        "SELECT 1;\n-- ROLLBACK START\n-- ROLLBACK END\n",
        "'db/1_a.sql' has a rollback section already", 2
      ),
      ("-- ROLLBACK IRREVERSIBLE: gone\n", "'db/1_a.sql' says that it is irreversible", 1),
      ("SELECT 1;\n\n-- DOWN\n", "'-- DOWN' looks like a rollback marker and is none", 3),
    ])
  func refusals(file: String, message: String, line: Int) throws {
    let refusal = try #require(SectionWriter(try migrationFile(file)).refusal)
    #expect(refusal.code == .refused)
    #expect(refusal.message == message)
    #expect(refusal.location == ErrorReport.Location(file: "db/1_a.sql", line: line))
  }

  @Test("What earlier migrations create and this one needs")
  func dependencies() {
    var earlier = EarlierMigrations()
    for (name, up) in [
      ("1_users", "CREATE TABLE users (id int)"), ("2_mood", "CREATE TYPE app.mood AS ENUM ('a')"),
      ("3_gone", "CREATE TABLE gone (); DROP TABLE gone"),
      ("4_renamed", "CREATE TABLE old (); ALTER TABLE old RENAME TO fresh"),
      ("5_other", "CREATE TABLE other ()"), ("6_f", "CREATE FUNCTION f() RETURNS int RETURN 1"),
    ] {
      earlier.take(parsed(up), SourceText(up), of: MigrationName(name))
    }
    let policies = "CREATE POLICY own ON other USING (true)"
    earlier.take(parsed(policies), SourceText(policies), of: MigrationName("7_policy_of_other"))
    func needed(_ up: String) -> [String] {
      let parsed = SQLParser.parse(SourceText(up), findingNeeds: true)
      return earlier.creators(of: parsed.neededObjects).map(\.text)
    }
    #expect(
      needed("CREATE TABLE t (u int REFERENCES public.users, m app.mood)") == ["1_users", "2_mood"])
    #expect(needed("ALTER TABLE fresh ADD a int DEFAULT f()") == ["4_renamed", "6_f"])
    #expect(needed("CREATE TABLE users (); CREATE VIEW v AS SELECT * FROM users, gone") == [])
    #expect(needed("CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 2") == ["6_f"])
    #expect(needed("ALTER POLICY own ON fresh USING (false)") == ["4_renamed"])
    #expect(needed("SET search_path = app; CREATE TABLE t (m mood, u users)") == ["2_mood"])
  }
}

extension RollbackDeclaration {
  fileprivate var section: RollbackSection? {
    if case .section(let section) = self { section } else { nil }
  }
}
