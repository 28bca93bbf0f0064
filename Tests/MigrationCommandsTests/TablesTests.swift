import MigrationCommands
import Testing

@Suite("The tables of commands and options")
struct TablesTests {
  @Test("Every command and every option has one row")
  func complete() {
    #expect(CommandTable.all.map { $0.name } == CommandName.allCases)
    for name in OptionName.allCases {
      #expect(OptionTable.all.count { $0.name == name } == 1, "\(name.spelling)")
    }
  }

  @Test("Short forms are flags, and no two options share a letter")
  func shortForms() {
    let options = OptionTable.all.filter { $0.short != nil }
    #expect(options.allSatisfy { $0.kind == .flag })
    #expect(Set(options.map { $0.short }).count == options.count)
  }

  @Test("No word of other tools is a command of this one")
  func otherToolsWords() {
    #expect(OtherToolsWord.all.keys.filter { CommandName(rawValue: $0) != nil } == [])
  }

  @Test("Every example is a command line that is understood")
  func examples() throws {
    for command in CommandTable.all {
      for example in command.examples {
        let line = example.line.prefix { $0 != "|" && $0 != ">" }
        var words: [String] = []
        for (index, part) in line.split(separator: "'").enumerated() {
          words +=
            index.isMultiple(of: 2)
            ? part.split(separator: " ").map(String.init)
            : [String(part)]
        }
        #expect(words.removeFirst() == "migration-manager")
        #expect(try CommandLineParser.parse(words).command == command.name, "\(example.line)")
      }
    }
  }

  @Test("A usage line shows arguments, choices, optional and repeatable options")
  func usage() throws {
    func usage(_ name: CommandName) -> String? { CommandTable.specification(of: name)?.usage }
    #expect(usage(.show) == "migration-manager show NAME --up|--rollback [global options]")
    #expect(
      usage(.initialize)
        == "migration-manager init [--reader ROLE]... [--operator ROLE]... [--drop] [--yes] "
        + "[--confirm DATABASE] [global options]")
    #expect(usage(.check) == "migration-manager check NAME... [global options]")
    #expect(usage(.help) == "migration-manager help [COMMAND] [global options]")
  }
}
