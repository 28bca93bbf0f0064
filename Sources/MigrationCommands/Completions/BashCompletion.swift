/// The script of `completions bash`.
enum BashCompletion {
  static var script: String {
    beginning + tables + ending
  }

  /// The parts that depend on the tables: which options there are, and what stands where.
  private static var tables: String {
    let valued = OptionTable.all.filter { $0.placeholder != nil }.map { $0.name.spelling }
    let commands = CommandTable.all.map { $0.name.rawValue }
    var text = """
      _migration_manager_commands=(
      \(lines(of: commands))
      )
      # The options that every command has.
      _migration_manager_everywhere=(
      \(lines(of: spellings(OptionTable.globalOptions)))
      )
      # The options that a value follows.
      _migration_manager_valued=(
      \(lines(of: valued))
      )

      # What a command takes: sets own (its options), argument (what its arguments are) and repeated.
      _migration_manager_command() {
        case $1 in

      """
    for command in CommandTable.all {
      let own = spellings(OptionTable.options(of: command.name)).joined(separator: " ")
      text += "    \(command.name.rawValue))\n      own=(\(own))\n"
      if let argument = command.completionArgument {
        text += "      argument=\(singleQuoted(name(of: argument.value)))\n"
        if argument.isRepeated { text += "      repeated=yes\n" }
      }
      text += "      ;;\n"
    }
    text += """
        esac
      }

      # What the value of an option is: sets argument.
      _migration_manager_value() {
        case $1 in

      """
    for option in OptionTable.all {
      guard let value = option.completionValue, value != .anything else { continue }
      text += "    \(option.name.spelling)) argument=\(singleQuoted(name(of: value))) ;;\n"
    }
    return text + "  esac\n}\n\n"
  }

  private static func spellings(_ options: [OptionSpecification]) -> [String] {
    options.flatMap { option in
      [option.name.spelling] + (option.short.map { ["-\($0)"] } ?? [])
    }
  }

  private static func lines(of words: [String]) -> String {
    TextWrapping.lines(of: words.joined(separator: " "), width: 90)
      .map { "  \($0)" }.joined(separator: "\n")
  }

  private static func name(of value: CompletionValue) -> String {
    switch value {
    case .anything: ""
    case .folder: "folder"
    case .file: "file"
    case .environment: "environment"
    case .migration: "migration"
    case .words(let words): "words " + words.joined(separator: " ")
    case .command: "command"
    }
  }

  private static let beginning = #"""
    # bash completion for migration-manager: made by 'migration-manager completions bash'.
    #
    # With the package bash-completion, for yourself:
    #   mkdir -p ~/.local/share/bash-completion/completions
    #   migration-manager completions bash \
    #     > ~/.local/share/bash-completion/completions/migration-manager
    # or for everybody into /usr/share/bash-completion/completions/migration-manager.
    # Without it, in ~/.bashrc:
    #   source <(migration-manager completions bash)


    """#
}
