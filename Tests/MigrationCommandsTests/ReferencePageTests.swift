import Foundation
import MigrationCommands
import MigrationCore
import Testing

@Suite("docs/commands.md")
struct ReferencePageTests {
  private static let path = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/commands.md")

  /// When this fails, the tables have changed: run it again with WRITE_REFERENCE=1 set, which puts
  /// the new text into the page.
  @Test("The part made from the option table is up to date")
  func isUpToDate() throws {
    let page = try String(contentsOf: Self.path, encoding: .utf8)
    let begin = try #require(page.range(of: ReferencePage.beginning + "\n"))
    let end = try #require(page.range(of: ReferencePage.end))
    let wanted = "\n\(ReferencePage.markdown)\n"
    if ProcessInfo.processInfo.environment["WRITE_REFERENCE"] != nil {
      let updated = page.replacingCharacters(
        in: begin.upperBound..<end.lowerBound, with: wanted)
      try updated.write(to: Self.path, atomically: true, encoding: .utf8)
    } else {
      #expect(page[begin.upperBound..<end.lowerBound] == wanted)
    }
  }

  @Test("Every error code is explained in docs/errors.md")
  func errorCodes() throws {
    let errors = Self.path.deletingLastPathComponent().appending(path: "errors.md")
    let page = try String(contentsOf: errors, encoding: .utf8)
    for code in ErrorReport.Code.allCases {
      #expect(page.contains("\n### `\(code.rawValue)`\n"), "\(code.rawValue)")
    }
  }
}
