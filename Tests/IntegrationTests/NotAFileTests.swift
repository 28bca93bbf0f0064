import Foundation
import TestSupport
import Testing

/// What is called as a migration is and is no file.
@Suite(.scratchLedger) struct NotAFileTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.folder.write("", to: "migrations/1_folder.sql/.keep")
    #expect(mkfifo(workspace.folder.path(of: "migrations/2_fifo.sql"), 0o600) == 0)
  }

  private func expectUnreadable(_ name: String, _ reason: String) throws {
    let result = try workspace.run(["register", name])
    #expect(result.status == 2)
    #expect(
      result.stderr == """
        📝 Registering migration: \(name)
        error: cannot read 'migrations/\(name).sql': \(reason)
        hint: check that the file is there and that you may read it

        """)
    let document = try workspace.run(["register", name, "--json"])
    #expect(try document.errorDocument().code == "file")
  }

  @Test func registerSaysWhatItIs() throws {
    try expectUnreadable("1_folder", "Is a directory")
    try expectUnreadable("2_fifo", "Not a regular file")
  }

  @Test func syncPassesOverWhatIsNoFile() throws {
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Sync complete: 0 registered, 0 skipped\n")
  }

  @Test func aLinkThatLeadsNowhereIsAnError() throws {
    try FileManager.default.createSymbolicLink(
      atPath: workspace.folder.path(of: "migrations/3_gone.sql"),
      withDestinationPath: "../elsewhere.sql")
    try expectUnreadable("3_gone", "No such file or directory")
    let result = try workspace.run(["sync"])
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        error: cannot read 'migrations/3_gone.sql': No such file or directory
        hint: check that the file is there and that you may read it

        """))
    #expect(result.stdout == "✅ Sync complete: 0 registered, 0 skipped, 1 refused\n")
  }
}
