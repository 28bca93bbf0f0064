package import MigrationCore

extension UsageError {
  /// The mistake in words.
  package var report: ErrorReport {
    ErrorReport(.usage, message, hint: hint)
  }

  private var message: String {
    switch problem {
    case .noCommand:
      "no command given"
    case .unknownCommand(let word, _):
      "unknown command '\(word)'"
    case .unknownOption(let word, _):
      "unknown option '\(word)'"
    case .foreignOption(let option, _):
      "'\(command?.rawValue ?? "migration-manager")' has no option '\(option.spelling)'"
    case .missingValue(let option, let placeholder):
      "option '\(option.spelling)' needs a value: \(option.spelling) \(placeholder)"
    case .emptyValue(let option):
      "the value of option '\(option.spelling)' is empty"
    case .unexpectedValue(let option, let value):
      "option '\(option.spelling)' takes no value, but got '\(value)'"
    case .notAnInteger(let option, let value, let minimum):
      "option '\(option.spelling)' needs a whole number of at least \(minimum), not '\(value)'"
    case .notADuration(let option, let value, _):
      "option '\(option.spelling)' needs a time such as 2s, 500ms or 1min, not '\(value)'"
    case .notAChoice(let option, let value, let words):
      "option '\(option.spelling)' must be one of \(Self.quoted(words)), not '\(value)'"
    case .noneOf(let options):
      "one of \(Self.quoted(options.map { $0.spelling })) is needed"
    case .conflict(let first, let second):
      "options '\(first.spelling)' and '\(second.spelling)' exclude each other"
    case .choiceNeeded(let words, let word):
      "'\(command?.rawValue ?? "migration-manager")' needs one of \(Self.quoted(words))"
        + (word.map { ", not '\($0)'" } ?? "")
    case .missingArgument(let placeholder):
      "'\(command?.rawValue ?? "migration-manager")' needs "
        + ("AEIOU".contains(placeholder.prefix(1)) ? "an \(placeholder)" : "a \(placeholder)")
    case .emptyArgument(let placeholder):
      "\(placeholder) is empty"
    case .unexpectedArgument(let word):
      "unexpected argument '\(word)'"
    }
  }

  private static func quoted(_ words: [String]) -> String {
    words.map { "'\($0)'" }.joined(separator: ", ")
  }

  private var hint: String? {
    switch problem {
    case .unknownCommand(_, let nearest?):
      return "did you mean '\(nearest.rawValue)'?"
    case .unknownOption(_, let nearest?):
      return "did you mean '\(nearest.spelling)'?"
    case .foreignOption(_, let commands):
      let names = commands.map { "'\($0.rawValue)'" }
      let others = names.dropLast().joined(separator: ", ")
      return "it is an option of " + (others.isEmpty ? "" : "\(others) and ") + (names.last ?? "")
    case .emptyValue(.to) where command == .rollback:
      return "is a variable of the script unset? Where nothing was applied before, "
        + "'--all' goes back to the start"
    case .emptyValue:
      return "is a variable of the script unset?"
    case .missingArgument("NAME") where command == .rollback:
      return "'--last 1' is the newest, '--to NAME' all that came after that one; "
        + "'migration-manager list' shows what is applied"
    case .emptyArgument("NAME"), .missingArgument("NAME"):
      let names =
        switch command {
        case .register, .template, .show: "completions names' prints the names in the folder"
        default: "list --names' prints the names"
        }
      return "'migration-manager \(names)"
    case .emptyArgument, .missingArgument:
      return nil
    case .notADuration(_, _, let bareUnit):
      return "units are ms, s, min, h and d; a bare number counts in \(bareUnit.words), "
        + "and 24d is the most"
    case .unexpectedArgument where command == .rollback:
      return "give names, or one of '--to', '--last' and '--all'"
    case .noCommand, .unknownCommand, .unknownOption:
      return "'migration-manager help' lists the commands and options"
    default:
      return command.map { "'migration-manager help \($0.rawValue)' explains it" }
    }
  }
}
