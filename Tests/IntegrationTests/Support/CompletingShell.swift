import Foundation
import TestSupport
import Testing

/// A shell at a terminal of its own that somebody types into; `script` plays the terminal.
///
/// No start-up file is read. A key of the test's own shows the line as it stands.
final class CompletingShell {
  /// How a shell learns the completions.
  enum Loading: Sendable {
    /// The script's output is read by the running shell.
    case sourced
    /// The script is a file where the shell looks for it, in the user's home.
    case installed
  }

  /// The shells there are.
  static let all = ["bash", "zsh", "fish"]

  private let terminal: ChildProcess
  /// The home of the person who types; nothing else is in it.
  let home = Result { try TemporaryFolder() }
  private var lines = 0

  /// Starts a shell, and waits until it takes keys.
  ///
  /// - Parameters:
  ///   - shell: its name.
  ///   - loading: how it learns the completions.
  ///   - directory: the working directory.
  /// - Throws: `TestSupportError` where that fails.
  init(_ shell: String, _ loading: Loading = .sourced, in directory: String) throws {
    let home = try home.get().path
    if loading == .installed { try Self.install(shell, in: home) }
    terminal = try ChildProcess(
      .init(
        executable: "/usr/bin/script",
        arguments: ["--quiet", "--return", "--command", Self.command(shell, loading), "/dev/null"],
        environment: [
          "PATH": try Self.searchPath, "HOME": home, "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh",
          "TERM": "xterm", "XDG_DATA_DIRS": "/nonexistent",
        ], directory: directory))
    try terminal.write("\(Self.preparation(of: shell, loading))\r".utf8)
    try terminal.wait(for: "|ready>>", on: .output)
  }

  deinit {
    // End of input ends a shell that waits for a command.
    try? terminal.write("\u{15}\u{4}".utf8)
    _ = try? terminal.waitUntilExit()
  }

  /// Types keys, shows the line that they made, and clears it.
  ///
  /// - Parameter keys: what is typed; a tab character completes.
  /// - Returns: the line as the shell has it.
  /// - Throws: `TestSupportError` where the shell does not answer in time.
  func line(after keys: String) throws -> String {
    lines += 1
    try terminal.write("\(keys)\u{18}l\u{15}".utf8)
    let shown = try terminal.wait(for: "|\(lines)>>", on: .output)
    let marked = shown.components(separatedBy: "|\(lines)>>")[0]
    return marked.components(separatedBy: "<<").last ?? ""
  }

  /// Types keys and waits until something is shown, such as a list.
  ///
  /// - Parameters:
  ///   - keys: what is typed.
  ///   - text: what must be shown.
  /// - Throws: `TestSupportError` where it is not shown in time.
  func types(_ keys: String, andSees text: String) throws {
    try terminal.write(keys.utf8)
    try terminal.wait(for: text, on: .output)
  }

  // MARK: Starting

  /// Where the shell finds the program and everything else.
  static var searchPath: String {
    get throws {
      let folder = URL(fileURLWithPath: try Program.path).deletingLastPathComponent().path
      return "\(folder):/usr/bin:/bin"
    }
  }

  /// Types what `docs/install.md` says.
  private static func install(_ shell: String, in home: String) throws {
    let lines = try Documentation.block(
      shell, of: "## Completions and the manual page", in: "docs/install.md")
    let result = try ChildProcess(
      .init(
        executable: "/usr/bin/\(shell)", arguments: ["-c", lines],
        environment: ["PATH": try searchPath, "HOME": home], directory: home)
    ).waitUntilExit()
    try #require(result.status == 0, "\(result.stderr)")
  }

  private static func command(_ shell: String, _ loading: Loading) -> String {
    switch (shell, loading) {
    case ("bash", .sourced): "bash --norc --noprofile -i"
    case ("bash", .installed):
      "bash --noprofile --rcfile /usr/share/bash-completion/bash_completion -i"
    case ("zsh", _): "zsh -f -i"
    case (_, .sourced): "fish --no-config --private -i"
    case (_, .installed): "fish --private -i"
    }
  }

  /// What is typed first: learns the completions, binds the key that shows the line, and sets the
  /// prompt that says that keys are awaited. Before that, the terminal itself would take them.
  private static func preparation(of shell: String, _ loading: Loading) -> String {
    switch shell {
    case "bash":
      (loading == .sourced ? "source <(migration-manager completions bash); " : "")
        + "bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; shown=0; "
        + #"show() { printf '<<%s|%s>>\n' "$READLINE_LINE" $((++shown)); }; "#
        + #"bind -x '"\C-xl": show'; PS1='|'ready'>> '"#
    case "zsh":
      (loading == .sourced
        ? "autoload -Uz compinit; compinit -u -D; source <(migration-manager completions zsh); "
        : "fpath=(~/.zsh/completions $fpath); autoload -Uz compinit; compinit -u -D; ")
        + "setopt no_beep; unset zle_bracketed_paste; shown=0; "
        + "show() { print -r -- \"<<$BUFFER|$((++shown))>>\" }; zle -N show; "
        + "bindkey '^Xl' show; bindkey '^U' kill-whole-line; PS1='|'ready'>> '"
    default:
      (loading == .sourced ? "migration-manager completions fish | source; " : "")
        + "set -g shown 0; function show; set shown (math $shown + 1); "
        + "printf '<<%s|%s>>\\n' (commandline) $shown; end; "
        + "bind \\cxl show; bind \\cu backward-kill-line; "
        + "function fish_prompt; printf '|%s>> ' ready; end"
    }
  }
}
