import Foundation
import TestSupport
import Testing

/// `create`: the files that it writes; it needs no database.
@Suite struct CreateTests {
  let folder: MigrationFolder

  init() throws { folder = try MigrationFolder() }

  private func run(_ arguments: String...) throws -> ProgramResult {
    try Program.run(
      ["create"] + arguments, environment: ["DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"],
      directory: folder.path)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: folder.path(of: path), encoding: .utf8)
  }

  @Test func theFolderIsMadeAndTheFileBearsTheTime() throws {
    let result = try run("add user settings")
    #expect(result.status == 0)
    let path = String(result.stdout.dropLast())
    #expect(path.wholeMatch(of: /migrations\/20\d{12}_add_user_settings\.sql/) != nil)
    let name = path.dropFirst("migrations/".count).dropLast(".sql".count)
    #expect(
      result.stderr == """
        note: there was no migrations folder here: made 'migrations'; --dir names another
        💡 write the change; 'migration-manager template \(name)' then suggests its undo

        """)
    #expect(
      try text(path) == """
        -- Migration: \(name).sql
        -- Description: add user settings
        -- Depends on: none

        -- TODO: the change

        -- ROLLBACK START
        -- TODO: what undoes it
        -- ROLLBACK END

        """)
  }

  @Test func wordsNeedNoQuotesAndCannotLeaveTheComment() throws {
    try folder.write("SELECT 1;\n", to: "migrations/0007_a.sql")
    let result = try run("drop", "it\nDROP TABLE users;", "--quiet")
    #expect(result.stdout == "migrations/0008_drop_it_drop_table_users.sql\n")
    #expect(result.stderr == "")
    #expect(
      try text("migrations/0008_drop_it_drop_table_users.sql").hasPrefix(
        "-- Migration: 0008_drop_it_drop_table_users.sql\n"
          + "-- Description: drop it DROP TABLE users;\n-- Depends on: none\n\n"))
  }

  @Test func aPairIsTwoFiles() throws {
    try folder.write("SELECT 1;\n", to: "db/migrations/1_a/up.sql")
    try folder.write("SELECT 1;\n", to: "db/migrations/1_a/down.sql")
    let result = try run("add tags", "--json")
    #expect(
      result.stdout
        == #"{"name":"2_add_tags","version":"2","path":"db/migrations/2_add_tags/up.sql","#
        + #""rollback_path":"db/migrations/2_add_tags/down.sql","reverts":null}"# + "\n")
    #expect(
      try text("db/migrations/2_add_tags/up.sql") == """
        -- Migration: 2_add_tags
        -- Description: add tags
        -- Depends on: none

        -- TODO: the change

        """)
    #expect(try text("db/migrations/2_add_tags/down.sql") == "-- TODO: what undoes it\n")
  }

  @Test func thePairStaysOneWhateverItsHalvesAreCalled() throws {
    try folder.write("SELECT 1;\n", to: "migrations/7_add_inputs.up.sql")
    try folder.write("SELECT 1;\n", to: "migrations/7_add_input.down.sql")
    let result = try run("next one", "--quiet")
    #expect(
      result.stdout
        == "migrations/8_next_one.up.sql\nmigrations/8_next_one.down.sql\n")
    #expect(result.stderr == "")
  }

  @Test func theSameWordsAgainAreTold() throws {
    try folder.write("SELECT 1;\n", to: "migrations/7_add_users.sql")
    let result = try run("add", "Users", "--quiet")
    #expect(result.stdout == "migrations/8_add_users.sql\n")
    #expect(
      result.stderr == "warning: 'migrations/7_add_users.sql' has the same words in its name\n")
  }

  @Test func anotherLayoutsFileOfThatNameIsInTheWay() throws {
    try folder.write("SELECT 1;\n", to: "migrations/20990101_a.sql")
    try folder.write("SELECT 1;\n", to: "migrations/20990101_b/up.sql")
    let result = try run("a")
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        error: 'migrations/20990101_a.sql' is there already
        hint: nothing was written; say it in other words

        """))
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "migrations/20990101_a")))
  }

  @Test func inSupabaseTheSectionIsAComment() throws {
    try folder.write("SELECT 1;\n", to: "supabase/migrations/20250101000000_a.sql")
    let path = String(try run("b").stdout.dropLast())
    #expect(
      try text(path).hasSuffix(
        "-- ROLLBACK START\n-- TODO: what undoes it, each line behind --\n-- ROLLBACK END\n"))
  }

  @Test func whatIsThereIsNeverOverwritten() throws {
    try folder.write("SELECT 1;\n", to: "migrations/1_a.up.sql")
    try folder.write("SELECT 2;\n", to: "migrations/1_a.down.sql")
    // A link that leads nowhere is no migration's file, and not to be written through.
    let path = folder.path(of: "migrations/2_b.down.sql")
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: folder.path(of: "elsewhere.sql"))
    let result = try run("b")
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr == """
        warning: 'migrations/2_b.down.sql' undoes no migration: the file that it would undo is not beside it
        error: 'migrations/2_b.down.sql' is there already
        hint: nothing was written; say it in other words

        """)
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "migrations/2_b.up.sql")))
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "elsewhere.sql")))
  }

  @Test func wordsWithoutALetterAreAMistake() throws {
    let result = try run("../..")
    #expect(result.status == 64)
    #expect(
      result.stderr.hasPrefix(
        "error: '../..' holds no letter and no digit to make a name of\nhint: say in a few words "))
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "migrations")))
  }

  @Test func ofTheSameDayTheOrderIsTold() throws {
    try folder.write("SELECT 1;\n", to: "migrations/20990101_b.sql")
    let result = try run("a", "--quiet")
    #expect(result.stdout == "migrations/20990101_a.sql\n")
    #expect(
      result.stderr
        == "warning: '20990101_a' is ordered before '20990101_b', whose version is not earlier\n")
  }

  @Test func templatePutsTheUndoInPlaceOfTheTODO() throws {
    try folder.write("SELECT 1;\n", to: "migrations/1_a.sql")
    _ = try run("tags")
    let path = "migrations/2_tags.sql"
    let start = try text(path).replacing("-- TODO: the change", with: "CREATE TABLE tags ();")
    try folder.write(start, to: path)
    let result = try Program.run(["template", "2_tags", "--write"], directory: folder.path)
    #expect(result.status == 0)
    #expect(
      result.stderr == """
        📝 Generating rollback template for: 2_tags


        💡 review it, then run 'migration-manager migrate', or where it is applied already, 'migration-manager register 2_tags'

        """)
    #expect(
      try text(path) == start.replacing("-- TODO: what undoes it", with: "DROP TABLE tags;"))
  }
}
