/// The shells that completions are made for.
package enum CompletionShell: String, Sendable, CaseIterable {
  /// GNU bash, 4.4 or newer.
  case bash
  /// zsh, with its completion system.
  case zsh
  /// fish, 3 or newer.
  case fish

  /// The script that teaches the shell to complete the program's command lines.
  ///
  /// It is made from the tables. On TAB it runs nothing but `migration-manager completions names` and
  /// `migration-manager completions environments`.
  package var script: String {
    switch self {
    case .bash: BashCompletion.script
    case .zsh: ZshCompletion.script
    case .fish: FishCompletion.script
    }
  }
}

/// What a script asks the program for; the word stands in the shell's place.
package enum CompletionWord: String, Sendable, CaseIterable {
  /// The names of migrations in the folder.
  case names
  /// The environments of the configuration file.
  case environments
}
