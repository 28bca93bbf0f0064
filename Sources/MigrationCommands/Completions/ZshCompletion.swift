/// The script of `completions zsh`.
enum ZshCompletion {
  static var script: String {
    beginning + functions + tables + ending
  }

  /// The function that the completion system calls.
  private static var tables: String {
    var text = """
      _migration-manager() {
        local curcontext=$curcontext context state state_descr line expl folder file environment ret=1
        typeset -A opt_args
        local -a everywhere commands own
        everywhere=(
      \(lines(of: OptionTable.globalOptions.flatMap { specifications(of: $0) }))
        )
        commands=(
      \(lines(of: CommandTable.all.map { "\($0.name.rawValue):\($0.summary)" }))
        )

        _arguments -C -s -S : $everywhere \\
          '(-)1:command:->command' '(-)*::argument:->argument' && ret=0
        case $state in
        command)
          _describe -t commands command commands && ret=0
          ;;
        argument)
          folder=${opt_args[--dir]-} file=${opt_args[--config]-} environment=${opt_args[--env]-}
          curcontext=${curcontext%:*:*}:migration-manager-$words[1]:
          case $words[1] in

      """
    for command in CommandTable.all {
      let own = OptionTable.options(of: command.name).flatMap {
        specifications(of: $0, excluding: command.exactlyOneOf)
      }
      text += "    \(command.name.rawValue))\n      own=(\n"
      text += lines(of: own + arguments(of: command), indent: 8)
      text += "\n      )\n      ;;\n"
    }
    return text + """
          esac
          _arguments -s -S : $everywhere $own && ret=0
          ;;
        esac
        return ret
      }


      """
  }

  /// What `_arguments` is told of an option (zshcompsys(1), "Utility Functions"): one word for each
  /// way to write it.
  private static func specifications(
    of option: OptionSpecification, excluding others: [OptionName] = []
  ) -> [String] {
    let spellings = [option.name.spelling] + (option.short.map { ["-\($0)"] } ?? [])
    let excluded = spellings + others.filter { $0 != option.name }.map { $0.spelling }
    let prefix = option.isRepeatable ? "*" : "(\(excluded.joined(separator: " ")))"
    let value = option.completionValue.map { value in
      "=[\(escaped(option.help))]:\(escaped(option.placeholder ?? "")):\(action(of: value))"
    }
    return spellings.map { prefix + $0 + (value ?? "[\(escaped(option.help))]") }
  }

  private static func arguments(of command: CommandSpecification) -> [String] {
    guard let argument = command.completionArgument else { return [] }
    let message =
      switch argument.value {
      case .migration: "migration"
      case .command: "command"
      case .words, .folder, .file, .environment, .anything: "argument"
      }
    return ["\(argument.isRepeated ? "*" : "1"):\(message):\(action(of: argument.value))"]
  }

  private static func action(of value: CompletionValue) -> String {
    switch value {
    case .anything: ""
    case .folder: "_files -/"
    case .file: "_files"
    case .environment: "_migration-manager_environments"
    case .migration: "_migration-manager_names"
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .command: "{_describe -t commands command commands}"
    }
  }

  /// Text for a place where brackets and colons would end it.
  private static func escaped(_ text: String) -> String {
    text.map { #"\[]:"#.contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private static func lines(of words: [String], indent: Int = 4) -> String {
    words.map { String(repeating: " ", count: indent) + singleQuoted($0) }
      .joined(separator: "\n")
  }

  private static let beginning = #"""
    #compdef migration-manager
    # zsh completion for migration-manager: made by 'migration-manager completions zsh'.
    #
    # For yourself, into a folder of your $fpath; in ~/.zshrc before compinit:
    #   fpath=(~/.zsh/completions $fpath)
    # and once:
    #   mkdir -p ~/.zsh/completions
    #   migration-manager completions zsh > ~/.zsh/completions/_migration-manager
    # or for everybody into /usr/share/zsh/vendor-completions/_migration-manager.
    # Or in ~/.zshrc, after compinit:
    #   source <(migration-manager completions zsh)


    """#

  private static let functions = #"""
    # Sets options: each option given with a value that was typed.
    _migration-manager_options() {
      local option value
      options=()
      for option value; do
        # As typed, but that _arguments puts a backslash before colons and backslashes; (Q) takes away
        # quotes and nothing more: what is typed is not expanded.
        value=${${value//\\:/:}//\\\\/\\}
        value=${(Q)${value/#\~\//${(q)HOME}/}}
        [[ -z $value ]] || options+=("$option=$value")
      done
    }

    # Offers the environments of the configuration file.
    _migration-manager_environments() {
      local expl
      local -a environments options
      _migration-manager_options --config "${opt_args[--config]:-$file}"
      environments=(${(f)"$(command migration-manager completions environments $options \
        </dev/null 2>/dev/null)"})
      _wanted environments expl environment compadd -a environments
    }

    # Offers the names of migrations that are not given yet, newest first: those that go on with what is
    # typed, else those that have it in them.
    _migration-manager_names() {
      local expl
      local -a names given options
      _migration-manager_options --dir "${opt_args[--dir]:-$folder}" \
        --config "${opt_args[--config]:-$file}" --env "${opt_args[--env]:-$environment}"
      names=(${(f)"$(command migration-manager completions names $options </dev/null 2>/dev/null)"})
      given=(${${(Q)words[2,CURRENT-1]}%.sql})
      names=(${names:|given})
      _wanted -V migrations expl migration compadd -a names ||
        _wanted -V migrations expl migration compadd -M 'l:|=* r:|=*' -a names
    }


    """#

  private static let ending = #"""
    # Run as a function of $fpath, or read by 'source'.
    if [[ ${funcstack[1]-} == _migration-manager ]]; then
      _migration-manager "$@"
    elif (( $+functions[compdef] )); then
      compdef _migration-manager migration-manager
    else
      print -u2 'migration-manager: run compinit before the completions are read'
    fi

    """#
}
