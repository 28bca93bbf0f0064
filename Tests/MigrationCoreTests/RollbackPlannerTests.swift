import Testing

@testable import MigrationCore

@Suite("Plans: several rollbacks in one")
struct RollbackPlannerTests {
  /// A migration whose rollback SQL is recorded; nil for one without.
  private func candidate(
    _ name: String, _ sql: String? = "SELECT 1;", status: MigrationStatus = .applied,
    dependents: [String] = []
  ) -> RollbackStepPlanner {
    let isFree = status == .applied && dependents.isEmpty && sql != nil
    return RollbackStepPlanner(
      name: name,
      record: LedgerRecord(
        name: name, status: status, canRollback: isFree,
        reason: status != .applied
          ? "Migration status is \(status.rawValue), not applied"
          : !dependents.isEmpty
            ? "Cannot rollback: other migrations depend on this one"
            : sql == nil
              ? "No rollback SQL defined for this migration"
              : "Migration can be safely rolled back",
        dependents: dependents, checksum: nil, metadata: LedgerRecord.Metadata(), rollbackSQL: sql),
      file: .missing)
  }

  private func plan(_ candidates: RollbackStepPlanner...) -> RollbackPlan {
    RollbackPlanner(candidates: candidates).plan()
  }

  @Test("Newest first, but what stands on another before it")
  func order() {
    func order(_ names: [String], _ dependents: [String: [String]]) -> [String] {
      RollbackOrder.of(names) { dependents[$0] ?? [] }
    }
    #expect(order(["c", "b", "a"], [:]) == ["c", "b", "a"])
    #expect(order(["c", "b", "a"], ["a": ["b", "c"], "b": ["c"]]) == ["c", "b", "a"])
    // The newest is what the others stand on.
    #expect(order(["c", "b", "a"], ["c": ["a"]]) == ["a", "c", "b"])
    #expect(order(["c", "b", "a"], ["c": ["a", "b"]]) == ["b", "a", "c"])
    #expect(order(["b", "a"], ["b": ["x"], "a": ["y"]]) == ["b", "a"])
    #expect(order(["b", "a", "b"], [:]) == ["b", "a"])
    // A ring, which the ledger refuses, does not turn for ever.
    #expect(order(["b", "a"], ["a": ["b"], "b": ["a"]]).sorted() == ["a", "b"])
    let chain = (0..<50_000).map(String.init)
    #expect(order(chain, [:]).count == 50_000)
    #expect(
      RollbackOrder.of(chain) { [String((Int($0) ?? 0) + 1)] } == Array(chain.reversed()))
  }

  @Test("Dependents that go before block nothing")
  func dependentsInside() {
    let plan = plan(
      candidate("2_b"), candidate("1_a", dependents: ["2_b"]))
    #expect(plan.steps.map(\.name) == ["2_b", "1_a"])
    #expect(plan.obstacle == nil)
    #expect(plan.steps.map(\.dependents) == [[], []])
  }

  @Test("What stands on them and stays, what is not applied and what has no SQL refuse all")
  func refusals() throws {
    let plan = plan(
      candidate("5_e"), candidate("4_d", status: .failed), candidate("3_c", dependents: ["9_x"]),
      candidate("2_b"), candidate("1_a", nil, dependents: ["2_b"]))
    let obstacle = try #require(plan.obstacle)
    #expect(obstacle.code == .refused)
    #expect(obstacle.message == "3 of 5 migrations cannot be rolled back; nothing was changed")
    #expect(
      obstacle.details == [
        "Migration status is failed, not applied: '4_d'",
        "Cannot rollback: other migrations depend on this one: '3_c'",
        "  depends on it: 9_x",
        "No rollback SQL defined for this migration: '1_a'",
      ])
  }

  @Test("One alone is refused in its own words")
  func oneRefused() throws {
    let obstacle = try #require(plan(candidate("1_a", status: .failed)).obstacle)
    #expect(obstacle.message == "Migration status is failed, not applied: '1_a'")
  }

  @Test("Where versions would mean others, it says which")
  func range() {
    var range = RollbackRange()
    #expect(range.remark == nil)
    range.onlyBySequence = ["1_a"]
    range.onlyByVersion = ["3_c", "4_d"]
    #expect(
      range.remark
        == "they were not applied in the order of their versions; by version '1_a' would stay, "
        + "and '3_c', '4_d' would be rolled back")
    var planner = RollbackPlanner(candidates: [candidate("1_a")])
    planner.range = range
    #expect(planner.plan().warnings == [range.remark])
  }

  @Test("A point to go back to must be applied")
  func point() {
    var range = RollbackRange()
    #expect(
      range.refusal(of: "9", nearNames: [])?.message
        == "there is nothing to go back to: '9' is no applied migration")
    range.targets = ["1_a": "rolled_back"]
    #expect(
      range.refusal(of: "1", nearNames: [])?.message
        == "there is nothing to go back to: '1_a' is 'rolled_back', not applied")
    range.targets["1_b"] = "applied"
    #expect(range.refusal(of: "1", nearNames: []) == nil)
  }
}
