/// What `migrate` would do: pure data, printable, executable.
public struct MigrationPlan: Sendable {
  /// One migration that would be applied.
  public struct Step: Sendable {
    /// The migration's name.
    public var name: String
    /// The up SQL as people may see it: stars for passwords.
    public var sql: String
    /// When and by whom it was rolled back; nil for one that was never applied.
    public var rollback: PastRollback?
    /// How far it is, where it runs statement by statement; nil where it runs in one transaction.
    public var statements: StatementProgress?
    /// Its file.
    let file: PendingFile

    /// Whether nothing says how to undo it, nor that it is irreversible.
    var lacksRollback: Bool {
      file.file.rollbackSQL == nil && file.file.declaration.irreversible == nil
    }
  }

  /// Why nothing is applied.
  public struct Refusal: Equatable, Sendable {
    /// The migration that it is about.
    public var name: String
    /// What stands against it.
    public var error: ErrorReport
  }

  /// What would be applied, in this order.
  public var steps: [Step] = []
  /// What stands against it; where there is anything, nothing is applied.
  public var refusals: [Refusal] = []
  /// Remarks that need no action, each a line.
  public var notes: [String] = []
  /// Things to look at, each a line.
  public var warnings: [String] = []
  /// How many of the folder's migrations stand already.
  public var standing = 0
  /// Why it can be shown here and not run, such as that the server is a standby.
  public var impediment: ErrorReport?
  /// What a person must say before it goes on; nil for nothing.
  public var question: UnseenStatement?
  /// What it was made from.
  let planner: MigrationPlanner

  /// Which of some migrations have no rollback SQL though nothing says that they are irreversible, in
  /// one line; nil where all have.
  ///
  /// - Parameter isMeant: which of the steps, by name.
  /// - Returns: a warning.
  package func rollbackWarning(where isMeant: (String) -> Bool = { _ in true }) -> String? {
    let names = steps.filter { isMeant($0.name) && $0.lacksRollback }.map { "'\($0.name)'" }
    guard !names.isEmpty else { return nil }
    let more = names.count - Self.shownNames
    return "no rollback SQL, so it cannot be rolled back: "
      + names.prefix(Self.shownNames).joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }

  /// How many names a warning has.
  private static let shownNames = 5
}

/// What `migrate` did with one migration.
public struct MigrationResult: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// `applied`, `skipped` where another run applied it meanwhile, `failed`, `refused`, or `unknown`
  /// where its fate could not be learned.
  public var outcome: MigrationOutcome
  /// How long it took on the wire, in microseconds.
  public var durationMicroseconds: Int64?
  /// How many statements are done, where it runs statement by statement; nil for any other.
  public var statements: StatementProgress?
  /// Why it was not applied.
  public var error: ErrorReport?
}
