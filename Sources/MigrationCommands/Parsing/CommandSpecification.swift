/// The commands, each by the word that is typed.
package enum CommandName: String, Sendable, CaseIterable {
  /// Creates or upgrades the ledger.
  case initialize = "init"
  /// Lists recorded migrations.
  case list
  /// Applies what is pending.
  case migrate
  /// Compares the files with the ledger.
  case status
  /// Says whether migrations can be rolled back.
  case check
  /// Prints a migration's SQL.
  case show
  /// Rolls a migration back.
  case rollback
  /// Records migrations that another runner applied.
  case register
  /// Records every file that is applied and not recorded.
  case synchronize = "sync"
  /// Suggests a rollback section.
  case template
  /// Writes the files of a new migration.
  case create
  /// Writes a new migration that undoes one.
  case revert
  /// Sets a migration's status by hand.
  case resolve
  /// Lets a record follow its file to another name.
  case rename
  /// Deletes a record.
  case forget
  /// Shows what happened.
  case history
  /// Shows what is in force, and where it comes from.
  case configuration = "config"
  /// Prints a script for a shell.
  case completions
  /// Explains the commands.
  case help
}

/// One row of the command table: all that parsing, help and the reference page know of a command.
package struct CommandSpecification: Sendable {
  /// How many arguments a command takes.
  package enum Arity: Equatable, Sendable {
    /// None.
    case none
    /// At most one.
    case optional(String)
    /// Exactly one.
    case one(String)
    /// Exactly two, each a migration's name.
    case two(String, String)
    /// One or more.
    case several(String)
    /// One or more, or none and exactly one of these options.
    case severalOr(String, [OptionName])
    /// One of these words; some others are understood too, but not offered.
    case choice([String], hidden: [String])
  }

  /// A command line that works, and what it is for.
  package struct Example: Equatable, Sendable {
    /// What is typed, from `migration-manager` on.
    package let line: String
    /// What it is for: one line without a final period.
    package let purpose: String

    init(_ line: String, _ purpose: String) {
      self.line = line
      self.purpose = purpose
    }
  }

  /// The word that is typed.
  package let name: CommandName
  /// Its arguments.
  package let arity: Arity
  /// One line for the overview.
  package let summary: String
  /// Paragraphs for the command's own page.
  package let description: [String]
  /// Of these options exactly one must be given; empty when there is no such rule.
  package let exactlyOneOf: [OptionName]
  /// Pairs of which only one may be given.
  package let conflicts: [(OptionName, OptionName)]
  /// When the exit status is 1, in words; nil when it never is.
  package let refusal: String?
  /// Command lines to start from.
  package let examples: [Example]

  init(
    _ name: CommandName, _ arity: Arity, summary: String, description: [String],
    exactlyOneOf: [OptionName] = [], conflicts: [(OptionName, OptionName)] = [],
    refusal: String? = nil, examples: [Example]
  ) {
    self.name = name
    self.arity = arity
    self.summary = summary
    self.description = description
    self.exactlyOneOf = exactlyOneOf
    self.conflicts = conflicts
    self.refusal = refusal
    self.examples = examples
  }

  /// The options that stand in the place of arguments; empty when none do.
  package var argumentOptions: [OptionName] {
    if case .severalOr(_, let options) = arity { options } else { [] }
  }

  /// The arguments as they stand in usage lines, such as `NAME...`; nil when there are none.
  package var argumentSynopsis: String? {
    switch arity {
    case .none: nil
    case .optional(let placeholder): "[\(placeholder)]"
    case .one(let placeholder): placeholder
    case .two(let first, let second): "\(first) \(second)"
    case .several(let placeholder): "\(placeholder)..."
    case .severalOr(let placeholder, let options):
      "("
        + (["\(placeholder)..."]
        + options.map { OptionTable.specification(of: $0)?.synopsis ?? $0.spelling })
        .joined(separator: " | ") + ")"
    case .choice(let words, _): words.joined(separator: "|")
    }
  }
}
