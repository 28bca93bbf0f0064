/// A command line that is understood: what to do, on what, with which options.
package struct ParsedCommandLine: Equatable, Sendable {
  /// The value of an option.
  package enum Value: Equatable, Sendable {
    /// The option was given; it takes no value.
    case flag
    /// A text, never empty.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A time in milliseconds.
    case milliseconds(Int)
  }

  /// The command; nil only with `--help` or `--version`.
  package var command: CommandName?
  /// The command's arguments.
  package var arguments: [String]
  /// The options that were given; for one that is not repeatable, the last value.
  package var values: [OptionName: [Value]]

  /// A command line, as the parser or a test makes it.
  package init(
    _ command: CommandName?, _ arguments: [String] = [], _ values: [OptionName: [Value]] = [:]
  ) {
    self.command = command
    self.arguments = arguments
    self.values = values
  }

  /// Whether an option was given.
  package func isSet(_ name: OptionName) -> Bool { values[name] != nil }

  /// The texts given for a repeatable option, in order.
  package func texts(_ name: OptionName) -> [String] {
    (values[name] ?? []).compactMap { value in
      if case .text(let text) = value { text } else { nil }
    }
  }

  /// The text given for an option; nil when it was not given.
  package func text(_ name: OptionName) -> String? { texts(name).last }

  /// The number given for an option; nil when it was not given.
  package func integer(_ name: OptionName) -> Int? {
    if case .integer(let number)? = values[name]?.last { number } else { nil }
  }

  /// The time given for an option, in milliseconds; nil when it was not given.
  package func milliseconds(_ name: OptionName) -> Int? {
    if case .milliseconds(let number)? = values[name]?.last { number } else { nil }
  }
}
