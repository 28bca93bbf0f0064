import Foundation
import TestSupport
import Testing

/// The bash script, called as readline calls it: what it offers, not what readline makes of it.
@Suite("Completions offered by bash")
struct BashCompletionTests {
  private let folder: MigrationFolder
  private let configuration: String

  init() throws {
    folder = try MigrationFolder([
      "migrations/20250101_add_users.sql": "", "migrations/20250102_add_tags.sql": "",
      "other/1_a.sql": "",
    ])
    configuration = #"{"environments": {"staging": {}, "old stage": {"dir": "other"}}}"#
  }

  private func bash(_ script: String, _ arguments: [String] = []) throws -> ProgramResult {
    try ChildProcess(
      .init(
        executable: "/usr/bin/bash",
        arguments: ["--norc", "-u", "-c", script, "bash"] + arguments,
        environment: [
          "PATH": try CompletingShell.searchPath, "HOME": folder.path, "LC_ALL": "C.UTF-8",
        ], directory: folder.path)
    ).waitUntilExit()
  }

  /// What is offered behind words; unset variables are errors, and bash-completion is not there.
  private func offered(
    _ words: String..., type: Int = 9, wordBreaks: String = " \t\n\"'><=;|&(:"
  ) throws -> [String] {
    let result = try bash(
      """
      source <(migration-manager completions bash)
      COMP_WORDBREAKS=$1
      shift
      COMP_WORDS=(migration-manager "$@") COMP_CWORD=$# COMP_TYPE=\(type)
      COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
      COMP_LINE+=' and more behind the cursor'
      _migration_manager migration-manager "${COMP_WORDS[COMP_CWORD]}" x
      for word in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do printf '%s\\n' "$word"; done
      """, [wordBreaks] + words)
    #expect(result.status == 0)
    #expect(result.stderr == "")
    return result.stdout.split(separator: "\n").map(String.init)
  }

  private let newestFirst = ["20250102_add_tags", "20250101_add_users"]

  @Test("Names where a command takes them, newest first")
  func names() throws {
    #expect(try offered("rollback", "") == newestFirst)
    #expect(try offered("rollback", "--yes", "") == newestFirst)
    #expect(try offered("--reason", "check", "rollback", "") == newestFirst)
    #expect(try offered("check", newestFirst[0], "") == [newestFirst[1]])
    #expect(try offered("--", "check", "") == newestFirst)
    #expect(try offered("--dir", "other", "check", "") == ["1_a"])
    #expect(try offered("check", "--dir", "~/other", "") == ["1_a"])
    #expect(try offered("check", "--dir", "/nonexistent", "") == [])
  }

  @Test("A part of a name: a single one at once, several when they are listed or gone through")
  func inner() throws {
    #expect(try offered("check", "tags") == [newestFirst[0]])
    #expect(try offered("check", "add") == [])
    #expect(try offered("check", "add", type: 63) == newestFirst)
    #expect(try offered("check", "add", type: 37) == newestFirst)
  }

  @Test("Options where they may stand, and what the command has where it takes no more names")
  func options() throws {
    #expect(try offered("list", "--l") == ["--limit", "--lock-timeout", "--lock-retries"])
    #expect(try offered("rollback", "--l") == ["--last", "--lock-timeout", "--lock-retries"])
    #expect(try offered("rollback", "-y").first == "-y")
    #expect(try offered("list", "") == ["--names", "--limit", "--all"])
    #expect(try offered("show", newestFirst[0], "") == ["--up", "--rollback"])
    #expect(try offered("check", "--", "--") == [])
  }

  @Test("Values of options: folders, names, words, or nothing where anything may stand")
  func values() throws {
    #expect(try offered("check", "--dir", "").sorted() == ["migrations", "other"])
    #expect(try offered("check", "--schema", "") == [])
    #expect(try offered("check", "--env", "") == [])
    try folder.write(configuration, to: "migration-manager.json")
    try folder.write(#"{"environments": {"ci": {}}}"#, to: "ci.json")
    #expect(try offered("check", "--env", "") == ["staging", #"old\ stage"#])
    #expect(try offered("check", "--env=st") == ["staging"])
    #expect(try offered("--config=ci.json", "check", "--env", "") == ["ci"])
    #expect(try offered("check", "--config", "c") == ["ci.json"])
    #expect(try offered("check", "--env", "'old stage'", "") == ["1_a"])
    #expect(try offered("rollback", "--runner-ledger", "") == ["remove", "keep"])
    #expect(try offered("rollback", "--runner-ledger=k") == ["keep"])
    #expect(try offered("sync", "--assume-applied-before", "tags") == [newestFirst[0]])
    #expect(try offered("check", "--limit", "--") == [])
  }

  @Test("Where a line is not taken apart at =, the option is a part of what is offered")
  func wordBreaks() throws {
    #expect(try offered("check", "--dir=o", wordBreaks: " \t\n") == ["--dir=other"])
    #expect(
      try offered("sync", "--assume-applied-before=tags", wordBreaks: " \t\n")
        == ["--assume-applied-before=\(newestFirst[0])"])
    #expect(try offered("check", "--dir=other", "", wordBreaks: " \t\n") == ["1_a"])
  }

  @Test("Commands and shells")
  func words() throws {
    #expect(try offered("r") == ["rollback", "register", "revert", "resolve", "rename"])
    #expect(try offered("-q", "in") == ["init"])
    #expect(try offered("help", "com") == ["completions"])
    #expect(try offered("completions", "") == ["bash", "zsh", "fish"])
    #expect(try offered("bogus", "") == [])
  }

  @Test("Nothing but the words is needed: no line, no cursor, as some callers give it")
  func callers() throws {
    let result = try bash(
      """
      source <(migration-manager completions bash)
      COMP_WORDS=(migration-manager rollback '') COMP_CWORD=2
      _migration_manager
      printf '%s\\n' "${COMPREPLY[@]}"
      complete -p migration-manager
      """)
    #expect(result.stderr == "")
    #expect(
      result.stdout
        == newestFirst.joined(separator: "\n")
        + "\ncomplete -o nosort -F _migration_manager migration-manager\n")
  }

  @Test("shellcheck has nothing to say of the script")
  func shellcheck() throws {
    let result = try bash("migration-manager completions bash | shellcheck --shell=bash -")
    #expect(result.stdout == "")
    #expect(result.status == 0)
  }
}
