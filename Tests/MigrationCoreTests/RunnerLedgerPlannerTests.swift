import Testing

@testable import MigrationCore

@Suite("Other runners' ledgers: what a rollback does there")
struct RunnerLedgerPlannerTests {
  private let name = MigrationName("20250120_users")

  private func finding(
    _ runner: RunnerLedger = .supabase, rows: [RunnerLedgerFinding.Row]? = [],
    stranger: String? = nil, isReadable: Bool = true, isWritable: Bool = true,
    hidesRows: Bool = false, reaction: String? = nil
  ) -> RunnerLedgerFinding {
    RunnerLedgerFinding(
      runner: runner.rawValue, schema: "s", identity: "s.t", stranger: stranger,
      isReadable: isReadable, isWritable: isWritable, hidesRows: hidesRows, reaction: reaction,
      rows: rows)
  }

  private var row: RunnerLedgerFinding.Row {
    RunnerLedgerFinding.Row(migration: name.text, name: "users", isFollowed: false)
  }

  private func planner(
    _ findings: RunnerLedgerFinding..., choice: RunnerLedgerAction? = nil
  ) -> RunnerLedgerPlanner {
    RunnerLedgerPlanner(name: name, findings: findings, choice: choice, user: "me")
  }

  @Test("Each row is a step, kept unless it shall be removed")
  func steps() {
    let findings = (finding(rows: [row]), finding(.prisma, rows: [row]))
    for choice in [nil, RunnerLedgerAction.keep, .remove] {
      let steps = planner(findings.0, findings.1, choice: choice).steps
      #expect(steps.map(\.runner) == [.supabase, .prisma])
      #expect(steps.map(\.key) == ["20250120", "20250120_users"])
      #expect(steps.map(\.action) == [choice ?? .keep, choice ?? .keep])
    }
    #expect(planner(finding(rows: [])).steps.isEmpty)
  }

  @Test("A row of another file with the same version is not this migration's")
  func sharedVersion() {
    let other = RunnerLedgerFinding.Row(migration: name.text, name: "themes", isFollowed: false)
    var planner = planner(finding(rows: [other], reaction: "spy"), choice: .remove)
    #expect(planner.steps.count == 1)
    #expect(planner.refusal != nil)
    planner.isFile = { $0 == "20250120_themes" }
    #expect(planner.steps.isEmpty)
    #expect(planner.warnings.isEmpty)
    #expect(planner.refusal == nil)
  }

  @Test("Of two Prisma schemas with one name in both it is not known which is meant")
  func twoPrismaSchemas() {
    let both = (finding(.prisma, rows: [row]), finding(.prisma, rows: [row]))
    #expect(planner(both.0, both.1, choice: .remove).refusal?.code == .refused)
    #expect(planner(both.0, both.1, choice: .keep).refusal == nil)
    #expect(planner(both.0, finding(.prisma, rows: []), choice: .remove).refusal == nil)
  }

  @Test("There is a choice only where none was made and there is one")
  func choice() {
    #expect(planner(finding(rows: [row])).hint != nil)
    #expect(planner(finding(rows: [row]), choice: .keep).hint == nil)
    #expect(planner(finding(rows: [])).hint == nil)
    #expect(planner(finding(rows: [row], reaction: "spy")).hint == nil)
  }

  @Test("An obstacle matters only where a row may have to be removed")
  func obstacles() {
    for (obstructed, code) in [
      (finding(rows: nil, stranger: "eve"), ErrorReport.Code.refused),
      (finding(rows: nil, isReadable: false), .permission),
      (finding(rows: nil, hidesRows: true), .refused),
      (finding(rows: [row], isWritable: false), .permission),
      (finding(rows: [row], reaction: "spy"), .refused),
    ] {
      #expect(planner(obstructed).refusal == nil)
      #expect(planner(obstructed, choice: .keep).refusal == nil)
      #expect(planner(obstructed, choice: .remove).refusal?.code == code)
      #expect(planner(finding(rows: [row]), obstructed, choice: .remove).refusal?.code == code)
    }
    let elsewhere = RunnerLedgerFinding.Row(migration: "1_a", name: nil, isFollowed: false)
    #expect(
      planner(finding(rows: [elsewhere], isWritable: false), choice: .remove).refusal == nil)
  }

  @Test("A ledger that cannot be asked is said to be unknown, by who it is that prevents it")
  func ignorance() {
    #expect(
      planner(
        finding(rows: nil, stranger: "eve"), finding(.prisma, rows: nil, isReadable: false)
      ).warnings == [
        "what s.t says of '20250120_users' is not known: it belongs to 'eve'",
        "what s.t says of '20250120_users' is not known: role 'me' may not read it",
      ])
  }

  @Test("Supabase takes the digits before the first underscore, and no other names")
  func supabaseVersions() {
    for (name, version) in [
      ("20250120_users", "20250120"), ("0007_a", "0007"), ("2025_01_20_a", "2025"), ("1_", "1"),
      ("20250120", nil), ("7-notes", nil), ("a_1", nil), ("_1", nil), ("", nil),
    ] {
      #expect(MigrationName(name).supabaseVersion == version, "\(name)")
    }
    var other = planner(finding(rows: nil, stranger: "eve"), choice: .remove)
    other.name = MigrationName("7-notes")
    #expect(other.refusal == nil)
    #expect(other.warnings.isEmpty)
  }
}
