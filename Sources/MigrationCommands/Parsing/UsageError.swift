package import MigrationCore

/// What is wrong with a command line; the words are in `UsageError+Words.swift`.
package struct UsageError: Error, Equatable, Sendable {
  /// The kinds of mistake.
  package enum Problem: Equatable, Sendable {
    /// There is nothing to do.
    case noCommand
    /// No command has that name; the nearest one, if any is near.
    case unknownCommand(String, nearest: CommandName?)
    /// No option has that name, as typed with its dashes; the nearest one, if any is near.
    case unknownOption(String, nearest: OptionName?)
    /// The option belongs to other commands.
    case foreignOption(OptionName, commands: [CommandName])
    /// The option's value is missing.
    case missingValue(OptionName, placeholder: String)
    /// The option's value is empty: often an unset variable of a script.
    case emptyValue(OptionName)
    /// The option takes no value.
    case unexpectedValue(OptionName, value: String)
    /// The value is no whole number, or too small.
    case notAnInteger(OptionName, value: String, minimum: Int)
    /// The value is no time.
    case notADuration(OptionName, value: String, bareUnit: DurationUnit)
    /// The value is none of the words that the option takes.
    case notAChoice(OptionName, value: String, words: [String])
    /// Exactly one of these must be given, and none was.
    case noneOf([OptionName])
    /// At most one of these may be given.
    case conflict(OptionName, OptionName)
    /// The command needs one of these words, and got none, or another.
    case choiceNeeded([String], not: String?)
    /// The command needs an argument.
    case missingArgument(placeholder: String)
    /// An argument is empty.
    case emptyArgument(placeholder: String)
    /// There is one argument too many.
    case unexpectedArgument(String)
  }

  /// What is wrong.
  package var problem: Problem
  /// The command it is wrong for, when that much was understood.
  package var command: CommandName?

  /// Describes a mistake.
  package init(_ problem: Problem, for command: CommandName?) {
    self.problem = problem
    self.command = command
  }
}
