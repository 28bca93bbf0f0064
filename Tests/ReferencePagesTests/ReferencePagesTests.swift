import Foundation
import MigrationCommands
import TestSupport
import Testing
import reference_pages

@Suite("Writing the reference pages")
struct ReferencePagesTests {
  private let page = """
    # By hand, \\ before

    <!-- From here to the end mark: made by scripts/reference from the option table. -->
    old
    <!-- The end of what is made from the option table. -->

    By hand, after

    """

  private func text(of name: String, in folder: MigrationFolder) throws -> String {
    try String(contentsOfFile: folder.path(of: name), encoding: .utf8)
  }

  @Test("A page that is out of date is named, mended, and then up to date")
  func mends() throws {
    let folder = try MigrationFolder(["commands.md": page])
    func stale() throws -> [String] {
      try ReferencePages.stalePages(of: folder.path).map { $0.name }
    }
    #expect(try stale() == ["commands.md", "migration-manager.1"])
    #expect(ReferencePages.run(["--check", folder.path]) == 1)
    #expect(try text(of: "commands.md", in: folder) == page)

    #expect(ReferencePages.run([folder.path]) == 0)
    #expect(try text(of: "migration-manager.1", in: folder) == ManualPage.text)
    #expect(
      try text(of: "commands.md", in: folder)
        == """
        # By hand, \\ before

        <!-- From here to the end mark: made by scripts/reference from the option table. -->

        \(CommandReference.markdown)
        <!-- The end of what is made from the option table. -->

        By hand, after

        """)
    #expect(try stale() == [])
    #expect(ReferencePages.run(["--check", folder.path]) == 0)

    try folder.write(ManualPage.text + ".\\\" more\n", to: "migration-manager.1")
    #expect(try stale() == ["migration-manager.1"])
  }

  @Test("A page without the marks is an error, and stays as it is")
  func missingMarks() throws {
    let folder = try MigrationFolder(["commands.md": "# By hand\n"])
    #expect(ReferencePages.run([folder.path]) == 2)
    #expect(try text(of: "commands.md", in: folder) == "# By hand\n")
    #expect(ReferencePages.run(["--check", "/nonexistent"]) == 2)
  }

  @Test("A wrong command line is refused", arguments: [[], ["--chekc", "docs"], ["a", "b"]])
  func usage(words: [String]) {
    #expect(ReferencePages.run(words) == 64)
  }

  @Test("Every command has its section, and every option a row in it")
  func isComplete() {
    let page = CommandReference.markdown
    for command in CommandTable.all {
      #expect(page.contains("\n### \(command.name.rawValue)\n\n"))
    }
    for option in OptionTable.all {
      let typed = option.synopsis.split(separator: "|").joined(separator: "\\|")
      #expect(page.contains("`\(typed)` | "), "\(option.synopsis)")
    }
  }
}
