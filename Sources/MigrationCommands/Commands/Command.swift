import MigrationCore

/// A subcommand: calls one method of the session, two for a rollback, and renders what it gets.
protocol Command {
  /// Takes what it needs from a command line that the parser let through.
  init(_ line: ParsedCommandLine)

  /// Whether it changes anything: then a closed standard output does not stop it.
  var writes: Bool { get }

  /// Does it.
  ///
  /// - Returns: the exit status.
  /// - Throws: `ErrorReport` where there is no answer at all.
  func run(in session: Session, console: Console) throws -> ExitStatus
}

extension Command {
  /// A name that was typed, as it is shown: people may add `.sql`, as completion by a shell does.
  func withoutSuffix(_ name: String) -> String {
    name.hasSuffix(".sql") ? String(name.dropLast(4)) : name
  }
}

extension CommandName {
  /// The type behind the command; nil for `help`, which needs no session.
  var command: (any Command.Type)? {
    switch self {
    case .initialize: InitCommand.self
    case .list: ListCommand.self
    case .check: CheckCommand.self
    case .show: ShowCommand.self
    case .rollback: RollbackCommand.self
    case .register: RegisterCommand.self
    case .help: nil
    }
  }
}
