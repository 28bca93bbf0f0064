import MigrationCore

/// `list`: the recorded migrations, newest first, and whether they can be rolled back.
struct ListCommand: Command {
  private let namesOnly: Bool
  private let limit: Int?
  private let everyStatus: Bool

  init(_ line: ParsedCommandLine) {
    namesOnly = line.isSet(.names)
    limit = line.integer(.limit)
    everyStatus = line.isSet(.all)
  }

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    if namesOnly {
      let names = try session.names(limit: limit, everyStatus: everyStatus)
      if console.isJSON {
        console.print(document: NamesPayload(names: names))
      } else {
        for name in names { console.print(name) }
      }
      return .done
    }
    console.progress(.list, "Listing \(everyStatus ? "" : "rollbackable ")migrations...")
    console.progress()
    let list = try session.list(limit: limit, everyStatus: everyStatus)
    if console.isJSON {
      console.print(document: ListPayload(list))
    } else {
      if console.verbosity == .verbose { console.showTarget(of: session) }
      ListRendering.print(list, everyStatus: everyStatus, to: console)
    }
    return .done
  }
}
