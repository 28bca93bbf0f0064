import Foundation
import TestSupport
import Testing

/// What `docs/runner.md` shows, from its first section to its last.
@Suite(.scratchDatabase) struct RunnerPageTests {
  @Test func everySessionOfThePage() throws {
    let project = try ShellProject()
    let examples = Documentation.root + "/migrations"
    for name in try FileManager.default.contentsOfDirectory(atPath: examples) {
      try project.folder.write(
        try String(contentsOfFile: "\(examples)/\(name)", encoding: .utf8), to: "migrations/\(name)"
      )
    }
    let page = "docs/runner.md"
    try DocumentedSession("## From an empty database", of: page)
      .run(in: project, leavingOut: ["createdb", "export"])
    try DocumentedSession("## When a migration fails", of: page, before: "### Mended")
      .run(in: project, statuses: ["migration-manager migrate": 2])
    try DocumentedSession("### Mended", of: page).run(in: project)
    try DocumentedSession("## Back to any point", of: page)
      .run(in: project, statuses: ["migration-manager rollback --to 20250121": 1])
  }
}
