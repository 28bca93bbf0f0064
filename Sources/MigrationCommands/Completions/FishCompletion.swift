/// The script of `completions fish`.
enum FishCompletion {
  static var script: String {
    beginning + valuedOptions + functions + completions
  }

  private static var valuedOptions: String {
    let valued = OptionTable.all.filter { $0.placeholder != nil }.map { $0.name.spelling }
    let words = TextWrapping.lines(of: valued.joined(separator: " "), width: 90)
    return """
      # The options that a value follows.
      set -g __migration_manager_valued \(words.joined(separator: " \\\n  "))


      """
  }

  /// The `complete` commands for the tables' rows.
  private static var completions: String {
    var lines = ["complete -c migration-manager -f"]
    for option in OptionTable.globalOptions { lines.append(line(for: option, if: nil)) }
    for command in CommandTable.all {
      let name = command.name.rawValue
      lines.append("")
      lines.append(
        "complete -c migration-manager -n '__migration_manager_has 0' -a \(name)"
          + " -d \(quoted(command.summary))")
      for option in OptionTable.options(of: command.name) {
        lines.append(line(for: option, if: "__migration_manager_runs \(name)"))
      }
      if let argument = command.completionArgument, let words = words(for: argument.value) {
        let condition =
          "__migration_manager_runs \(name)"
          + (argument.isRepeated ? "" : "; and __migration_manager_has 1")
        lines.append(
          "complete -c migration-manager -n '\(condition)'\(words)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(for option: OptionSpecification, if condition: String?) -> String {
    var line = "complete -c migration-manager"
    if let condition { line += " -n '\(condition)'" }
    line += " -l \(option.name.rawValue)"
    if let short = option.short { line += " -s \(short)" }
    if let value = option.completionValue {
      line += (value == .file ? " -r -F" : " -x") + (words(for: value) ?? "")
    }
    return line + " -d \(quoted(option.help))"
  }

  /// The arguments of `complete` that offer a value; nil where there is nothing to offer.
  private static func words(for value: CompletionValue) -> String? {
    switch value {
    case .anything, .file: nil
    case .environment: " -a '(__migration_manager_environments)'"
    case .folder: " -a '(__fish_complete_directories)'"
    case .migration: " -k -a '(__migration_manager_names)'"
    case .words(let words): " -a \(quoted(words.joined(separator: " ")))"
    case .command:
      " -a \(quoted(CommandTable.all.map { $0.name.rawValue }.joined(separator: " ")))"
    }
  }

  /// Text between single quotes; in those of fish a backslash may stand for more than itself.
  private static func quoted(_ text: String) -> String {
    let parts = text.split(separator: "\\", omittingEmptySubsequences: false)
    return singleQuoted(parts.joined(separator: #"\\"#))
  }

  private static let beginning = #"""
    # fish completion for migration-manager: made by 'migration-manager completions fish'.
    #
    # For yourself:
    #   mkdir -p ~/.config/fish/completions
    #   migration-manager completions fish > ~/.config/fish/completions/migration-manager.fish
    # or for everybody into /usr/share/fish/vendor_completions.d/migration-manager.fish.
    # For this session alone:
    #   migration-manager completions fish | source


    """#

  private static let functions = #"""
    # Prints what stands before the cursor and is no option: the command, then its arguments. With an
    # option for an argument it prints the value of that instead.
    function __migration_manager_line
        set -l words (commandline -opc)
        set -e words[1]
        set -l option
        set -l ended
        set -l value
        for word in $words
            if test -n "$option"
                test "$option" = "$argv"; and set value $word
                set option
            else if test -n "$ended"
                test -z "$argv"; and printf '%s\n' $word
            else if test "$word" = --
                set ended yes
            else if string match -q -- '--*=*' $word
                string match -q -- "$argv=*" $word; and set value (string replace -- "$argv=" '' $word)
            else if string match -q -- '-?*' $word
                contains -- $word $__migration_manager_valued; and set option $word
            else
                test -z "$argv"; and printf '%s\n' $word
            end
        end
        if test -n "$argv" -a -n "$value"
            string replace -r -- '^~/' "$HOME/" $value
        end
    end

    # Prints the options of what stands before the cursor that say where the migrations and the
    # environments are, each with its value.
    function __migration_manager_place
        for option in $argv
            set -l value (__migration_manager_line $option)
            test -n "$value"; and printf '%s\n' $option=$value
        end
    end

    # Prints the environments of the configuration file.
    function __migration_manager_environments
        command migration-manager completions environments (__migration_manager_place --config) </dev/null 2>/dev/null
    end

    # Whether so many words stand before the cursor that are no options.
    function __migration_manager_has
        test (count (__migration_manager_line)) -eq $argv[1]
    end

    # Whether a command stands before the cursor.
    function __migration_manager_runs
        set -l words (__migration_manager_line)
        test "$words[1]" = $argv[1]
    end

    # Prints the names of migrations that are not given yet, newest first.
    function __migration_manager_names
        set -l given (string replace -r -- '\.sql$' '' (__migration_manager_line))
        set -l options (__migration_manager_place --dir --config --env)
        # A name found by a part of it takes the place of the whole word: of --option=VALUE, too.
        set -l start (string replace -rf -- '^--[^=]*=' '' (commandline -ct))
        for name in (command migration-manager completions names $options </dev/null 2>/dev/null)
            contains -- $name $given; and continue
            if test -z "$start"; or test (string sub -l (string length -- $start) -- $name) = $start
                printf '%s\n' $name
            end
        end
    end


    """#
}
