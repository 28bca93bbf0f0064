/// What can stand at a place of a command line, as far as a shell can complete it.
package enum CompletionValue: Equatable, Sendable {
  /// Anything: numbers, times, texts.
  case anything
  /// The path of a folder.
  case folder
  /// The path of a file.
  case file
  /// An environment of the configuration file.
  case environment
  /// The name of a migration.
  case migration
  /// One of these words.
  case words([String])
  /// The name of a command.
  case command
}

extension OptionSpecification {
  /// What stands behind the option; nil for flags.
  package var completionValue: CompletionValue? {
    switch kind {
    case .flag: nil
    case .text, .integer, .duration: .anything
    case .folder: .folder
    case .file: .file
    case .environment: .environment
    case .migration: .migration
    case .choice(let words): .words(words)
    }
  }
}

extension CommandSpecification {
  /// What the command's arguments are, and whether there may be several; nil where it takes none.
  ///
  /// In the table of commands a NAME is always a migration's.
  package var completionArgument: (value: CompletionValue, isRepeated: Bool)? {
    func value(_ placeholder: String) -> CompletionValue {
      switch placeholder {
      case "NAME", "OLD", "NEW": .migration
      case "COMMAND": .command
      default: .anything
      }
    }
    return switch arity {
    case .none: nil
    case .optional(let placeholder), .one(let placeholder): (value(placeholder), false)
    case .several(let placeholder), .severalOr(let placeholder, _), .two(let placeholder, _):
      (value(placeholder), true)
    case .choice(let words, _): (.words(words), false)
    }
  }
}

/// Words between single quotes, as all shells read them back.
///
/// - Parameter text: words of the tables.
/// - Returns: the text in quotes; a quote in it stands outside of them, behind a backslash.
func singleQuoted(_ text: String) -> String {
  let parts = text.split(separator: "'", omittingEmptySubsequences: false)
  return "'" + parts.joined(separator: #"'\''"#) + "'"
}
