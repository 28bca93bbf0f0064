import MigrationCore
import Platform

/// `rollback`: plans, shows, asks, and rolls migrations back.
struct RollbackCommand: Command {
  private let request: RollbackRequest
  private let isDryRun: Bool
  private let confirmation: Confirmation
  private let reason: String?

  init(_ line: ParsedCommandLine) {
    let selection: RollbackRequest.Selection =
      if let point = line.text(.to) {
        .to(point)
      } else if let count = line.integer(.last) {
        .last(count)
      } else if line.isSet(.all) {
        .all
      } else {
        .names(line.arguments, cascade: line.isSet(.cascade))
      }
    request = RollbackRequest(
      selection, useRecorded: line.isSet(.useRecorded),
      runnerLedger: line.text(.runnerLedger).flatMap(RunnerLedgerAction.init(rawValue:)),
      isEach: line.isSet(.each),
      unseen: line.text(.unseen).flatMap(UnseenAnswer.init(rawValue:)))
    isDryRun = line.isSet(.dryRun)
    confirmation = Confirmation(line)
    reason = line.text(.reason)
  }

  var writes: Bool { !isDryRun }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    RollbackRendering.announce(subject, isDryRun: isDryRun, to: console)
    var plan = try session.planRollback(request, isDryRun: isDryRun)
    console.showTarget(of: session)
    RollbackRendering.showRemarks(on: plan, to: console)
    console.progress()
    if let obstacle = plan.obstacle {
      return RollbackRendering.explain(obstacle, plan, .refused, isDryRun: isDryRun, to: console)
    }
    if isDryRun, plan.steps.isEmpty {
      RollbackRendering.print(RollbackOutcome(plan: plan), to: console)
      return .done
    }
    if isDryRun {
      let question = request.unseen == nil ? plan.question : nil
      if let question { console.note(question.remark) }
      RollbackRendering.print(dryRun: plan, question, to: console)
      return .done
    }
    if !plan.steps.isEmpty, let impediment = plan.impediment {
      return RollbackRendering.explain(
        impediment, plan, .of(impediment), isDryRun: false, to: console)
    }
    if !plan.steps.isEmpty, let objection = confirmation.objection(on: session.target) {
      return RollbackRendering.explain(objection, plan, .refused, isDryRun: false, to: console)
    }
    if request.unseen == nil, let question = plan.question {
      guard let answer = console.ask(question) else {
        return RollbackRendering.explain(
          question.refusal, plan, .refused, isDryRun: false, to: console)
      }
      plan.answer(answer)
    }
    guard
      confirmation.isGiven || plan.steps.isEmpty
        || RollbackRendering.confirm(plan, target: session.target, on: console)
    else {
      return RollbackRendering.explain(
        RollbackRendering.declined(plan, on: session.target), plan, .declined, isDryRun: false,
        to: console)
    }
    let outcome: RollbackOutcome
    do {
      outcome = try Interrupts.protected {
        defer { Interrupts.settle() }
        return try session.rollback(
          plan, reason: reason, tellsStatements: console.verbosity == .verbose,
          onNewPlan: confirmation.isGiven
            ? { RollbackRendering.showRemarks(on: $0, to: console) } : nil)
      }
    } catch {
      let report = Program.report(of: error)
      return RollbackRendering.explain(report, plan, .of(report), isDryRun: false, to: console)
    }
    if outcome.results.isEmpty, let obstacle = outcome.plan.obstacle {
      return RollbackRendering.explain(
        obstacle, outcome.plan, .refused, isDryRun: false, to: console)
    }
    RollbackRendering.print(outcome, to: console)
    return outcome.error.map(Program.status(of:)) ?? .done
  }

  /// What is asked for, in words.
  private var subject: String {
    switch request.selection {
    case .names(let names, let cascade):
      shown(names) + (cascade ? " and all that depends on \(names.count > 1 ? "them" : "it")" : "")
    case .to(let point): "all after \(MigrationName.withoutSuffix(point))"
    case .last(1): "the last migration"
    case .last(let count): "the last \(count) migrations"
    case .all: "all migrations"
    }
  }
}
