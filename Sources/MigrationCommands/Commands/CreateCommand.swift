import MigrationCore

/// `create`: writes the files of a new migration.
struct CreateCommand: Command {
  private let words: [String]

  init(_ line: ParsedCommandLine) {
    words = line.arguments
  }

  var writes: Bool { true }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    let migration = try session.create(words.joined(separator: " "))
    CreationRendering.print(migration, to: console)
    return .done
  }
}

/// `revert`: writes a new migration that undoes one.
struct RevertCommand: Command {
  private let name: String

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
  }

  var writes: Bool { true }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    let migration = try session.revert(name)
    CreationRendering.print(migration, to: console)
    return .done
  }
}
