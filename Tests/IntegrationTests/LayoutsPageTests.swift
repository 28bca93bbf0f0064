import Foundation
import TestSupport
import Testing

/// What `docs/layouts.md` shows is what the program writes and prints, but for the time.
@Suite(.scratchLedger) struct LayoutsPageTests {
  private let workspace: Workspace
  private let name = "20251120143000_add_user_settings"

  init() throws { workspace = try Workspace() }

  @Test func aNewMigration() throws {
    let shown = try Documentation.block(
      "console", of: "## New migrations", in: "docs/layouts.md")
    let result = try workspace.run(["create", "add user settings", "--quiet"])
    #expect(
      shown == "$ migration-manager create \"add user settings\" --quiet\n"
        + result.stdout.replacing(/\d{14}/, with: "20251120143000"))
  }

  @Test func aRevert() throws {
    try workspace.write(
      "CREATE TABLE user_settings (id int);", section: "DROP TABLE user_settings;", to: name)
    try workspace.adopt(name)
    let path = try workspace.run(["revert", name]).stdout.dropLast()
    let text = try String(
      contentsOfFile: workspace.folder.path(of: String(path)), encoding: .utf8)
    #expect(
      try Documentation.block("sql", of: "## Forward only", in: "docs/layouts.md")
        == text.replacing(/\d{14}(?=_revert)/, with: "20251121090000"))
  }
}
