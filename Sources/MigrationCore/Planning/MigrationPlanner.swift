/// Decides what is applied and in which order, or why nothing is: files, ledger and request in, a
/// ``MigrationPlan`` out. Pure: it touches neither disk nor database.
struct MigrationPlanner: Sendable {
  /// The migrations of the folder, in order.
  var files: [MigrationName]
  /// What the ledger says.
  var overview: LedgerOverview
  /// What was asked for.
  var request: MigrationRequest
  /// The last migration that was asked for; nil for all.
  var boundary: MigrationName?
  /// The server's major version; nil where it is not known.
  var serverVersion: Int?

  /// What does not stand yet and was asked for, in order.
  var pending: [MigrationName] {
    files.filter { file in
      overview[file]?.stands != true && boundary.map { file <= $0 } ?? true
    }
  }

  /// What would be done.
  ///
  /// - Parameters:
  ///   - read: the pending files, or why one cannot be read.
  ///   - unrecorded: those that may be applied all the same.
  ///   - renamed: those that are applied under another name, and that name.
  /// - Returns: the plan; it says itself when it is refused.
  func plan(
    _ read: [MigrationName: Result<PendingFile, ErrorReport>],
    unrecorded: [MigrationName: UnrecordedFile] = [:], renamed: [MigrationName: String] = [:]
  ) -> MigrationPlan {
    let pending = pending
    var plan = MigrationPlan(planner: self)
    plan.standing = files.count { overview[$0]?.stands == true }
    for row in overview.rows
    where row.status == .failed && overview.openSteps[row.name, .rollback] == nil {
      plan.refuse(row.name, Self.failed(row.name))
    }
    judgeHalfDone(&plan)
    let adoption = refusal(ofBlankLedgerWith: unrecorded)
    var known: [PendingFile] = []
    for name in pending {
      if let old = renamed[name] {
        plan.refuse(name.text, Self.renamed(old, name.text))
        continue
      }
      if let reason = unrecorded[name] {
        let own = reason.refusal(of: name.text, overview)
        plan.refuse(name.text, reason.isReadable ? adoption ?? own : own)
        continue
      }
      switch read[name] {
      case .success(let file)?:
        known.append(file)
        for refusal in file.refusals { plan.refuse(name.text, refusal) }
        if let error = file.rollbackSyntaxError { judge(error, of: name.text, &plan) }
        let halfDone = overview.openSteps[name.text, .up]
        if let refusal = halfDone.flatMap({ HalfDone.refusal(toGoOnWith: $0, file) }) {
          plan.refuse(name.text, refusal)
        }
        plan.steps.append(
          MigrationPlan.Step(
            name: name.text, sql: file.inspection.shownSQL, rollback: overview[name]?.rollback,
            statements: file.runsStepwise
              ? StatementProgress(done: halfDone?.done ?? 0, count: file.units.count) : nil,
            file: file))
        plan.warnings += file.warnings
        plan.notes += file.notes
      case .failure(let report)?: plan.refuse(name.text, report)
      case nil: break
      }
    }
    let dependencies = DependencyOrder(
      files: known, order: pending, isFile: { name in files.contains { $0.text == name } },
      stands: { overview[$0]?.stands == true })
    for (name, refusal) in dependencies.refusals { plan.refuse(name, refusal) }
    judgeOrder(of: pending.filter { unrecorded[$0] == nil && renamed[$0] == nil }, &plan)
    plan.sortRefusals(as: pending)
    for step in plan.steps {
      if let rollback = step.rollback {
        plan.notes.append(
          "'\(step.name)' was \(rollback.words): it is applied"
            + (rollback.isResolved ? "" : " again"))
      }
    }
    if plan.steps.isEmpty, plan.refusals.isEmpty, let remark = remarkOnWhatIsAfter {
      plan.notes.append(remark)
    }
    return plan
  }

  /// What is half done and is no file that is applied now.
  private func judgeHalfDone(_ plan: inout MigrationPlan) {
    for run in overview.openSteps.runs {
      switch run.direction {
      case .rollback: plan.refuse(run.name, HalfDone.refusal(of: run))
      case .up where !files.contains(MigrationName(run.name)):
        plan.refuse(run.name, HalfDone.refusal(toApplyWithoutFile: run))
      case .up: break
      }
    }
  }

  /// Rollback SQL that the parser does not know: its grammar is that of PostgreSQL 15, so a server
  /// of that version or an older one will not take it either.
  private func judge(
    _ error: ErrorReport, of name: String, _ plan: inout MigrationPlan
  ) {
    guard let serverVersion, serverVersion <= Self.parserVersion else {
      plan.warnings.append(
        "\(error.sentence): the server will refuse it, unless it is SQL newer than PostgreSQL "
          + "\(Self.parserVersion)")
      return
    }
    plan.refuse(name, error)
  }

  /// The PostgreSQL whose grammar the parser has.
  private static let parserVersion = 15

  /// Where nothing was ever recorded, one reason for all files that may be applied.
  private func refusal(
    ofBlankLedgerWith unrecorded: [MigrationName: UnrecordedFile]
  ) -> ErrorReport? {
    guard overview.isBlank else { return nil }
    return UnrecordedFile.refusal(
      ofBlankLedgerWith: pending.compactMap { name in
        unrecorded[name].flatMap { $0.isReadable ? (name: name, file: $0) : nil }
      }, overview)
  }

  /// A file that was applied under another name, which has no file any more, would be applied twice.
  private static func renamed(_ old: String, _ name: String) -> ErrorReport {
    ErrorReport(
      .refused, "'\(name)' is what was applied as '\(old)', which has no file any more",
      hint: "if its file got another name, run \(ShellWord.command("rename", old, name)); "
        + "to apply it once more, bring the file of '\(old)' back")
  }

  /// What to know where the last one that was asked for stands, and later ones do: other runners
  /// would go back to it.
  private var remarkOnWhatIsAfter: String? {
    guard let boundary, overview[boundary]?.stands == true,
      files.contains(where: { $0 > boundary && overview[$0]?.stands == true })
    else { return nil }
    return "what was applied after '\(boundary.text)' stays: "
      + "\(ShellWord.command("rollback --to", boundary.text)) undoes that"
  }

  /// What comes before a migration that stands: said, or refused.
  private func judgeOrder(of pending: [MigrationName], _ plan: inout MigrationPlan) {
    guard !pending.isEmpty else { return }
    let standing = overview.rows.lazy.filter(\.stands).map { MigrationName($0.name) }
    guard let newest = standing.max() else { return }
    let late = pending.filter { $0 < newest }
    guard !late.isEmpty else { return }
    // What has a record, rolled back or resolved as such, is known not to stand; of the others
    // nobody may have told.
    let refused =
      request.requiresOrder
      ? late
      : overview.hasRegisteredRows && !request.allowsOutOfOrder
        ? late.filter { overview[$0] == nil } : []
    if !refused.isEmpty {
      for name in refused {
        plan.refuse(
          name.text,
          ErrorReport(
            .refused, "'\(name.text)' is out of order: '\(newest.text)' is applied already",
            hint: request.requiresOrder
              ? "give it a later version, or leave --strict-order out"
              : "records here were made by 'sync' or 'register': another runner may have applied "
                + "it without a record; if it was not applied, give --allow-out-of-order"))
      }
    } else {
      let shown = late.prefix(5).map { "'\($0.text)'" }.joined(separator: ", ")
      let more = late.count > 5 ? " and \(late.count - 5) more" : ""
      plan.notes.append(
        "out of order, since '\(newest.text)' is applied already: \(shown)\(more)")
    }
  }

  private static func failed(_ name: String) -> ErrorReport {
    ErrorReport(
      .refused, "the last rollback of '\(name)' failed: nothing is applied until that is settled",
      hint: "\(ShellWord.command("check", name)) says why; mend its rollback section and "
        + "run \(ShellWord.command("register", name)), "
        + "or \(ShellWord.command("resolve", name, option: "--applied"))")
  }
}

extension MigrationPlan {
  /// Takes note of what stands against it.
  fileprivate mutating func refuse(_ name: String, _ error: ErrorReport) {
    refusals.append(Refusal(name: name, error: error))
  }

  /// Puts what stands against it in the order of the files; what concerns no pending one comes first.
  fileprivate mutating func sortRefusals(as pending: [MigrationName]) {
    let places = Dictionary(
      pending.enumerated().map { ($0.element.text, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    refusals.sort { places[$0.name] ?? -1 < places[$1.name] ?? -1 }
  }
}
