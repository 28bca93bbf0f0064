package import MigrationCore
import Platform

/// The program: from the words of a command line to an exit status.
package enum Program {
  /// Runs this process's command line, and ends the process.
  package static func main() -> Never {
    StandardStreams.reserveDescriptors()
    StandardStreams.ignoreBrokenPipes()
    let words = Array(CommandLine.arguments.dropFirst())
    let isJSON = CommandLineParser.asksForJSON(words)
    Interrupts.install { signal in interruptedWhileIdle(by: signal, isJSON: isJSON) }
    let status = run(words, streams: ProcessStreams(), surroundings: .ofThisProcess)
    exit(status.code)
  }

  /// Runs a command line.
  ///
  /// - Parameters:
  ///   - words: the words after the program's name.
  ///   - streams: where to print, and whom to ask.
  ///   - surroundings: terminals and locale.
  /// - Returns: the exit status.
  package static func run(
    _ words: [String], streams: any ProgramStreams, surroundings: Surroundings
  ) -> ExitStatus {
    do throws(UsageError) {
      let line = try CommandLineParser.parse(words)
      let console = Console(
        streams: streams, surroundings: surroundings,
        verbosity: line.isSet(.quiet) ? .quiet : line.isSet(.verbose) ? .verbose : .normal,
        isJSON: line.isSet(.json))
      return try run(line, console: console)
    } catch {
      let console = Console(
        streams: streams, surroundings: surroundings,
        isJSON: CommandLineParser.asksForJSON(words))
      console.error(usage: error)
      return console.finish(.usage, writes: false)
    }
  }

  private static func run(
    _ line: ParsedCommandLine, console: Console
  ) throws(UsageError) -> ExitStatus {
    if line.isSet(.version) {
      VersionCommand.run(console: console)
      return console.finish(.done, writes: false)
    }
    guard !line.isSet(.help), let type = line.command?.command else {
      try HelpCommand.run(line, console: console)
      return console.finish(.done, writes: false)
    }
    let command = type.init(line)
    let session = Session(options: SessionOptions(line), observe: console.observe)
    do {
      let status = try command.run(in: session, console: console)
      return console.finish(status, writes: command.writes)
    } catch {
      let report = report(of: error)
      if console.isJSON { console.print(document: ErrorDocument(report)) }
      console.error(report)
      if report.code == .usage { console.show(usage: UsageError.usage(of: line.command)) }
      return console.finish(status(of: report), writes: command.writes)
    }
  }

  /// The exit status of an error, by the signal that came where it was one.
  ///
  /// - Parameter report: the error.
  /// - Returns: the status.
  package static func status(of report: ErrorReport) -> ExitStatus {
    .of(report.code, signal: Interrupts.pending)
  }

  /// Any error as one that can be explained.
  static func report(of error: any Error) -> ErrorReport {
    switch error {
    case let report as ErrorReport: report
    case let error as InterruptedError:
      ErrorReport(interruptedBy: error.signal)
    default:
      ErrorReport(
        .internalError, "unexpected error: \(error)",
        hint: "this is a defect of migration-manager: please report it")
    }
  }

  /// A signal came while nothing was being written on the server, such as at the prompt: the
  /// commands that write settle the outcome before they print it.
  private static func interruptedWhileIdle(by signal: InterruptSignal, isJSON: Bool) -> Never {
    let report = ErrorReport(interruptedBy: signal)
    let streams = ProcessStreams()
    if isJSON, !StandardStreams.outputHasBegun {
      var writer = JSONWriter()
      writer.value(ErrorDocument(report))
      writer.endLine()
      _ = streams.writeOutput(writer.bytes)
    }
    streams.writeError(Array("\nerror: \(report.message)\n".utf8))
    exitImmediately(signal.exitStatus)
  }
}

extension Console {
  /// Explains a wrong command line, and how it should have been typed.
  fileprivate func error(usage mistake: UsageError) {
    if isJSON { print(document: ErrorDocument(mistake.report)) }
    error(mistake.report)
    show(usage: UsageError.usage(of: mistake.command))
  }

  /// Shows how a command is typed, to people.
  fileprivate func show(usage: String) {
    if !isJSON { preview("usage: \(usage)") }
  }

  /// Writes out what is left, and settles the exit status.
  ///
  /// - Parameters:
  ///   - status: how the command ended.
  ///   - writes: whether it changes anything: then its own outcome counts, whatever became of the
  ///     output.
  /// - Returns: the exit status.
  package func finish(_ status: ExitStatus, writes: Bool) -> ExitStatus {
    flush()
    switch delivery {
    case .delivered:
      return status
    case .closed:
      return writes ? status : .outputClosed
    case .failed(let reason):
      let isDone = writes && status == .done
      error(
        ErrorReport(
          .file,
          "cannot write to standard output: \(reason)"
            + (isDone ? "; what the command was to do is done all the same" : "")))
      return writes ? status : .failed
    }
  }
}
