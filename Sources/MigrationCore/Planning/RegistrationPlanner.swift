/// Decides what the ledger is to record of a migration.
struct RegistrationPlanner {
  /// What is to become of one migration.
  struct Decision: Equatable, Sendable {
    /// `registered` or `refreshed` when it is to be recorded; else why not.
    var outcome: MigrationOutcome
    /// What told.
    var evidence: String
    /// Further remarks.
    var remarks: [String] = []
    /// What it creates and what is not there.
    var missing: [String] = []
    /// The ledgers of other runners that the catalog contradicts.
    var contradicted: [RunnerLedger] = []
    /// Whether `--force` overrode what the database says.
    var isForced = false
    /// Whether nothing told, and it was taken for applied because it is old enough.
    var isAssumed = false
    /// Whether it is half applied, statement by statement.
    var isHalfApplied = false
    /// Why it is not recorded.
    var refusal: ErrorReport?
  }

  /// What `register` does with a migration that was named.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - findings: what the database says.
  ///   - force: `--force`.
  ///   - isLive: whether its rollback section is no comment.
  /// - Returns: what is to become of it.
  static func decide(
    _ name: String, _ findings: AppliedVerdict.Findings, force: Bool, isLive: Bool = false
  ) -> Decision {
    if let run = findings.halfApplied, !force {
      var decision = halfApplied(run)
      decision.refusal = HalfDone.refusal(toRegister: run)
      return decision
    }
    if findings.status == .applied || findings.status == .failed {
      return decideAgain(name, findings, force: force)
    }
    switch AppliedVerdict(findings) {
    case .applied(let evidence, let remarks):
      return Decision(outcome: .registered, evidence: evidence, remarks: remarks)
    case .unknown:
      return Decision(
        outcome: .registered, evidence: "none",
        remarks: ["nothing in it tells whether it was applied: recorded on your word"])
    case .notApplied(let reason), .partial(let reason):
      if force {
        return Decision(
          outcome: .registered, evidence: "forced: \(reason.evidence)", remarks: reason.details,
          isForced: true)
      }
      var decision = refused(reason)
      if case .partial = AppliedVerdict(findings) { decision.outcome = .partial }
      decision.refusal = refusal(of: name, decision.outcome, reason, isLive: isLive)
      return decision
    }
  }

  /// What `register` does with a migration that stands: its record is refreshed, unless that would
  /// say that what was written into the file since is in the database, which shows that it is not.
  private static func decideAgain(
    _ name: String, _ findings: AppliedVerdict.Findings, force: Bool
  ) -> Decision {
    var decision = Decision(outcome: .refreshed, evidence: "recorded before")
    if findings.status == .failed {
      decision.remarks.append("it was 'failed' and is 'applied' again")
    }
    guard findings.isChanged else { return decision }
    switch AppliedVerdict(findings) {
    case .applied: break
    case .unknown:
      decision.remarks.append(
        "its up SQL was changed after it was recorded, and nothing in it tells whether that was "
          + "applied: recorded on your word")
    case .notApplied(let reason), .partial(let reason):
      if force {
        decision.remarks += ["forced: \(reason.evidence)"] + reason.details
        decision.isForced = true
        break
      }
      decision = refused(reason)
      decision.refusal = ErrorReport(
        .refused,
        "the up SQL of '\(name)' was changed after it was recorded, and the database does not show "
          + "what it says now",
        details: reason.details,
        hint: "restore the file; or, where nothing of it stands, run "
          + "\(ShellWord.command("resolve", name, option: "--rolled-back")) and "
          + "'migration-manager migrate'; "
          + "--force records it all the same")
    }
    return decision
  }

  /// What `sync` does with a migration that has no row.
  ///
  /// - Parameters:
  ///   - findings: what the database says.
  ///   - isAssumed: whether it is old enough to be taken for applied where nothing tells.
  /// - Returns: what is to become of it.
  static func decideUnasked(
    _ findings: AppliedVerdict.Findings, isAssumed: Bool
  ) -> Decision {
    if let run = findings.halfApplied { return halfApplied(run) }
    switch AppliedVerdict(findings) {
    case .applied(let evidence, let remarks):
      return Decision(outcome: .registered, evidence: evidence, remarks: remarks)
    case .unknown where isAssumed:
      return Decision(outcome: .registered, evidence: "assumed", isAssumed: true)
    case .unknown:
      return Decision(outcome: .unknown, evidence: "none")
    case .notApplied(let reason):
      return refused(reason)
    case .partial(let reason):
      var decision = refused(reason)
      decision.outcome = .partial
      return decision
    }
  }

  /// What `sync --reapplied` does with a migration that was rolled back.
  ///
  /// More is asked for than of one without a row: its objects may be there because a later migration
  /// made them anew.
  ///
  /// - Parameter findings: what the database says.
  /// - Returns: what is to become of it: `registered`, or `skipped` where it is left alone.
  static func decideReapplied(_ findings: AppliedVerdict.Findings) -> Decision {
    if let run = findings.halfApplied { return halfApplied(run) }
    guard case .applied(let evidence, let remarks) = AppliedVerdict(findings),
      findings.runners.isEmpty || findings.runners.contains(where: \.isApplied)
    else { return Decision(outcome: .skipped, evidence: "rolled back") }
    return Decision(
      outcome: .registered, evidence: evidence,
      remarks: remarks + ["it was 'rolled_back' and is 'applied' again"])
  }

  /// One that is half applied: its journal tells what no catalog can.
  private static func halfApplied(_ run: OpenSteps.Run) -> Decision {
    Decision(
      outcome: .partial, evidence: "\(run.words), \(run.progress.words)",
      isHalfApplied: true)
  }

  private static func refused(_ reason: AppliedVerdict.NotApplied) -> Decision {
    Decision(
      outcome: .notApplied, evidence: reason.evidence, missing: reason.missing,
      contradicted: reason.contradicted)
  }

  private static func refusal(
    of name: String, _ outcome: MigrationOutcome, _ reason: AppliedVerdict.NotApplied, isLive: Bool
  ) -> ErrorReport {
    if reason.isByRunner {
      return ErrorReport(
        .refused,
        "migration '\(name)' was not applied: \(reason.evidence), and it creates nothing to look "
          + "for",
        hint: "apply it first, or give --force if it was applied in another way")
    }
    if isLive, outcome == .notApplied {
      return ErrorReport(
        .refused, "migration '\(name)' was not applied: nothing that it creates exists",
        details: reason.details + [
          "its rollback section is live: a runner that executes the whole file, as 'psql -f' does, "
            + "undoes it at once"
        ],
        hint: (reason.contradicted.isEmpty
          ? "comment the section out, or apply it with 'migration-manager show NAME --up | psql'; "
          : "comment the section out, take it off that runner's list and apply it again; ")
          + "or give --force if it was applied and changed by hand since")
    }
    return ErrorReport(
      .refused,
      outcome == .notApplied
        ? "migration '\(name)' was not applied: nothing that it creates exists"
        : "migration '\(name)' was applied only in part, or not at all",
      details: reason.details,
      hint: "apply it first, or give --force if it was applied and changed by hand since")
  }
}

extension AppliedVerdict.NotApplied {
  /// What is missing and what is contradicted, each a line.
  fileprivate var details: [String] {
    missing.map { "missing: \($0)" }
      + contradicted.map { "it stands in \($0.tableName): the catalog contradicts it" }
  }
}
