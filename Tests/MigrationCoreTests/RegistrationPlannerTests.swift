import Testing

@testable import MigrationCore

@Suite("Registration: was it applied?")
struct RegistrationPlannerTests {
  private func decide(
    _ status: MigrationStatus? = nil, missing: [String] = [], of expected: Int = 0,
    supabase: Bool? = nil, force: Bool = false, isLive: Bool = false
  ) -> RegistrationPlanner.Decision {
    RegistrationPlanner.decide(
      "1_a",
      AppliedVerdict.Findings(
        status: status, missing: missing, expected: expected,
        runners: supabase.map { [RunnerVerdict(runner: .supabase, isApplied: $0)] } ?? []),
      force: force, isLive: isLive)
  }

  @Test("All that it creates is there")
  func complete() {
    #expect(
      decide(of: 1) == .init(outcome: .registered, evidence: "the object that it creates exists"))
    #expect(decide(of: 3).evidence == "all 3 objects that it creates exist")
  }

  @Test("Some of it is missing")
  func partial() {
    let decision = decide(missing: ["table a", "index b"], of: 3)
    #expect(decision.outcome == .partial)
    #expect(decision.refusal?.code == .refused)
    #expect(
      decision.refusal?.message == "migration '1_a' was applied only in part, or not at all")
    #expect(decision.refusal?.details == ["missing: table a", "missing: index b"])
  }

  @Test("All of it is missing")
  func absent() {
    let decision = decide(missing: ["table a"], of: 1)
    #expect(decision.outcome == .notApplied)
    #expect(
      decision.refusal?.message
        == "migration '1_a' was not applied: nothing that it creates exists")
    #expect(
      decision.refusal?.hint
        == "apply it first, or give --force if it was applied and changed by hand since")
  }

  @Test("A live section is the likeliest cause, where nothing of it is there")
  func live() {
    let cause =
      "its rollback section is live: a runner that executes the whole file, as 'psql -f' does, "
      + "undoes it at once"
    let alone = decide(missing: ["table a"], of: 1, isLive: true).refusal
    #expect(
      alone?.message == "migration '1_a' was not applied: nothing that it creates exists")
    #expect(alone?.details == ["missing: table a", cause])
    #expect(
      alone?.hint
        == "comment the section out, or apply it with 'migration-manager show NAME --up | psql'; "
        + "or give --force if it was applied and changed by hand since")
    let listed = decide(missing: ["table a"], of: 1, supabase: true, isLive: true).refusal
    #expect(listed?.details.last == cause)
    #expect(
      listed?.hint
        == "comment the section out, take it off that runner's list and apply it again; "
        + "or give --force if it was applied and changed by hand since")
    #expect(
      decide(missing: ["table a"], of: 2, isLive: true).refusal
        == decide(missing: ["table a"], of: 2).refusal)
    #expect(decide(supabase: false, isLive: true).refusal == decide(supabase: false).refusal)
  }

  @Test("--force records it all the same, and what was missing")
  func forced() {
    let decision = decide(missing: ["table a"], of: 3, force: true)
    #expect(
      decision
        == .init(
          outcome: .registered, evidence: "forced: 2 of 3 objects exist",
          remarks: ["missing: table a"], isForced: true))
    #expect(decide(of: 1, force: true).evidence == "the object that it creates exists")
  }

  @Test("The Supabase CLI's ledger agrees, says no, or is contradicted")
  func supabase() {
    #expect(
      decide(of: 1, supabase: true).evidence
        == "supabase_migrations.schema_migrations, and the object that it creates exists")
    #expect(decide(of: 1, supabase: false).outcome == .registered)
    #expect(
      decide(of: 1, supabase: false).remarks
        == ["it does not stand in supabase_migrations.schema_migrations"])
    #expect(decide(supabase: true).outcome == .registered)
    #expect(decide(supabase: false).outcome == .notApplied)
    #expect(decide(supabase: false, force: true).evidence.hasPrefix("forced: "))
    #expect(
      decide(missing: ["table a"], of: 1, supabase: true).refusal?.details == [
        "missing: table a",
        "it stands in supabase_migrations.schema_migrations: the catalog contradicts it",
      ])
  }

  @Test("Nothing to tell by")
  func nothing() {
    let decision = decide()
    #expect(decision.outcome == .registered)
    #expect(
      decision.remarks == ["nothing in it tells whether it was applied: recorded on your word"])
  }

  @Test("What is recorded is refreshed, without asking the catalog again")
  func refreshed() {
    #expect(
      decide(.applied, missing: ["table a"], of: 1)
        == .init(outcome: .refreshed, evidence: "recorded before"))
    #expect(decide(.failed).remarks == ["it was 'failed' and is 'applied' again"])
    #expect(decide(.rolledBack, missing: ["table a"], of: 1).outcome == .notApplied)
    #expect(decide(.rolledBack, of: 1).outcome == .registered)
  }
}
