import Foundation
import TestSupport
import Testing

/// `template` where rollback SQL stands in files of its own; it needs no database.
@Suite struct TemplatePairTests {
  let folder: MigrationFolder
  let down = "migrations/2_b/down.sql"

  init() throws {
    folder = try MigrationFolder([
      "migrations/1_a/up.sql": "CREATE TABLE a ();\n",
      "migrations/1_a/down.sql": "DROP TABLE a;\n",
      "migrations/2_b/up.sql": "CREATE TABLE b ();\n",
    ])
  }

  private func run(_ arguments: String...) throws -> ProgramResult {
    try Program.run(["template"] + arguments, directory: folder.path)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: folder.path(of: path), encoding: .utf8)
  }

  @Test func itSuggestsTheFile() throws {
    let result = try run("2_b", "--commented")
    let rule = String(repeating: "─", count: 76)
    #expect(result.stdout == "Suggested rollback template:\n\(rule)\nDROP TABLE b;\n\(rule)\n")
    #expect(result.stderr.hasSuffix("\n💡 Put this into \(down) and adjust as needed\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: down)))
  }

  @Test func itWritesTheFile() throws {
    let result = try run("2_b", "--write")
    #expect(result.status == 0)
    #expect(result.stdout.hasSuffix("\n✅ Wrote the rollback SQL to \(down)\n"))
    #expect(try text(down) == "DROP TABLE b;\n")
    #expect(try text("migrations/2_b/up.sql") == "CREATE TABLE b ();\n")
    let again = try run("2_b", "--write")
    #expect(again.status == 1)
    #expect(
      again.stderr.hasSuffix(
        "\(down):1: error: '\(down)' has rollback SQL already\n"
          + "hint: edit it by hand, or empty the file and run the command again\n"))
  }

  @Test func commentsThatAreThereStay() throws {
    try folder.write("-- This file should undo anything in `up.sql`\r\n", to: down)
    #expect(try run("2_b", "--write").status == 0)
    #expect(
      try text(down) == "-- This file should undo anything in `up.sql`\r\n\r\nDROP TABLE b;\r\n")
    try folder.write("-- TODO: what undoes it\n", to: down)
    #expect(try run("2_b", "--write").status == 0)
    #expect(try text(down) == "DROP TABLE b;\n")
  }

  @Test func oneThatSaysThatItIsIrreversibleIsRefused() throws {
    try folder.write("-- ROLLBACK IRREVERSIBLE: gone\n", to: down)
    let result = try run("2_b", "--write")
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        "\(down):1: error: '\(down)' says that it is irreversible\n"
          + "hint: remove that line first if it can be undone after all\n"))
  }

  @Test func aFileAmongPairsGetsItsOwn() throws {
    for name in ["1_x", "2_y"] {
      try folder.write("CREATE TABLE \(name.dropFirst(2)) ();\n", to: "db/\(name).sql")
    }
    try folder.write("DROP TABLE x;\n", to: "db/1_x.rollback.sql")
    #expect(try run("2_y", "--write", "--dir", "db").status == 0)
    #expect(try text("db/2_y.rollback.sql") == "DROP TABLE y;\n")
  }
}
