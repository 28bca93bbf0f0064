import Testing

@testable import MigrationCore

@Suite("Verdict: was it applied, by all that the database says?")
struct AppliedVerdictTests {
  private func verdict(
    missing: [String] = [], of expected: Int = 0, shared: Int = 0, older: Int = 0,
    _ runners: (RunnerLedger, Bool)...
  ) -> AppliedVerdict {
    AppliedVerdict(
      AppliedVerdict.Findings(
        missing: missing, expected: expected, shared: shared, older: older,
        runners: runners.map { RunnerVerdict(runner: $0.0, isApplied: $0.1) }))
  }

  @Test("The catalog is believed before a runner's ledger")
  func contradiction() {
    #expect(
      verdict(missing: ["table a"], of: 1, (.prisma, true))
        == .notApplied(
          .init(
            evidence: "0 of 1 objects exist", missing: ["table a"], contradicted: [.prisma])))
    #expect(
      verdict(of: 1, (.prisma, false))
        == .applied(
          evidence: "the object that it creates exists",
          remarks: ["it does not stand in _prisma_migrations"]))
  }

  @Test("One of two runners is enough, and nothing is said of the other")
  func twoRunners() {
    #expect(
      verdict(of: 2, (.supabase, false), (.prisma, true))
        == .applied(
          evidence: "_prisma_migrations, and all 2 objects that it creates exist", remarks: []))
    #expect(
      verdict((.supabase, false), (.prisma, true))
        == .applied(evidence: "it stands in _prisma_migrations", remarks: []))
  }

  @Test("An extension that was there before does not make it applied in part")
  func shared() {
    let reason = AppliedVerdict.NotApplied(
      evidence: "1 of 2 objects exist", missing: ["table a"], contradicted: [])
    #expect(verdict(missing: ["table a"], of: 2, shared: 1) == .notApplied(reason))
    #expect(verdict(missing: ["table a"], of: 2) == .partial(reason))
    #expect(
      verdict(of: 2, shared: 1)
        == .applied(evidence: "all 2 objects that it creates exist", remarks: []))
    #expect(verdict(of: 1, shared: 1) == .unknown)
    #expect(verdict(of: 2, shared: 1, older: 1) == .unknown)
  }

  @Test("What an earlier migration creates too proves nothing of this one")
  func older() {
    #expect(verdict(of: 1, older: 1) == .unknown)
    #expect(
      verdict(of: 1, older: 1, (.supabase, true))
        == .applied(evidence: "it stands in supabase_migrations.schema_migrations", remarks: []))
    #expect(
      verdict(of: 2, older: 1)
        == .applied(evidence: "all 2 objects that it creates exist", remarks: []))
    let reason = AppliedVerdict.NotApplied(
      evidence: "1 of 2 objects exist", missing: ["table a"], contradicted: [])
    #expect(verdict(missing: ["table a"], of: 2, older: 1) == .notApplied(reason))
  }

  @Test("Nothing to tell by")
  func unknown() {
    #expect(verdict() == .unknown)
    let findings = AppliedVerdict.Findings()
    #expect(
      RegistrationPlanner.decideUnasked(findings, isAssumed: false)
        == .init(outcome: .unknown, evidence: "none"))
    #expect(
      RegistrationPlanner.decideUnasked(findings, isAssumed: true)
        == .init(outcome: .registered, evidence: "assumed", isAssumed: true))
    // What the database says counts more than age.
    #expect(
      RegistrationPlanner.decideUnasked(
        AppliedVerdict.Findings(missing: ["table a"], expected: 1), isAssumed: true
      ).outcome == .notApplied)
  }

  @Test("Runners' ledgers are read by version and by name")
  func ledgers() {
    let ledgers = RunnerLedgers(json: #"{"supabase": ["20250101"], "prisma": []}"#)
    #expect(
      ledgers.verdicts(on: MigrationName("20250101_a")) == [
        RunnerVerdict(runner: .supabase, isApplied: true),
        RunnerVerdict(runner: .prisma, isApplied: false),
      ])
    // Two files of one version, and one that Supabase would not take.
    let named = RunnerLedgers(json: #"{"supabase": ["20250101_a"]}"#)
    #expect(named.verdicts(on: MigrationName("20250101_a")).map(\.isApplied) == [true])
    #expect(named.verdicts(on: MigrationName("20250101_b")).map(\.isApplied) == [false])
    #expect(named.verdicts(on: MigrationName("users")) == [])
    #expect(RunnerLedgers(json: nil).verdicts(on: MigrationName("1_a")) == [])
  }
}
