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
  /// - Returns: the plan; it says itself when it is refused.
  func plan(
    _ read: [MigrationName: Result<PendingFile, ErrorReport>],
    unrecorded: [MigrationName: UnrecordedFile] = [:]
  ) -> MigrationPlan {
    let pending = pending
    var plan = MigrationPlan(planner: self)
    plan.standing = files.count { overview[$0]?.stands == true }
    for row in overview.rows where row.status == .failed {
      plan.refuse(row.name, Self.failed(row.name))
    }
    var known: [PendingFile] = []
    for name in pending {
      if let reason = unrecorded[name] {
        plan.refuse(name.text, reason.refusal(of: name.text))
        continue
      }
      switch read[name] {
      case .success(let file)?:
        known.append(file)
        for refusal in file.refusals { plan.refuse(name.text, refusal) }
        plan.steps.append(
          MigrationPlan.Step(
            name: name.text, sql: file.inspection.shownSQL, rollback: overview[name]?.rollback,
            file: file))
        plan.warnings += file.warnings
        plan.notes += file.notes
      case .failure(let report)?: plan.refuse(name.text, report)
      case nil: break
      }
    }
    refuseRenamed(known, &plan)
    let dependencies = DependencyOrder(
      files: known, order: pending, isFile: Set(files.map(\.text)).contains,
      stands: { overview[$0]?.stands == true })
    for (name, refusal) in dependencies.refusals { plan.refuse(name, refusal) }
    judgeOrder(of: pending.filter { unrecorded[$0] == nil }, &plan)
    plan.sortRefusals(as: pending)
    for step in plan.steps {
      if let rollback = step.rollback {
        plan.notes.append("'\(step.name)' was \(rollback.words): it is applied again")
      }
    }
    if plan.steps.isEmpty, plan.refusals.isEmpty, let remark = remarkOnWhatIsAfter {
      plan.notes.append(remark)
    }
    return plan
  }

  /// A file that was applied under another name, which has no file any more, would be applied twice.
  private func refuseRenamed(_ pending: [PendingFile], _ plan: inout MigrationPlan) {
    let names = Set(files.map(\.text))
    let missing = Dictionary(
      overview.rows.lazy.filter { $0.stands && !names.contains($0.name) }.compactMap { row in
        row.checksum.map { ($0, row.name) }
      },
      uniquingKeysWith: { $1 })
    guard !missing.isEmpty else { return }
    for file in pending {
      guard let old = missing[file.checksums.file] else { continue }
      let name = file.file.name.text
      plan.refuse(
        name,
        ErrorReport(
          .refused,
          "'\(name)' is what was applied as '\(old)', which has no file any more",
          hint: "if its file got another name, run \(ShellWord.command("rename", old, name)); "
            + "to apply it once more, bring the file of '\(old)' back"))
    }
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
              : "others applied some of what stands here: if it belongs before that, "
                + "give --allow-out-of-order"))
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

extension UnrecordedFile {
  /// Why nothing is applied as long as it is not known whether this was.
  fileprivate func refusal(of name: String) -> ErrorReport {
    let register = ShellWord.command("register", name)
    let resolve = ShellWord.command("resolve", name, option: "--rolled-back")
    switch self {
    case .applied(let evidence):
      return ErrorReport(
        .refused, "'\(name)' was applied and is not recorded", details: [evidence],
        hint: "run \(register), or 'migration-manager sync' for all such files")
    case .partial(let evidence, let missing):
      return ErrorReport(
        .refused, "'\(name)' was applied only in part, or not at all",
        details: [evidence] + missing.map { "missing: \($0)" },
        hint: "if it was applied and changed by hand since, run "
          + "\(ShellWord.command("register", name, option: "--force")); if it was not, \(resolve)")
    case .untold:
      return ErrorReport(
        .refused, "nothing tells whether '\(name)' was applied",
        details: ["others applied some of what stands here"],
        hint: "if it was, run \(register); if it was not, \(resolve)")
    case .unreadable(let report):
      return report
    }
  }
}
