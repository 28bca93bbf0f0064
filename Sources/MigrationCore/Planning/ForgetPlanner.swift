/// Decides whether a migration's record can be deleted: ledger, folder and request in, a
/// ``LedgerChange`` out. Pure: it touches neither disk nor database.
struct ForgetPlanner {
  /// The migration's name.
  var name: String
  /// The ledger's row; nil when there is none.
  var record: LedgerRecord?
  /// Whether the folder has the migration's file.
  var hasFile = false
  /// Names that a mistyped one may have meant.
  var nearNames: [String] = []

  /// What would be done.
  func plan() -> LedgerChange {
    LedgerChange(
      kind: .forget, name: name, statusBefore: record?.status, failure: record?.failure,
      hasFile: hasFile, warnings: warnings, refusal: refusal)
  }

  private var refusal: ErrorReport? {
    guard let record else { return .notInLedger(name, nearNames: nearNames) }
    guard !record.dependents.isEmpty else { return nil }
    return ErrorReport(
      .refused, "cannot forget '\(name)': other migrations depend on it",
      details: record.dependents.map { "depends on it: \($0)" },
      hint: "roll those back or forget them first")
  }

  private var warnings: [String] {
    guard let record, record.dependents.isEmpty, record.status != .rolledBack else { return [] }
    var warnings = [
      "what '\(name)' made stays in the database, and 'rollback' cannot undo it any more"
    ]
    if hasFile {
      warnings.append("its file is still in the folder: without a record it may be applied again")
    }
    return warnings
  }
}
