/// Decides whether a migration's status can be set by hand: ledger, folder and request in, a
/// ``LedgerChange`` out. Pure: it touches neither disk nor database.
struct ResolutionPlanner {
  /// The migration's name.
  var name: String
  /// The status it is to have: `applied` or `rolledBack`.
  var status: MigrationStatus
  /// The ledger's row; nil when there is none.
  var record: LedgerRecord?
  /// Whether the folder has the migration's file.
  var hasFile = false
  /// How far it got, where it is half applied or half rolled back; nil where it is neither.
  var halfDone: OpenSteps.Run?
  /// What the database says of the file; nil where it was not asked.
  var verdict: AppliedVerdict?
  /// Names that a mistyped one may have meant.
  var nearNames: [String] = []

  /// What would be done.
  func plan() -> LedgerChange {
    LedgerChange(
      kind: .resolve(status), name: name, statusBefore: record?.status, failure: record?.failure,
      halfDone: halfDone?.words, hasFile: hasFile, warnings: warnings, refusal: refusal)
  }

  private var refusal: ErrorReport? {
    guard let record else {
      // Of what is half applied the journal knows, also without a file.
      if !hasFile, halfDone == nil { return .notInLedger(name, nearNames: nearNames) }
      return status == .applied ? neverRecorded : nil
    }
    if status == .applied, record.status == .rolledBack, record.checksum == nil {
      return neverRecorded
    }
    if status == .rolledBack, record.status != .rolledBack, !record.dependents.isEmpty {
      return ErrorReport(
        .refused, "cannot resolve '\(name)' as rolled back: other migrations depend on it",
        details: record.dependents.map { "depends on it: \($0)" },
        hint: "roll those back first, or resolve them first")
    }
    return nil
  }

  /// Nothing of the migration stands in the ledger that an applied one needs.
  private var neverRecorded: ErrorReport {
    ErrorReport(
      .refused, "migration '\(name)' was never recorded as applied: there is nothing to go back to",
      hint: "\(ShellWord.command("register", name)) records it, with its rollback SQL; "
        + "--force does so whatever the database shows")
  }

  /// Where the database contradicts what it is to be taken for.
  private var warnings: [String] {
    switch (status, verdict) {
    case (.rolledBack, .applied(let evidence, _)?):
      return ["the database shows that '\(name)' is applied: \(evidence)"]
    case (.rolledBack, .partial(let reason)?):
      return ["a part of '\(name)' is in the database: \(reason.evidence)"]
    case (.applied, .notApplied(let reason)?), (.applied, .partial(let reason)?):
      return ["the database does not show all of '\(name)': \(reason.evidence)"]
    default:
      return []
    }
  }
}

extension ErrorReport {
  /// A name that the ledger does not know.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - nearNames: those that it may have meant.
  /// - Returns: a refusal.
  static func notInLedger(_ name: String, nearNames: [String]) -> ErrorReport {
    ErrorReport(
      .refused, "\(RollbackStepPlanner.notFound): '\(name)'",
      details: nearNames.map { "did you mean '\($0)'?" },
      hint: "'migration-manager list --all' shows what is recorded")
  }
}
