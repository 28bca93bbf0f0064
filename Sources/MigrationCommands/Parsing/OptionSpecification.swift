package import MigrationCore

/// One row of the option table: all that parsing, help and the reference page know of an option.
package struct OptionSpecification: Sendable {
  /// What follows an option.
  package enum Kind: Equatable, Sendable {
    /// Nothing.
    case flag
    /// Any text but an empty one; the placeholder stands in help.
    case text(String)
    /// The path of a folder; the placeholder stands in help.
    case folder(String)
    /// The path of a file; the placeholder stands in help.
    case file(String)
    /// An environment of the configuration file; the placeholder stands in help.
    case environment(String)
    /// The name of a migration; the placeholder stands in help.
    case migration(String)
    /// One of these words, of which there are at least two.
    case choice([String])
    /// A whole number of at least `minimum`.
    case integer(String, minimum: Int)
    /// A time such as `2s`; a bare number counts in the unit given.
    case duration(bareUnit: DurationUnit)
  }

  /// Where an option may stand.
  package enum Scope: Equatable, Sendable {
    /// With every command.
    case global
    /// Only with these.
    case commands([CommandName])
  }

  /// The word after `--`.
  package let name: OptionName
  /// The letter after `-`; only flags have one.
  package let short: Character?
  /// What follows it.
  package let kind: Kind
  /// Where it may stand.
  package let scope: Scope
  /// Whether every value given counts; else the last one does.
  package let isRepeatable: Bool
  /// What holds when it is not given, in words; nil when nothing does.
  package let standard: String?
  /// One sentence without a final period.
  package let help: String

  /// A row of the table.
  init(
    _ name: OptionName, short: Character? = nil, _ kind: Kind = .flag, scope: Scope = .global,
    isRepeatable: Bool = false, standard: String? = nil, help: String
  ) {
    self.name = name
    self.short = short
    self.kind = kind
    self.scope = scope
    self.isRepeatable = isRepeatable
    self.standard = standard
    self.help = help
  }

  /// What stands for the value in help; nil for flags.
  package var placeholder: String? {
    switch kind {
    case .flag: nil
    case .text(let placeholder), .folder(let placeholder), .file(let placeholder),
      .environment(let placeholder), .migration(let placeholder), .integer(let placeholder, _):
      placeholder
    case .choice(let words): words.joined(separator: "|")
    case .duration: "TIME"
    }
  }

  /// The option with its value's placeholder: `--reason TEXT`.
  package var synopsis: String {
    placeholder.map { "\(name.spelling) \($0)" } ?? name.spelling
  }

  /// Whether the option may stand with a command.
  ///
  /// - Parameter command: the command; nil stands for a command line without one.
  /// - Returns: true for global options and for those of the command.
  package func isAccepted(by command: CommandName?) -> Bool {
    switch scope {
    case .global: true
    case .commands(let commands): command.map { commands.contains($0) } ?? false
    }
  }
}
