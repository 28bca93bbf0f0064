import MigrationCommands
import MigrationCore
import Testing

@Suite("Command lines")
struct CommandLineParserTests {
  private func parse(_ words: String...) throws -> ParsedCommandLine {
    try CommandLineParser.parse(words)
  }

  private func problem(_ words: String...) -> UsageError? {
    do throws(UsageError) {
      _ = try CommandLineParser.parse(words)
      return nil
    } catch {
      return error
    }
  }

  @Test("Options stand before the command, before the argument, and after it")
  func optionsAnywhere() throws {
    let expected = ParsedCommandLine(
      .rollback, ["20250120_a"], [.yes: [.flag], .schema: [.text("app")], .quiet: [.flag]])
    #expect(
      try parse("--quiet", "--schema", "app", "rollback", "20250120_a", "--yes") == expected)
    #expect(
      try parse("rollback", "--yes", "--schema=app", "--quiet", "20250120_a") == expected)
    #expect(try parse("--yes", "rollback", "20250120_a", "-q", "--schema=app") == expected)
  }

  @Test("A value is attached with an equals sign or follows as a word of its own")
  func values() throws {
    let line = try parse("rollback", "a", "--reason=x=y", "--database-url", "host=/tmp dbname=a")
    #expect(line.text(.reason) == "x=y")
    #expect(line.text(.databaseURL) == "host=/tmp dbname=a")
  }

  @Test("A word with a dash that is no option of ours is a value")
  func valuesWithDashes() throws {
    #expect(try parse("rollback", "a", "--reason", "-1 day").text(.reason) == "-1 day")
    #expect(try parse("rollback", "a", "--reason", "--undone").text(.reason) == "--undone")
  }

  @Test("Two dashes end the options")
  func endOfOptions() throws {
    #expect(try parse("check", "--", "--yes", "-q").arguments == ["--yes", "-q"])
    #expect(try parse("--", "check", "--json").arguments == ["--json"])
    #expect(try parse("check", "-").arguments == ["-"])
  }

  @Test("Of an option given twice the last value counts; of a repeatable one all do")
  func repeatedOptions() throws {
    let line = try parse(
      "init", "--schema", "a", "--reader", "r1", "--schema=b", "--reader=r2", "--operator", "o")
    #expect(line.text(.schema) == "b")
    #expect(line.texts(.reader) == ["r1", "r2"])
    #expect(line.texts(.operator) == ["o"])
    #expect(try parse("list", "--names", "--names").isSet(.names))
  }

  @Test("Short flags may be joined")
  func shortFlags() throws {
    let line = try parse("rollback", "a", "-yqn")
    #expect(line.isSet(.yes) && line.isSet(.quiet) && line.isSet(.dryRun))
  }

  @Test("Help and versions need no arguments")
  func helpAndVersion() throws {
    #expect(try parse("--version") == ParsedCommandLine(nil, [], [.version: [.flag]]))
    #expect(try parse("rollback", "--help") == ParsedCommandLine(.rollback, [], [.help: [.flag]]))
    #expect(try parse("-h").command == nil)
    #expect(try parse("help", "list").arguments == ["list"])
  }

  @Test("Session options come from the command line, which leaves the rest open")
  func sessionOptions() throws {
    let options = SessionOptions(
      try parse(
        "list", "--env", "e", "--config", "c", "--dir", "db", "--schema", "s", "--database-url",
        "u", "--lock-timeout", "1500",
        "--lock-retries", "5", "--wait", "2min", "--statement-timeout", "1.5s",
        "--connect-timeout", "500ms", "--connect-wait", "30"))
    #expect([options.environment, options.configurationFile] == ["e", "c"])
    #expect(options.directory == "db")
    #expect(options.schema == "s")
    #expect(options.databaseURL == "u")
    #expect(options.lockTimeoutMilliseconds == 1_500)
    #expect(options.lockRetries == 5)
    #expect(options.waitMilliseconds == 120_000)
    #expect(options.statementTimeoutMilliseconds == 1_500)
    #expect(options.connectTimeoutMilliseconds == 500)
    #expect(options.connectWaitMilliseconds == 30_000)
    #expect(SessionOptions(try parse("list")).values == [:])
  }

  @Test("Mistakes in options are told apart")
  func wrongOptions() {
    #expect(
      problem("rollback", "a", "--dryrun")
        == UsageError(.unknownOption("--dryrun", nearest: .dryRun), for: .rollback))
    #expect(
      problem("list", "--colour=no")
        == UsageError(.unknownOption("--colour", nearest: nil), for: .list))
    #expect(problem("list", "-x") == UsageError(.unknownOption("-x", nearest: nil), for: .list))
    #expect(
      problem("list", "--dry-run")
        == UsageError(
          .foreignOption(
            .dryRun, commands: [.rollback, .migrate, .synchronize, .resolve, .rename, .forget]),
          for: .list))
    #expect(
      problem("list", "--limit")
        == UsageError(.missingValue(.limit, placeholder: "N"), for: .list))
    #expect(
      problem("list", "--limit", "--names")
        == UsageError(.missingValue(.limit, placeholder: "N"), for: .list))
    #expect(
      problem("rollback", "a", "--reason", "-y")
        == UsageError(.missingValue(.reason, placeholder: "TEXT"), for: .rollback))
    #expect(
      problem("rollback", "--reason", "--", "a")
        == UsageError(.missingValue(.reason, placeholder: "TEXT"), for: .rollback))
    #expect(
      problem("list", "--database-url", "")
        == UsageError(.emptyValue(.databaseURL), for: .list))
    #expect(
      problem("rollback", "a", "--yes=no")
        == UsageError(.unexpectedValue(.yes, value: "no"), for: .rollback))
    #expect(
      problem("list", "--limit", "0")
        == UsageError(.notAnInteger(.limit, value: "0", minimum: 1), for: .list))
    #expect(
      problem("list", "--limit", "-1")
        == UsageError(.notAnInteger(.limit, value: "-1", minimum: 1), for: .list))
    #expect(
      problem("list", "--wait", "soon")
        == UsageError(.notADuration(.wait, value: "soon", bareUnit: .seconds), for: .list))
    #expect(
      problem("list", "-qv") == UsageError(.conflict(.quiet, .verbose), for: .list))
  }

  @Test("Mistakes in commands and arguments are told apart")
  func wrongArguments() {
    #expect(problem() == UsageError(.noCommand, for: nil))
    #expect(problem("--json") == UsageError(.noCommand, for: nil))
    #expect(problem("lst") == UsageError(.unknownCommand("lst", nearest: .list), for: nil))
    #expect(problem("") == UsageError(.unknownCommand("", nearest: nil), for: nil))
    #expect(
      problem("rollback") == UsageError(.missingArgument(placeholder: "NAME"), for: .rollback))
    #expect(
      problem("rollback", "") == UsageError(.emptyArgument(placeholder: "NAME"), for: .rollback))
    #expect(
      problem("check", "a", "") == UsageError(.emptyArgument(placeholder: "NAME"), for: .check))
    #expect(problem("rollback", "a", "b") == nil)
    #expect(
      problem("rollback", "a", "--to", "b")
        == UsageError(.unexpectedArgument("a"), for: .rollback))
    #expect(
      problem("rollback", "--to", "b", "--last", "2")
        == UsageError(.conflict(.to, .last), for: .rollback))
    #expect(
      problem("rollback", "--all", "--cascade")
        == UsageError(.conflict(.cascade, .all), for: .rollback))
    #expect(problem("rollback", "--to", "") == UsageError(.emptyValue(.to), for: .rollback))
    #expect(problem("list", "a") == UsageError(.unexpectedArgument("a"), for: .list))
    #expect(problem("show", "a") == UsageError(.noneOf([.up, .rollback]), for: .show))
    #expect(
      problem("show", "a", "--up", "--rollback")
        == UsageError(.conflict(.up, .rollback), for: .show))
    #expect(
      problem("init", "--reader", "a", "--drop")
        == UsageError(.conflict(.drop, .reader), for: .initialize))
    #expect(
      problem("init", "--drop", "--operator", "a", "--yes")
        == UsageError(.conflict(.drop, .operator), for: .initialize))
  }

  @Test("A word that is none of an option's choices is answered with all of them")
  func wrongChoice() {
    let mistake = UsageError(
      .notAChoice(.schema, value: "drop", words: ["remove", "keep"]), for: .rollback)
    #expect(
      mistake.report.message == "option '--schema' must be one of 'remove', 'keep', not 'drop'")
    #expect(mistake.report.hint == "'migration-manager help rollback' explains it")
  }

  @Test("The first mistake in reading order is told, for the command that comes later")
  func firstMistake() {
    #expect(
      problem("--limit", "x", "--bogus", "list")
        == UsageError(.notAnInteger(.limit, value: "x", minimum: 1), for: .list))
  }

  @Test("JSON is asked for by a command line that cannot be understood, too")
  func asksForJSON() {
    #expect(CommandLineParser.asksForJSON(["lst", "--bogus", "--json"]))
    #expect(!CommandLineParser.asksForJSON(["check", "--", "--json"]))
  }
}
