/// The pages that `help` and `--help` print, made from the tables.
package enum HelpPage {
  /// How the program is typed.
  package static let programUsage =
    "migration-manager [global options] COMMAND [arguments] [options]"

  /// What the program is for, in one sentence.
  package static let programSummary = "Roll back PostgreSQL migrations, and know what became of it."

  /// The page about the program: its commands and the global options.
  ///
  /// - Parameter width: the columns to fill.
  /// - Returns: lines, each ended.
  package static func overview(width: Int) -> String {
    var page = paragraph(programSummary, width: width)
    page += "\nUsage: \(programUsage)\n\nCommands:\n"
    page += entries(CommandTable.all.map { ($0.name.rawValue, $0.summary) }, width: width)
    page += "\nGlobal options:\n"
    page += entries(OptionTable.globalOptions.map(entry), width: width)
    page += "\n" + paragraph("'migration-manager help COMMAND' explains a command.", width: width)
    return page
  }

  /// The page about one command.
  ///
  /// - Parameters:
  ///   - command: the command's row.
  ///   - width: the columns to fill.
  /// - Returns: lines, each ended.
  package static func page(of command: CommandSpecification, width: Int) -> String {
    var page = paragraph("\(command.name.rawValue): \(command.summary)", width: width, indent: 2)
    page += "\n"
    page += paragraph("Usage: \(command.usage)", width: width, indent: 7)
    for text in command.description { page += "\n" + paragraph(text, width: width) }

    let options = OptionTable.options(of: command.name)
    if !options.isEmpty {
      page += "\nOptions:\n" + entries(options.map(entry), width: width)
    }
    page += "\nExit status:\n" + entries(statuses(of: command), width: width)
    page += "\nExamples:\n"
    for example in command.examples {
      page += paragraph("# \(example.purpose)", width: width, indent: 2, firstIndent: 2)
      page += "  \(example.line)\n"
    }
    page += "\n" + paragraph("'migration-manager help' lists the global options.", width: width)
    return page
  }

  /// The exit statuses of a command, each with its meaning.
  static func statuses(of command: CommandSpecification) -> [(term: String, text: String)] {
    var statuses = [(term: "0", text: "done, or nothing to do")]
    if let refusal = command.refusal { statuses.append((term: "1", text: refusal)) }
    if command.name != .help {
      statuses.append((term: "2", text: "it failed: connection, SQL, files"))
    }
    statuses.append((term: "64", text: "the command line is wrong"))
    return statuses
  }

  private static func entry(_ option: OptionSpecification) -> (term: String, text: String) {
    let short = option.short.map { "-\($0), " } ?? "    "
    let standard = option.standard.map { " (default: \($0))" } ?? ""
    return (term: short + option.synopsis, text: option.help + standard)
  }

  /// Terms in one column and their texts, wrapped, in a second; a long term has a line of its own.
  private static func entries(_ entries: [(term: String, text: String)], width: Int) -> String {
    let column = (entries.map(\.term.count).filter { $0 <= widestTerm }.max() ?? 0) + 4
    return entries.map { entry in
      let isWide = entry.term.count > widestTerm
      let padding =
        (isWide ? "\n" : "")
        + String(repeating: " ", count: column - (isWide ? 0 : 2 + entry.term.count))
      return paragraph(
        "  \(entry.term)\(padding)", continuedBy: entry.text, width: width, indent: column)
    }.joined()
  }

  /// The columns that terms may take from their texts.
  private static let widestTerm = 28

  private static func paragraph(
    _ text: String, width: Int, indent: Int = 0, firstIndent: Int = 0
  ) -> String {
    paragraph(
      String(repeating: " ", count: firstIndent), continuedBy: text, width: width, indent: indent)
  }

  private static func paragraph(
    _ start: String, continuedBy text: String, width: Int, indent: Int
  ) -> String {
    let lines = TextWrapping.lines(
      of: text, width: max(20, width - indent),
      firstWidth: max(20, width - (start.split(separator: "\n").last?.count ?? 0)))
    return start + lines.joined(separator: "\n" + String(repeating: " ", count: indent)) + "\n"
  }
}
