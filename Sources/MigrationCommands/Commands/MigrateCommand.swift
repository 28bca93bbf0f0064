import MigrationCore
import Platform

/// `migrate`: applies what is pending, each migration in a transaction of its own.
struct MigrateCommand: Command {
  private let request: MigrationRequest
  private let isDryRun: Bool
  private let reason: String?

  init(_ line: ParsedCommandLine) {
    var request = MigrationRequest()
    request.target = line.text(.to)
    request.allowsOutOfOrder = line.isSet(.allowOutOfOrder)
    request.requiresOrder = line.isSet(.strictOrder)
    request.unseen = line.text(.unseen).flatMap(UnseenAnswer.init(rawValue:))
    self.request = request
    isDryRun = line.isSet(.dryRun)
    reason = line.text(.reason)
  }

  var writes: Bool { !isDryRun }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(
      .refresh, (isDryRun ? "DRY RUN: " : "") + "Applying pending migrations...")
    let plan = try session.planMigration(request, isDryRun: isDryRun)
    console.showTarget(of: session)
    for warning in plan.warnings { console.warning(warning) }
    for note in plan.notes { console.note(note) }
    console.progress()
    if !plan.refusals.isEmpty {
      MigrateRendering.print(refusalsOf: plan, isDryRun: isDryRun, to: console)
      return MigrateRendering.status(ofRefused: plan)
    }
    if isDryRun {
      let question = request.unseen == nil ? plan.question : nil
      if let question { console.note(question.remark) }
      MigrateRendering.print(dryRun: plan, question, to: console)
      return .done
    }
    if !plan.steps.isEmpty, let impediment = plan.impediment { throw impediment }
    var unseen = request.unseen
    if unseen == nil, let question = plan.question {
      guard let answer = console.ask(question) else {
        MigrateRendering.print(unanswered: question, plan, to: console)
        return .refused
      }
      unseen = answer
    }
    let results = try Interrupts.protected {
      defer { Interrupts.settle() }
      return try session.migrate(
        plan, reason: reason, unseen: unseen, tellsStatements: console.verbosity == .verbose)
    }
    MigrateRendering.print(results, of: plan, to: console)
    return results.last?.error.map(Program.status) ?? .done
  }
}
