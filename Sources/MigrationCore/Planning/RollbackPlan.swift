/// What a rollback would do to one migration: pure data, printable, executable.
public struct RollbackStep: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// The rollback SQL as recorded in the ledger: what runs.
  public var sql: String
  /// The search path recorded for the migration; nil leaves the connection's.
  public var searchPath: String?
  /// SHA-256 of `sql`, which the guard compares under the lock.
  public var sqlChecksum: String
  /// Where `sql` begins: the file and the line of its first line when the file agrees with the
  /// record, else `NAME (recorded)` from line 1.
  public var origin: SQLOrigin
  /// How the file differs from the record.
  public var drift: Drift?
  /// Whether the file is gone from the folder.
  public var fileMissing: Bool
  /// Things to know before saying yes, each a line.
  public var warnings: [String]
  /// Why it is refused; nil when it may go ahead.
  public var refusal: ErrorReport?
  /// Applied migrations that depend on it and are not rolled back before it.
  public var dependents: [String]
  /// What becomes of its rows in other runners' ledgers.
  public var runnerLedgers: [RunnerLedgerStep] = []
  /// A choice there is before saying yes; nil where there is none.
  public var hint: String? = nil
  /// Whether `migrate` will apply it again: it did before, and the file is there.
  public var comesBack = false
  /// How far it is, where it runs statement by statement; nil where it runs in one transaction.
  public var statements: StatementProgress? = nil
  /// Whether it runs statement by statement.
  var runsStepwise: Bool { statements != nil }
  /// Its statements, where it runs statement by statement.
  var units: [MigrationUnit] = []
  /// What parsing found in `sql`; nil where it was not parsed yet.
  var inspection: SQLInspection? = nil
}

/// What a rollback would do: the migrations in the order in which they are rolled back.
public struct RollbackPlan: Equatable, Sendable {
  /// The migrations, in their order; none where nothing is to do.
  public var steps: [RollbackStep]
  /// Whether each is a transaction of its own, rather than all of them one.
  public var isEach = false
  /// Things to know of the whole before saying yes, each a line; those of a step stand with it.
  public var warnings: [String] = []
  /// Why there is nothing to plan, such as a point to go back to that is not applied.
  public var refusal: ErrorReport? = nil
  /// Why it can be shown here and not run, such as that the server is a standby.
  public var impediment: ErrorReport? = nil
  /// What a person must say before it goes on; nil for nothing.
  public var question: UnseenStatement? = nil
  /// What it is the answer to; nil where it was put together by hand.
  var request: RollbackRequest? = nil

  /// Takes a person's answer to ``question``.
  public mutating func answer(_ answer: UnseenAnswer) {
    request?.unseen = answer
  }

  /// The steps that are refused. One of them stops all.
  public var refusedSteps: [RollbackStep] { steps.filter { $0.refusal != nil } }

  /// Why it must not run; nil when it may go ahead. Of several refused migrations it names each.
  public var obstacle: ErrorReport? {
    if let refusal { return refusal }
    let refused = refusedSteps
    guard let first = refused.first?.refusal else { return nil }
    guard refused.count > 1 || steps.count > 1 else { return first }
    return ErrorReport(
      .refused,
      "\(refused.count) of \(steps.count) migrations cannot be rolled back; nothing was changed",
      details: refused.flatMap { step -> [String] in
        guard let refusal = step.refusal else { return [] }
        let words = refusal.sentence
        return [words.contains("'\(step.name)'") ? words : "'\(step.name)': \(words)"]
          + refusal.details.map { "  " + $0 }
      },
      hint: refused.count == 1
        ? first.hint : "\(ShellWord.command("check", refused[0].name)) says more of the first")
  }
}
