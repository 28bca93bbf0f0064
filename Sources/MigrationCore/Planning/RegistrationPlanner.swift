/// Decides whether a migration was applied, and what the ledger is to record of it.
struct RegistrationPlanner {
  /// What the database says about one migration.
  struct Findings: Equatable {
    /// Its status in the ledger; nil without a row.
    var status: MigrationStatus?
    /// The expected objects that do not exist.
    var missing: [String]
    /// How many objects were looked for.
    var expected: Int
    /// Whether its version stands in the Supabase CLI's ledger; nil where there is no such ledger,
    /// or it may not be read.
    var standsInSupabase: Bool?
  }

  /// What is to become of one migration.
  struct Decision: Equatable {
    /// `registered` or `refreshed` when it is to be recorded; else why not.
    var outcome: MigrationOutcome
    /// What told.
    var evidence: String
    /// Further remarks.
    var remarks: [String] = []
    /// Whether `--force` overrode what the database says.
    var isForced = false
    /// Why it is not recorded.
    var refusal: ErrorReport?
  }

  /// Decides by the rules of DESIGN.md section 4.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - findings: what the database says.
  ///   - force: `--force`.
  /// - Returns: what is to become of it.
  static func decide(_ name: String, _ findings: Findings, force: Bool) -> Decision {
    if findings.status == .applied || findings.status == .failed {
      var decision = Decision(outcome: .refreshed, evidence: "recorded before")
      if findings.status == .failed {
        decision.remarks.append("it was 'failed' and is 'applied' again")
      }
      return decision
    }
    let found = findings.expected - findings.missing.count
    if !findings.missing.isEmpty {
      let outcome: MigrationOutcome = found == 0 ? .notApplied : .partial
      var details = findings.missing.map { "missing: \($0)" }
      if findings.standsInSupabase == true {
        details.append(
          "its version stands in supabase_migrations.schema_migrations: the catalog contradicts it")
      }
      if force {
        return Decision(
          outcome: .registered,
          evidence: "forced: \(found) of \(findings.expected) objects exist", remarks: details,
          isForced: true)
      }
      return Decision(
        outcome: outcome, evidence: "\(found) of \(findings.expected) objects exist",
        refusal: ErrorReport(
          .refused,
          found == 0
            ? "migration '\(name)' was not applied: nothing that it creates exists"
            : "migration '\(name)' was applied only in part, or not at all",
          details: details,
          hint: "apply it first, or give --force if it was applied and changed by hand since"))
    }
    if findings.expected > 0 {
      var decision = Decision(
        outcome: .registered,
        evidence: findings.expected == 1
          ? "the object that it creates exists"
          : "all \(findings.expected) objects that it creates exist")
      if findings.standsInSupabase == true {
        decision.evidence = "supabase_migrations.schema_migrations, and " + decision.evidence
      } else if findings.standsInSupabase == false {
        decision.remarks.append(
          "its version does not stand in supabase_migrations.schema_migrations")
      }
      return decision
    }
    switch findings.standsInSupabase {
    case true?:
      return Decision(
        outcome: .registered, evidence: "it stands in supabase_migrations.schema_migrations")
    case false? where force:
      return Decision(
        outcome: .registered,
        evidence: "forced: it does not stand in supabase_migrations.schema_migrations",
        isForced: true)
    case false?:
      return Decision(
        outcome: .notApplied,
        evidence: "it does not stand in supabase_migrations.schema_migrations",
        refusal: ErrorReport(
          .refused,
          "migration '\(name)' was not applied: its version does not stand in "
            + "supabase_migrations.schema_migrations, and it creates nothing to look for",
          hint: "apply it first, or give --force if it was applied in another way"))
    case nil:
      return Decision(
        outcome: .registered, evidence: "none",
        remarks: ["nothing in it tells whether it was applied: recorded on your word"])
    }
  }
}
