import MigrationCore

/// `status`: how the files of the folder and the ledger stand to each other.
struct StatusCommand: Command {
  private let isStrict: Bool

  init(_ line: ParsedCommandLine) { isStrict = line.isSet(.exitCode) }

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(.search, "Comparing migration files with the ledger...")
    let report = try session.status()
    console.showTarget(of: session)
    console.progress()
    if console.isJSON {
      console.print(document: StatusPayload(report))
    } else {
      StatusRendering.print(report, to: console)
    }
    return isStrict && !report.isSettled ? .refused : .done
  }
}
