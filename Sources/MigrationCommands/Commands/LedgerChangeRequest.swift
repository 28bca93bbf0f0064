import MigrationCore
import Platform

/// What `resolve`, `rename` and `forget` have in common: they plan a change of the ledger, show it,
/// ask, and carry it out.
struct LedgerChangeRequest {
  /// Whether nothing is to be done but shown.
  let isDryRun: Bool
  private let confirmation: Confirmation
  private let reason: String?

  /// Takes what it needs from a command line.
  init(_ line: ParsedCommandLine) {
    isDryRun = line.isSet(.dryRun)
    confirmation = Confirmation(line)
    reason = line.text(.reason)
  }

  /// Goes all the way, or as far as it is let.
  ///
  /// - Parameters:
  ///   - announcement: what is about to be done, such as `Resolving: 1_a`.
  ///   - session: where.
  ///   - console: whom to tell and to ask.
  ///   - plan: makes the plan.
  /// - Returns: the exit status.
  /// - Throws: what `plan` throws.
  func run(
    _ announcement: String, in session: Session, console: Console, plan: () throws -> LedgerChange
  ) throws -> ExitStatus {
    console.progress(isDryRun ? .search : .record, (isDryRun ? "DRY RUN: " : "") + announcement)
    console.progress()
    let change = try plan()
    console.showTarget(of: session)
    for warning in change.warnings { console.warning(warning) }
    console.progress()
    if let refusal = change.refusal { return report(refusal, of: change, .refused, to: console) }
    if change.isNothingToDo {
      LedgerChangeRendering.print(change, .skipped, isDryRun: isDryRun, to: console)
      return .done
    }
    if isDryRun {
      LedgerChangeRendering.print(change, .planned, isDryRun: true, to: console)
      return .done
    }
    if let impediment = change.impediment {
      return report(impediment, of: change, .of(impediment), to: console)
    }
    if change.isAsked, let objection = confirmation.objection(on: session.target) {
      return report(objection, of: change, .refused, to: console)
    }
    guard
      confirmation.isGiven || !change.isAsked
        || LedgerChangeRendering.confirm(change, target: session.target, on: console)
    else {
      return report(
        LedgerChangeRendering.declined(change, on: session.target), of: change, .declined,
        to: console)
    }
    do {
      try Interrupts.protected {
        defer { Interrupts.settle() }
        try session.carryOut(change, reason: reason)
      }
    } catch {
      let error = Program.report(of: error)
      return report(error, of: change, .of(error), to: console)
    }
    LedgerChangeRendering.print(change, change.outcome, isDryRun: false, to: console)
    return .done
  }

  /// Explains why nothing was changed.
  private func report(
    _ error: ErrorReport, of change: LedgerChange, _ outcome: MigrationOutcome, to console: Console
  ) -> ExitStatus {
    if console.isJSON {
      let payload = MigrationOutcomePayload(change, outcome, error: error)
      console.print(document: OutcomePayload([payload], isDryRun: isDryRun))
    }
    console.error(error)
    return Program.status(of: error)
  }
}

extension LedgerChange {
  /// Whether someone must say yes to it.
  var isAsked: Bool {
    switch kind {
    case .resolve, .forget: true
    case .rename: false
    }
  }

  /// What became of the migration when it was carried out.
  var outcome: MigrationOutcome {
    switch kind {
    case .resolve(.applied): .applied
    case .resolve: .rolledBack
    case .rename: .renamed
    case .forget: .forgotten
    }
  }
}
