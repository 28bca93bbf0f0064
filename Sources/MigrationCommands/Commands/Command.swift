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
  /// Names that were typed, as progress shows them.
  ///
  /// - Parameter names: at least one.
  /// - Returns: the names, or how many they are when nobody would read them.
  func shown(_ names: [String]) -> String {
    names.count > 5
      ? "\(names.count) migrations"
      : names.map(MigrationName.withoutSuffix).joined(separator: ", ")
  }
}

extension CommandName {
  /// The type behind the command; nil for `help`, which needs no session.
  var command: (any Command.Type)? {
    switch self {
    case .initialize: InitCommand.self
    case .list: ListCommand.self
    case .status: StatusCommand.self
    case .migrate: MigrateCommand.self
    case .check: CheckCommand.self
    case .show: ShowCommand.self
    case .rollback: RollbackCommand.self
    case .register: RegisterCommand.self
    case .synchronize: SyncCommand.self
    case .template: TemplateCommand.self
    case .resolve: ResolveCommand.self
    case .rename: RenameCommand.self
    case .forget: ForgetCommand.self
    case .history: HistoryCommand.self
    case .create: CreateCommand.self
    case .revert: RevertCommand.self
    case .configuration: ConfigCommand.self
    case .completions: CompletionsCommand.self
    case .help: nil
    }
  }
}
