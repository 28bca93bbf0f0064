/// Puts the rollbacks of some migrations into one plan: their order, and whether all of them may go
/// ahead. Pure: it touches neither disk nor database.
struct RollbackPlanner {
  /// The migrations, newest first, as their files and the ledger say; those without a row last.
  var candidates: [RollbackStepPlanner]
  /// What was asked for.
  var request: RollbackRequest?
  /// What the point to go back to means by version.
  var range = RollbackRange()
  /// Why there is no such point.
  var refusal: ErrorReport?

  /// The steps in their order.
  func plan() -> RollbackPlan {
    var candidatesByName: [String: RollbackStepPlanner] = [:]
    for candidate in candidates { candidatesByName[candidate.name] = candidate }
    let order = RollbackOrder.of(candidates.map(\.name)) { name in
      candidatesByName[name]?.record?.dependents ?? []
    }
    var gone: Set<String> = []
    let ordered = order.compactMap { name -> RollbackStepPlanner? in
      guard var candidate = candidatesByName[name] else { return nil }
      let record = candidate.record?.leavingOut(dependents: gone)
      candidate.record = record
      gone.insert(name)
      return candidate
    }
    var plan = RollbackPlan(steps: ordered.map { $0.step() }, isEach: request?.isEach ?? false)
    plan.request = request
    plan.refusal = refusal
    if let remark = range.remark, !order.isEmpty { plan.warnings.append(remark) }
    return plan
  }
}

extension LedgerRecord {
  /// What the ledger would say after some of its dependents were rolled back.
  ///
  /// The rule is `migration_overview`'s, and `migration_guard`'s for a batch.
  func leavingOut(dependents gone: Set<String>) -> LedgerRecord {
    let standing = dependents.filter { !gone.contains($0) }
    guard standing.count < dependents.count else { return self }
    var record = self
    record.dependents = standing
    if status == .applied, standing.isEmpty {
      record.canRollback = rollbackSQL?.contains { !$0.isWhitespace } ?? false
      record.reason =
        record.canRollback
        ? "Migration can be safely rolled back" : "No rollback SQL defined for this migration"
    }
    return record
  }
}
