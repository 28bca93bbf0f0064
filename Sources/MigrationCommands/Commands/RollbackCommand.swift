import MigrationCore
import Platform

/// `rollback`: plans, shows, asks, and rolls one migration back.
struct RollbackCommand: Command {
  private let name: String
  private let isDryRun: Bool
  private let isConfirmed: Bool
  private let reason: String?
  private let useRecorded: Bool
  private let runnerLedger: RunnerLedgerAction?

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
    isDryRun = line.isSet(.dryRun)
    isConfirmed = line.isSet(.yes)
    reason = line.text(.reason)
    useRecorded = line.isSet(.useRecorded)
    runnerLedger = line.text(.runnerLedger).flatMap(RunnerLedgerAction.init(rawValue:))
  }

  var writes: Bool { !isDryRun }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    RollbackRendering.announce(
      MigrationName.withoutSuffix(name), isDryRun: isDryRun, to: console)
    let plan = try session.planRollback(
      of: name, useRecorded: useRecorded, runnerLedger: runnerLedger)
    console.showTarget(of: session)
    for warning in plan.warnings { console.warning(warning) }
    if let hint = plan.hint { console.hint(hint) }
    console.progress()
    if let refusal = plan.refusal { return report(refusal, of: plan, .refused, to: console) }

    if isDryRun {
      RollbackRendering.print(dryRun: plan, to: console)
      return .done
    }
    if let impediment = plan.impediment {
      return report(impediment, of: plan, .of(impediment), to: console)
    }
    guard isConfirmed || RollbackRendering.confirm(plan, target: session.target, on: console) else {
      return report(RollbackRendering.declined(plan), of: plan, .declined, to: console)
    }
    do {
      let result = try Interrupts.protected {
        defer { Interrupts.settle() }
        return try session.rollback(plan, reason: reason)
      }
      RollbackRendering.print(result, to: console)
      return .done
    } catch {
      let error = Program.report(of: error)
      return report(error, of: plan, .of(error), to: console)
    }
  }

  /// Explains why the migration was not rolled back.
  private func report(
    _ error: ErrorReport, of plan: RollbackPlan, _ outcome: MigrationOutcome, to console: Console
  ) -> ExitStatus {
    if console.isJSON {
      let payload = MigrationOutcomePayload(
        name: plan.name, outcome: outcome, sql: outcome == .refused ? nil : plan.sql, error: error,
        runnerLedgers: plan.runnerLedgers)
      console.print(document: OutcomePayload([payload], isDryRun: isDryRun))
    }
    console.error(error)
    return Program.status(of: error)
  }
}
