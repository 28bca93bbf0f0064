import MigrationCommands

/// A page that lacks the place for what is made from the tables.
package struct MissingMark: Error, CustomStringConvertible {
  /// What is missing, and where.
  package let description: String
}

/// The part of docs/commands.md that comes from the tables; the rest is written by hand.
package enum CommandReference {
  /// The line before the part that is made here.
  static let beginning =
    "<!-- From here to the end mark: made by scripts/reference from the option table. -->"
  /// The line after it.
  static let end = "<!-- The end of what is made from the option table. -->"

  /// Puts the part that comes from the tables into the page.
  ///
  /// - Parameter page: the page; nil where there is none.
  /// - Returns: the page with its hand-written parts as they were.
  /// - Throws: `MissingMark` without the two lines that enclose the part.
  package static func updating(_ page: String?) throws -> String {
    guard let page else { throw MissingMark(description: "there is no commands.md") }
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(of: Substring(beginning)),
      let last = lines.firstIndex(of: Substring(end)), first < last
    else {
      throw MissingMark(
        description: "commands.md lacks the line '\(beginning)', or after it '\(end)'")
    }
    return (lines[...first] + ["", Substring(markdown)] + lines[last...]).joined(separator: "\n")
  }

  /// The sections about the commands and the global options, in Markdown.
  package static var markdown: String {
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
      let cells = [option.synopsis, option.help, option.standard ?? ""].map(escaped)
      text += "| \(short)`\(cells[0])` | \(cells[1]) | \(cells[2]) |\n"
    }
    return text
  }

  /// A table's cell: a bar would end it, even in code (GitHub Flavored Markdown, 4.10 "Tables").
  private static func escaped(_ cell: String) -> String {
    cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

/// A sentence's first letter made large.
func capitalized(_ text: String) -> String {
  text.prefix(1).uppercased() + text.dropFirst()
}
