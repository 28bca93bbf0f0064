import MigrationCommands

/// The part of docs/commands.md that comes from the tables; a test compares the two.
enum ReferencePage {
  /// The line before the part that is made here.
  static let beginning =
    "<!-- From here to the end mark: made from the option table, see ReferencePage.swift. -->"
  /// The line after it.
  static let end = "<!-- The end of what is made from the option table. -->"

  /// The sections about the commands and the global options, in Markdown.
  static var markdown: String {
    var page = "## Commands\n"
    for command in CommandTable.all { page += section(of: command) }
    page += "\n## Global options\n\nThey stand with every command, before or after it.\n\n"
    page += table(of: OptionTable.globalOptions)
    return page
  }

  private static func section(of command: CommandSpecification) -> String {
    var text = "\n### \(command.name.rawValue)\n\n"
    text += "\(capitalized(command.summary)).\n\n"
    text += "```\n\(command.usage)\n```\n"
    for paragraph in command.description { text += "\n\(paragraph)\n" }
    let options = OptionTable.options(of: command.name)
    if !options.isEmpty { text += "\n" + table(of: options) }
    if let refusal = command.refusal { text += "\nExit status 1 when \(refusal).\n" }
    text += "\n```sh\n"
    for example in command.examples { text += "# \(example.purpose)\n\(example.line)\n" }
    return text + "```\n"
  }

  private static func table(of options: [OptionSpecification]) -> String {
    var text = "| Option | Meaning | Default |\n|---|---|---|\n"
    for option in options {
      let short = option.short.map { "`-\($0)`, " } ?? ""
      text += "| \(short)`\(option.synopsis)` | \(option.help) | \(option.standard ?? "") |\n"
    }
    return text
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
