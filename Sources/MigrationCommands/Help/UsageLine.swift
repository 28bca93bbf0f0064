extension CommandSpecification {
  /// How the command is typed, such as `migration-manager show NAME --up|--rollback [options]`.
  package var usage: String {
    var words = ["migration-manager", name.rawValue]
    if let argumentSynopsis { words.append(argumentSynopsis) }
    if !exactlyOneOf.isEmpty {
      words.append(exactlyOneOf.map { $0.spelling }.joined(separator: "|"))
    }
    let mentioned = exactlyOneOf + argumentOptions
    for option in OptionTable.options(of: name) where !mentioned.contains(option.name) {
      words.append("[\(option.synopsis)]" + (option.isRepeatable ? "..." : ""))
    }
    words.append("[global options]")
    return words.joined(separator: " ")
  }
}

extension UsageError {
  /// How a command line should have been typed.
  ///
  /// - Parameter command: the command; nil when none was understood.
  /// - Returns: the command's usage, or the program's.
  package static func usage(of command: CommandName?) -> String {
    command.flatMap(CommandTable.specification(of:))?.usage ?? HelpPage.programUsage
  }
}
