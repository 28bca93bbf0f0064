import Foundation
import MigrationCore
import Testing

@Suite("docs/errors.md")
struct ErrorPageTests {
  @Test("Every error code is explained")
  func errorCodes() throws {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/errors.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    for code in ErrorReport.Code.allCases {
      #expect(page.contains("\n### `\(code.rawValue)`\n"), "\(code.rawValue)")
    }
  }
}
