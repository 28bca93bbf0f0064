/// What is half applied or half rolled back stands against what else is asked for: the words, and the
/// ways out.
enum HalfDone {
  /// Why nothing is applied or rolled back while a rollback is half done.
  static func refusal(of rollback: OpenSteps.Run) -> ErrorReport {
    let name = rollback.name
    return ErrorReport(
      .refused, "'\(name)' is \(rollback.words): nothing else is done before that is settled",
      details: [rollback.progress.words],
      hint: rollback.isAtWork
        ? isAtWork
        : "\(ShellWord.command("rollback", name)) goes on with it; or undo the rest by hand and "
          + "run \(ShellWord.command("resolve", name, option: "--rolled-back")), or bring back what is "
          + "gone and run \(ShellWord.command("resolve", name, option: "--applied"))")
  }

  /// Why what is half applied is not rolled back, and nothing else either.
  ///
  /// - Parameters:
  ///   - name: what is to be rolled back; nil for no single migration.
  ///   - application: what is half applied.
  /// - Returns: the refusal.
  static func refusal(
    toRollBack name: String?, with application: OpenSteps.Run
  ) -> ErrorReport {
    let isOther = name != application.name
    return ErrorReport(
      .refused,
      "'\(application.name)' is \(application.words)"
        + (isOther ? ": nothing is rolled back before that is settled" : ""),
      details: [application.progress.words], hint: wayOut(of: application))
  }

  /// Why what is half applied is not recorded as applied: whatever the catalog shows of it, the rest
  /// would never run.
  static func refusal(toRegister application: OpenSteps.Run) -> ErrorReport {
    ErrorReport(
      .refused, "'\(application.name)' is \(application.words)",
      details: [application.progress.words],
      hint: application.isAtWork
        ? isAtWork : wayOut(of: application) + "; --force records it all the same, as applied whole"
    )
  }

  private static let isAtWork = "another run is at it: try again when that has ended"

  /// How to settle what is half applied.
  private static func wayOut(of application: OpenSteps.Run) -> String {
    if application.isAtWork { return isAtWork }
    return "'migration-manager migrate' goes on with it; or undo by hand what is there and run "
      + ShellWord.command("resolve", application.name, option: "--rolled-back")
  }

  /// Why what is half applied cannot be finished: nothing of the folder is it any more.
  static func refusal(toApplyWithoutFile application: OpenSteps.Run) -> ErrorReport {
    var report = refusal(toRollBack: application.name, with: application)
    report.message += ", and its file is not in the folder"
    report.hint =
      "bring its file back and run 'migration-manager migrate'; or undo by hand what is there and run "
      + ShellWord.command("resolve", application.name, option: "--rolled-back")
    return report
  }

  /// Why a file cannot go on with what was begun: it was changed; nil where it can.
  static func refusal(toGoOnWith application: OpenSteps.Run, _ file: PendingFile) -> ErrorReport? {
    guard file.runsStepwise else {
      return ErrorReport(
        .refused,
        "'\(application.name)' is \(application.words), and its file does not say any more that it "
          + "runs so",
        hint: "put '-- Transaction: none' back into '\(file.file.path)'; or undo by hand what is "
          + "there and run "
          + ShellWord.command("resolve", application.name, option: "--rolled-back"))
    }
    guard
      case .refused(let report) = ResumePoint.decide(
        file.units, journal: application.rows, of: application.name, .up, origin: file.origin)
    else { return nil }
    return report
  }

  /// Why migrations are not rolled back beside what is half done; nil where they may be: what is half
  /// rolled back goes on, by itself.
  static func refusal(toRollBack names: [String], _ openSteps: OpenSteps) -> ErrorReport? {
    if let rollback = openSteps.rollback {
      return openSteps.runs.contains { $0.direction == .rollback && names == [$0.name] }
        ? nil : refusal(of: rollback)
    }
    return openSteps.runs.first { $0.direction == .up }.map {
      refusal(toRollBack: names.count == 1 ? names[0] : nil, with: $0)
    }
  }

  /// Why a plan of rollbacks does not go together with what is half done; nil where it does.
  ///
  /// What is half rolled back goes on, whatever else is half done: there is a way out of everything.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - openSteps: what is half done.
  /// - Returns: the refusal.
  static func refusal(of plan: RollbackPlan, _ openSteps: OpenSteps) -> ErrorReport? {
    let names = plan.steps.map(\.name)
    if let refusal = refusal(toRollBack: names, openSteps) { return refusal }
    guard names.count > 1, !plan.isEach, let step = plan.steps.first(where: \.runsStepwise)
    else { return nil }
    return ErrorReport(
      .refused,
      "'\(step.name)' is rolled back statement by statement: no transaction can hold it and others",
      hint: "give --each to roll them back one by one, or roll it back by itself")
  }
}

/// A statement whose end nobody saw, and of which the catalog does not tell: a person must.
public struct UnseenStatement: Equatable, Sendable {
  /// The migration.
  public var migration: String
  /// Which statement, counted from 1.
  public var number: Int
  /// How many there are.
  public var count: Int
  /// Its line and text: `line 12: CALL backfill()`.
  public var words: String
  /// What is said where nobody can be asked.
  public var refusal: ErrorReport
  /// ``MigrationUnit/checksum``: an answer is about this statement and no other.
  var checksum: String

  /// What a dry run says of it.
  public var remark: String {
    "\(refusal.message) (\(words)): --unseen tells, or the answer at a terminal"
  }
}
