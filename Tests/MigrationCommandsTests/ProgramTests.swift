import MigrationCommands
import MigrationCore
import Platform
import Testing

@Suite("The program: streams and exit statuses")
struct ProgramTests {
  private func run(
    _ words: String..., delivery: OutputDelivery = .delivered,
    in surroundings: Surroundings = .pipes
  ) -> (status: Int32, output: String, errors: String) {
    let streams = RecordingStreams(delivery: delivery)
    let status = Program.run(words, streams: streams, surroundings: surroundings)
    return (status.code, streams.outputText, streams.errorText)
  }

  @Test("A wrong command line ends with the usage of the command, on standard error, and 64")
  func usageError() {
    #expect(
      run("rollback", "x", "--dryrun") == (
        64, "",
        """
        error: unknown option '--dryrun'
        hint: did you mean '--dry-run'?
        usage: migration-manager rollback (NAME... | --to NAME|VERSION | --last N | --all) \
        [--cascade] [--each] [--dry-run] [--yes] [--confirm DATABASE] [--reason TEXT] \
        [--use-recorded] [--runner-ledger remove|keep] [--unseen done|again] [global options]

        """
      ))
    #expect(
      run("rolback", "x") == (
        64, "",
        """
        error: unknown command 'rolback'
        hint: did you mean 'rollback'?
        usage: migration-manager [global options] COMMAND [arguments] [options]

        """
      ))
    #expect(run("help", "lst").status == 64)
    #expect(run().status == 64)
  }

  @Test("rollback alone names what people mean by it")
  func rollbackOfNothing() {
    let result = run("rollback")
    #expect(result.status == 64)
    #expect(
      result.errors.hasPrefix(
        """
        error: 'rollback' needs a NAME
        hint: '--last 1' is the newest, '--to NAME' all that came after that one; \
        'migration-manager list' shows what is applied
        usage: migration-manager rollback
        """))
  }

  @Test(
    "A command of another tool is answered with the one that does the same here",
    arguments: [
      ("new", "create"), ("undo", "rollback"), ("Down", "rollback"), ("downgrade", "rollback"),
      ("info", "status"), ("ls", "list"), ("up", "migrate"), ("apply", "migrate"),
      ("deploy", "migrate"), ("Upgrade", "migrate"), ("push", "migrate"),
    ])
  func otherToolsWords(word: String, command: String) {
    let result = run(word, "x")
    #expect(result.status == 64)
    #expect(
      result.errors.hasPrefix(
        "error: unknown command '\(word)'\nhint: did you mean '\(command)'?\n"))
  }

  @Test("Completions need the name of a shell that there is a script for")
  func completionsUsage() {
    for (words, end) in [([], ""), (["tcsh"], ", not 'tcsh'"), (["BASH"], ", not 'BASH'")] {
      let streams = RecordingStreams()
      let status = Program.run(["completions"] + words, streams: streams, surroundings: .pipes)
      #expect(status == .usage)
      #expect(streams.outputText == "")
      #expect(
        streams.errorText == """
          error: 'completions' needs one of 'bash', 'zsh', 'fish'\(end)
          hint: 'migration-manager help completions' explains it
          usage: migration-manager completions bash|zsh|fish [global options]

          """)
    }
    #expect(run("completions", "bash", "zsh").status == 64)
  }

  @Test("A script is printed as it is, on a terminal too, and with --json in a document")
  func completionScripts() {
    for shell in CompletionShell.allCases {
      let printed = run("completions", shell.rawValue)
      #expect(printed == (0, shell.script, ""))
      #expect(run("completions", shell.rawValue, in: .terminal(width: 40)) == printed)
      #expect(
        run("completions", shell.rawValue, "--json")
          == (0, json(CompletionsPayload(shell: shell)) + "\n", ""))
    }
    #expect(
      json(CompletionsPayload(shell: .fish)).hasPrefix(
        ##"{"shell":"fish","script":"# fish completion for migration-manager: made by "##))
  }

  @Test("With --json a wrong command line is a document, and one line on standard error")
  func usageErrorAsJSON() {
    #expect(
      run("list", "--bogus", "--json") == (
        64,
        #"""
        {"error":{"code":"usage","message":"unknown option '--bogus'","hint":"'migration-manager help' lists the commands and options","file":null,"line":null,"column":null,"sqlstate":null,"details":[]}}

        """#,
        "error: unknown option '--bogus'\n"
      ))
  }

  @Test("Help goes to standard output, whichever way it is asked for")
  func help() {
    let page = run("help", "check")
    #expect(page.status == 0)
    #expect(page.output.hasPrefix("check: say whether"))
    #expect(page.errors == "")
    #expect(run("check", "--help").output == page.output)
    #expect(run("-h", "check").output == page.output)
    #expect(run("help").output == run("--help").output)
    #expect(run("help", "--help").output.hasPrefix("help: explain"))
    #expect(run("help", "show", "--json").output.hasPrefix(#"{"commands":[{"name":"show","#))
  }

  @Test("Without a name, the hint tells where names are: in the folder, or recorded")
  func missingName() {
    for (command, names) in [
      ("register", "completions names' prints the names in the folder"),
      ("template", "completions names' prints the names in the folder"),
      ("check", "list --names' prints the names"), ("forget", "list --names' prints the names"),
    ] {
      #expect(run(command).errors.contains("\nhint: 'migration-manager \(names)\n"))
    }
  }

  @Test("The version names the program first")
  func version() {
    #expect(run("--version").output.hasPrefix("migration-manager 0."))
    #expect(run("list", "--version", "--json").output.hasPrefix(#"{"version":"0."#))
  }

  @Test("A closed standard output ends a reading command with 141, any other failure with 2")
  func closedOutput() {
    #expect(run("help", delivery: .closed) == (141, "", ""))
    #expect(
      run("help", delivery: .failed("No space left on device"))
        == (2, "", "error: cannot write to standard output: No space left on device\n"))
  }

  @Test("A closed standard output does not change how a writing command ends")
  func closedOutputOfWriter() {
    let full = "error: cannot write to standard output: disk full"
    let done = "; what the command was to do is done all the same"
    for (delivery, status, words) in [
      (OutputDelivery.closed, ExitStatus.done, ""),
      (.failed("disk full"), .done, "\(full)\(done)\n"),
      (.failed("disk full"), .refused, "\(full)\n"),
    ] {
      for isJSON in [false, true] {
        let streams = RecordingStreams(delivery: delivery)
        let console = Console(streams: streams, surroundings: .pipes, isJSON: isJSON)
        console.print("done")
        #expect(console.finish(status, writes: true) == status)
        #expect(streams.errorText == words)
      }
    }
  }

  @Test("Names are shown while they can be read, else counted; the suffix is none of the name")
  func subjects() {
    func progress(_ names: [String]) -> Substring? {
      let streams = RecordingStreams()
      _ = Program.run(
        ["register", "--dir", "/nonexistent"] + names, streams: streams, surroundings: .pipes)
      return streams.errorText.split(separator: "\n").first
    }
    #expect(progress(["1_a.sql"]) == "📝 Registering migration: 1_a")
    #expect(progress(["1_a", "2_b.sql"]) == "📝 Registering: 1_a, 2_b")
    #expect(progress((1...6).map { "\($0)_a" }) == "📝 Registering: 6 migrations")
  }

  @Test("Every error code has its exit status")
  func statuses() {
    let expected: [ErrorReport.Code: Int32] = [
      .usage: 64, .refused: 1, .interrupted: 130, .connection: 2, .permission: 2, .ledger: 2,
      .file: 2, .sql: 2, .lock: 2, .fateUnknown: 2, .internalError: 2,
    ]
    for code in ErrorReport.Code.allCases {
      #expect(ExitStatus.of(code, signal: nil).code == expected[code], "\(code.rawValue)")
    }
    #expect(ExitStatus.of(.interrupted, signal: .interrupt).code == 130)
    #expect(ExitStatus.of(.interrupted, signal: .terminate).code == 143)
    #expect(ExitStatus.of(.interrupted, signal: .hangUp).code == 129)
  }
}

@Suite("Errors, warnings and notes on standard error")
struct MessageTests {
  private let report = ErrorReport(
    .sql, "syntax error at or near \"FORM\"",
    details: ["  DELETE FORM a;\n         ^", "statement 1 of 2"], hint: "mend the section",
    location: ErrorReport.Location(file: "m/1_a.sql", line: 7, column: 8), sqlState: "42601")

  @Test("An error has its place, indented details and a hint")
  func error() {
    #expect(
      printed { $0.error(report) }.errors == """
        m/1_a.sql:7:8: error: syntax error at or near "FORM"
            DELETE FORM a;
                   ^
          statement 1 of 2
        hint: mend the section

        """)
    #expect(printed(.verbose) { $0.error(report) }.errors.contains("  code sql, SQLSTATE 42601\n"))
    #expect(printed(.quiet) { $0.error(report) }.errors.hasSuffix("hint: mend the section\n"))
  }

  @Test("Beside a JSON document an error is one line")
  func errorBesideJSON() {
    #expect(
      printed(isJSON: true) { $0.error(report) }.errors
        == "m/1_a.sql:7:8: error: syntax error at or near \"FORM\"\n")
  }

  @Test("Colour only on a terminal that welcomes it")
  func colour() {
    func errors(_ surroundings: Surroundings) -> String {
      printed(in: surroundings) { $0.warning("x") }.errors
    }
    #expect(
      errors(.terminal(width: 80, allowsColour: true)) == "\u{1B}[1;33mwarning:\u{1B}[0m x\n")
    #expect(errors(.terminal(width: 80, allowsColour: false)) == "warning: x\n")
    #expect(errors(.pipes) == "warning: x\n")
  }

  @Test("Quiet and JSON leave out progress, notes and hints, but no warning")
  func silence() {
    func say(_ console: Console) {
      console.progress(.list, "Listing...")
      console.hint("do this")
      console.observe(.note("a remark"))
      console.observe(
        .serverNotice(migration: "1_a", severity: "NOTICE", message: "table \"x\"\nis not there"))
      console.observe(.serverNotice(migration: "1_a", severity: "WARNING", message: "look"))
      console.observe(.warning("first\nsecond"))
    }
    #expect(
      printed(.normal, say).errors == """
        📋 Listing...
        💡 do this
        note: a remark
        1_a: NOTICE: table "x"
          is not there
        warning: 1_a: WARNING: look
        warning: first
          second

        """)
    let warnings = "warning: 1_a: WARNING: look\nwarning: first\n  second\n"
    #expect(printed(.quiet, say).errors == warnings)
    #expect(printed(.normal, isJSON: true, say).errors == warnings)
    #expect(printed(in: .asciiPipes, .normal, say).errors.hasPrefix("Listing...\nhint: do this\n"))
  }

  @Test("Output is written before what follows it on standard error")
  func order() {
    let streams = RecordingStreams()
    let console = Console(streams: streams, surroundings: .pipes)
    console.print("a result")
    #expect(streams.outputText == "")
    console.warning("look")
    #expect(streams.outputText == "a result\n")
  }
}
