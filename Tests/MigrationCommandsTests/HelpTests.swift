import MigrationCommands
import Testing

@Suite("Help")
struct HelpTests {
  @Test("The page of a command, whole")
  func commandPage() throws {
    let show = try #require(CommandTable.specification(of: .show))
    #expect(
      HelpPage.page(of: show, width: 72) == """
        show: print a migration's up SQL or rollback SQL

        Usage: migration-manager show NAME --up|--rollback [global options]

        Prints exactly that SQL on standard output, for a review or for psql.
        The up SQL keeps its line numbers: the rollback section is blanked out.
        Where the file is gone, the rollback SQL comes from the ledger.

        Options:
              --up        print the up SQL: the file with its rollback section
                          blanked out
              --rollback  print the rollback SQL, uncommented

        Exit status:
          0   done, or nothing to do
          1   there is no such SQL
          2   it failed: connection, SQL, files
          64  the command line is wrong

        Examples:
          # apply it with psql
          migration-manager show 20250120_add_user_settings --up | psql -1 -v ON_ERROR_STOP=1
          # read its undo
          migration-manager show 20250120_add_user_settings --rollback

        'migration-manager help' lists the global options.

        """)
  }

  @Test("The overview lists every command and every global option")
  func overview() {
    let page = HelpPage.overview(width: 80)
    for command in CommandTable.all {
      #expect(page.contains("\n  \(command.name.rawValue) "))
    }
    for option in OptionTable.globalOptions {
      #expect(page.contains("\(option.synopsis) "))
    }
  }

  @Test("No page is wider than the terminal, but for examples", arguments: [40, 60, 80, 100])
  func width(columns: Int) {
    for command in CommandTable.all {
      let page = HelpPage.page(of: command, width: columns)
      let examples = Set(command.examples.map { "  \($0.line)" })
      for line in page.split(separator: "\n") where !examples.contains(String(line)) {
        #expect(line.count <= max(columns, 48), "\(line)")
      }
    }
  }
}
