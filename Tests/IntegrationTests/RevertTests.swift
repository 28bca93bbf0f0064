import Foundation
import TestSupport
import Testing

/// `revert`: a new migration that undoes one.
@Suite(.scratchLedger) struct RevertTests {
  let workspace: Workspace
  let tags = "0001_create_tags"

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      "-- Migration: \(tags).sql\nCREATE TABLE tags (id int);", section: "DROP TABLE tags;",
      to: tags)
    try workspace.adopt(tags)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: workspace.folder.path(of: path), encoding: .utf8)
  }

  @Test func bothWaysAreTurnedRound() throws {
    let result = try workspace.run(["revert", "\(tags).sql"])
    #expect(result.status == 0)
    #expect(result.stdout == "migrations/0002_revert_create_tags.sql\n")
    #expect(result.stderr == "💡 review both ways: the text was taken over as it is\n")
    #expect(
      try text("migrations/0002_revert_create_tags.sql") == """
        -- Migration: 0002_revert_create_tags.sql
        -- Description: Reverts \(tags)
        -- Reverts: \(tags)
        -- Depends on: \(tags)

        DROP TABLE tags;

        -- ROLLBACK START
        CREATE TABLE tags (id int);
        -- ROLLBACK END

        """)
    // Nothing was run.
    #expect(try workspace.database.hasTable("tags"))
    #expect(try workspace.database.status(of: tags) == "applied")
  }

  @Test func itsRecordSaysWhichOneItReverts() throws {
    try workspace.runSuccessfully("revert", tags)
    let revert = "0002_revert_create_tags"
    try workspace.adopt(revert)
    #expect(try !workspace.database.hasTable("tags"))
    #expect(try workspace.recorded("metadata ->> 'reverts'", of: revert) == tags)
    #expect(try workspace.recorded("metadata ? 'reverts'", of: tags) == "f")
    #expect(try workspace.run(["rollback", revert, "--yes"]).status == 0)
    #expect(try workspace.database.hasTable("tags"))
    #expect(try workspace.run(["rollback", tags, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("tags"))
  }

  @Test func theRecordedSQLCounts() throws {
    try workspace.write(
      "CREATE TABLE tags (id int);", section: "DROP TABLE IF EXISTS tags;", to: tags)
    let result = try workspace.run(["revert", tags, "--json"])
    #expect(
      result.stdout
        == #"{"name":"0002_revert_create_tags","version":"0002","#
        + #""path":"migrations/0002_revert_create_tags.sql","rollback_path":null,"reverts":"0001_create_tags"}"#
        + "\n")
    #expect(
      try text("migrations/0002_revert_create_tags.sql").contains("\n\nDROP TABLE tags;\n\n"))
  }

  @Test func whatIsRolledBackOrUnknownIsRefused() throws {
    try workspace.runSuccessfully("rollback", tags, "--yes")
    let again = try workspace.run(["revert", tags])
    #expect(again.status == 1)
    #expect(
      again.stderr
        == "error: Migration status is rolled_back, not applied: '\(tags)'\n"
        + "hint: nothing is left to undo\n")
    let unknown = try workspace.run(["revert", "0009_x"])
    #expect(unknown.status == 2)
    #expect(unknown.stderr.hasPrefix("error: no migration '0009_x' in 'migrations'\n"))
    try workspace.write("CREATE TABLE b ();", section: "DROP TABLE b;", to: "0003_b")
    let unrecorded = try workspace.run(["revert", "0003_b"])
    #expect(unrecorded.status == 1)
    #expect(unrecorded.stderr.hasPrefix("error: Migration not found: '0003_b'\n"))
  }

  @Test func whatSaysThatItIsIrreversibleIsRefused() throws {
    let name = "0002_drop"
    try workspace.write("DROP TABLE tags;\n-- ROLLBACK IRREVERSIBLE: the rows are gone\n", to: name)
    try workspace.adopt(name)
    let result = try workspace.run(["revert", name])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: '0002_drop' cannot be undone
          irreversible: the rows are gone
        hint: write a new migration that moves on from here

        """)
  }
}
