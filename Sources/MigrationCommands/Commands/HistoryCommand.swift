import MigrationCore

/// `history`: the audit trail, of all migrations or of one.
struct HistoryCommand: Command {
  private let name: String?
  private let limit: Int?

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first
    limit = line.integer(.limit)
  }

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(
      .list, name.map { "Listing the events of: \(shown([$0]))" } ?? "Listing events...")
    console.progress()
    let trail = try session.history(of: name, limit: limit)
    if console.isJSON {
      console.print(document: HistoryPayload(trail))
    } else {
      if console.verbosity == .verbose { console.showTarget(of: session) }
      HistoryRendering.print(trail, to: console)
    }
    return .done
  }
}
