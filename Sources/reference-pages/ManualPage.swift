import MigrationCommands
import MigrationCore

/// docs/migration-manager.1: the manual page, in the macros of `man(7)`.
///
/// Commands, options and examples come from the tables; the words about the program, its
/// environment and files are in `ManualPage+Words.swift`.
package enum ManualPage {
  /// The whole page.
  package static var text: String {
    var page = ".\\\" Made by scripts/reference from the option table; edit the table.\n"
    page += ".TH MIGRATION\\-MANAGER 1 \(date) "
    page += "\"migration\\-manager \(Roff.text(Session.toolVersion))\" \"User Commands\"\n"
    // As they are: a broken word or a gap would be copied.
    page += ".nh\n.ad l\n"
    page += Roff.section("NAME") + Roff.lines("migration-manager - \(nameLine)")
    page += Roff.section("SYNOPSIS") + Roff.synopsis(HelpPage.programUsage) + "\n"
    page += Roff.section("DESCRIPTION") + paragraphs(description)
    page += Roff.section("COMMANDS")
    for command in CommandTable.all { page += section(of: command) }
    page += Roff.section("GLOBAL OPTIONS")
    page += Roff.lines("They stand with every command, before or after it.")
    page += items(of: OptionTable.globalOptions)
    page += Roff.section("EXIT STATUS") + items(exitStatuses)
    page += Roff.section("ENVIRONMENT") + items(environment)
    page += Roff.section("FILES") + items(files)
    page += Roff.section("EXAMPLES") + examples
    page += Roff.section("SEE ALSO")
    page += manuals.map { ".BR \(Roff.text($0.name)) (\($0.section))" }.joined(separator: " ,\n")
    return page + "\n"
  }

  /// The program's sentence as it stands behind its name: no capital, no period.
  private static var nameLine: String {
    let summary = HelpPage.programSummary
    return summary.prefix(1).lowercased() + summary.dropFirst().dropLast()
  }

  private static func section(of command: CommandSpecification) -> String {
    var text = Roff.subsection(command.name.rawValue)
    text += Roff.synopsis(command.usage) + "\n"
    text += Roff.paragraph("\(capitalized(command.summary)).")
    for paragraph in command.description { text += Roff.paragraph(paragraph) }
    text += items(of: OptionTable.options(of: command.name))
    if let refusal = command.refusal { text += Roff.paragraph("Exit status 1 when \(refusal).") }
    return text
  }

  private static func items(of options: [OptionSpecification]) -> String {
    options.map { option in
      let short = option.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
      let standard = option.standard.map { " Default: \($0)." } ?? ""
      return Roff.item(
        short + Roff.synopsis(option.synopsis), "\(capitalized(option.help)).\(standard)")
    }.joined()
  }

  private static func items(_ items: [(term: String, text: String)]) -> String {
    items.map { Roff.item("\\fB\(Roff.text($0.term))\\fR", $0.text) }.joined()
  }

  private static func paragraphs(_ paragraphs: [String]) -> String {
    // A paragraph's macro straight behind a heading would be one too many.
    Roff.lines(paragraphs.first ?? "")
      + paragraphs.dropFirst().map(Roff.paragraph).joined()
  }

  private static var examples: String {
    Roff.lines("As \"migration-manager help COMMAND\" shows them:")
      + Roff.example(
        CommandTable.all.flatMap { command in
          command.examples.flatMap { ["# \($0.purpose)", $0.line] }
        })
  }
}
