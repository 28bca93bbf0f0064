/// `help` and `--help`: the pages made from the tables; they need no session.
enum HelpCommand {
  /// Prints the page about the program, or about one command.
  ///
  /// - Parameters:
  ///   - line: the command line.
  ///   - console: where to.
  /// - Throws: `UsageError` when the command to explain does not exist.
  static func run(_ line: ParsedCommandLine, console: Console) throws(UsageError) {
    let subject = try subject(of: line)
    if console.isJSON {
      console.print(document: HelpPayload(commands: subject.map { [$0] } ?? CommandTable.all))
      return
    }
    let width = min(max(console.surroundings.outputWidth ?? 80, 40), 100)
    let page =
      subject.map { HelpPage.page(of: $0, width: width) } ?? HelpPage.overview(width: width)
    console.print(bytes: Array(page.utf8))
  }

  private static func subject(
    of line: ParsedCommandLine
  ) throws(UsageError) -> CommandSpecification? {
    if let command = line.command, command != .help || line.isSet(.help) {
      return CommandTable.specification(of: command)
    }
    guard let word = line.arguments.first else { return nil }
    guard let command = CommandName(rawValue: word) else {
      throw UsageError(CommandLineParser.unknownCommand(word), for: nil)
    }
    return CommandTable.specification(of: command)
  }
}

/// The document of `help --json`: the tables themselves.
package struct HelpPayload: JSONDocument {
  private let commands: [CommandSpecification]

  /// The document of commands, with their options and the global ones.
  package init(commands: [CommandSpecification]) { self.commands = commands }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("commands", commands.map(CommandPayload.init))
      json.member("global_options", OptionTable.globalOptions.map(OptionPayload.init))
    }
  }
}

/// One command of `help --json`.
private struct CommandPayload: JSONValue {
  let command: CommandSpecification

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", command.name.rawValue)
      json.member("summary", command.summary)
      json.member("usage", command.usage)
      json.member("options", OptionTable.options(of: command.name).map(OptionPayload.init))
    }
  }
}

/// One option of `help --json`.
private struct OptionPayload: JSONValue {
  let option: OptionSpecification

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", option.name.spelling)
      json.member("short", option.short.map { "-\($0)" })
      json.member("value", option.placeholder)
      json.member("default", option.standard)
      json.member("help", option.help)
    }
  }
}
