import MigrationCommands
import TestSupport
import Testing
import reference_pages

@Suite("The manual page")
struct ManualPageTests {
  @Test(
    "Every formatter takes it without a warning",
    arguments: [
      ["groff", "-man", "-ww", "-z", "page.1"], ["mandoc", "-Tlint", "page.1"],
      ["man", "--warnings", "-l", "page.1"],
    ])
  func isClean(command: [String]) throws {
    let result = try formatted(ManualPage.text, by: command[0], Array(command.dropFirst()))
    #expect(result.status == 0)
    #expect(result.stderr == "")
    if command[0] != "man" { #expect(result.stdout == "") }
  }

  @Test("The index of manual pages finds its name and what it is for")
  func name() throws {
    let result = try formatted(ManualPage.text, by: "lexgrog", ["page.1"])
    #expect(
      result.stdout == """
        page.1: "migration-manager - roll back PostgreSQL migrations, and know what became of it"

        """)
  }

  @Test("It has the usual sections, every command, every option and every example")
  func isComplete() throws {
    let result = try formatted(ManualPage.text, by: "man", ["-l", "page.1"])
    let lines = result.stdout.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.first?.isLetter ?? false }.dropFirst().dropLast() == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "GLOBAL OPTIONS", "EXIT STATUS",
        "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
      ])
    for command in CommandTable.all {
      #expect(lines.contains("   \(command.name.rawValue)"))
      for example in command.examples { #expect(lines.contains("       \(example.line)")) }
    }
    for option in OptionTable.all {
      let term = option.short.map { "-\($0), " } ?? ""
      #expect(
        lines.contains { "\($0) ".hasPrefix("       \(term)\(option.synopsis) ") },
        "\(option.synopsis)")
    }
  }
}
