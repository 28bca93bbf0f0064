package import MigrationCore

/// What `status` prints.
package enum StatusRendering {
  /// Prints the counts, the names of whatever somebody may have to do with, and the last one that
  /// was applied.
  package static func print(_ report: StatusReport, to console: Console) {
    let isVerbose = console.verbosity == .verbose
    console.print("Applied: \(report.applied.count)")
    if isVerbose { for name in report.applied { console.print("  \(name)") } }
    list("Pending", report.pending.map(line), isAlwaysShown: true, to: console)
    list("Rolled back", report.rolledBack, to: console)
    list("Failed", report.failed, to: console)
    list("Half applied, without a file", report.halfApplied.map(line), to: console)
    list("Half rolled back", report.halfRolledBack.map(line), to: console)
    list("Drifted", report.drifted.map { "\($0.name): \(words(for: $0.kind))" }, to: console)
    list("Missing", report.missing.map { "\($0): its file is gone" }, to: console)
    list("Renamed", report.renamed.map { "\($0.from): its file is '\($0.to)' now" }, to: console)
    list("Unknown", report.unknown.map { "\($0.name): \($0.reason)" }, to: console)
    console.print("Last applied: \(report.lastApplied ?? "none")")
    for hint in hints(for: report) { console.hint(hint) }
  }

  private static func list(
    _ heading: String, _ lines: [String], isAlwaysShown: Bool = false, to console: Console
  ) {
    guard isAlwaysShown || !lines.isEmpty else { return }
    console.print("\(heading): \(lines.count)")
    for line in lines { console.print("  \(line)") }
  }

  private static func line(_ halfDone: StatusReport.HalfDone) -> String {
    "\(halfDone.name): \(halfDone.progress.words)"
  }

  private static func line(_ pending: StatusReport.Pending) -> String {
    var remarks: [String] = []
    if let rollback = pending.rollback { remarks.append(rollback.words) }
    if let progress = pending.progress { remarks.append(progress.words) }
    if let error = pending.lastError, pending.progress?.error == nil {
      remarks.append("last error: \(error.split(whereSeparator: \.isNewline).first ?? "")")
    }
    return ([pending.name + (remarks.isEmpty ? "" : ":")] + [remarks.joined(separator: ", ")])
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func words(for drift: Drift) -> String {
    switch drift {
    case .up: "the up SQL was changed after it was recorded"
    case .rollback: "the rollback SQL was changed after it was recorded"
    case .comments: "only comments or white space were changed"
    case .lineEnds: "only the line ends were changed"
    }
  }

  /// What to do in a database that was there before the ledger.
  private static func adoptionHint(for report: StatusReport) -> String {
    (report.runnerTables.isEmpty
      ? "" : "another runner's table is here (\(report.runnerTables.joined(separator: ", "))): ")
      + "'migration-manager sync' records what is applied, with '--assume-applied-before NAME' what "
      + "nothing tells of"
  }

  private static func hints(for report: StatusReport) -> [String] {
    var hints: [String] = []
    if let half = report.halfRolledBack.first {
      hints.append(
        "half rolled back: \(ShellWord.command("rollback", half.name)) goes on with it; nothing else "
          + "is done before")
    } else if let name = report.failed.first {
      hints.append("the last rollback failed: \(ShellWord.command("check", name)) says what to do")
    }
    if let half = report.halfApplied.first {
      hints.append(
        "half applied: bring its file back; or undo by hand what is there and run "
          + ShellWord.command("resolve", half.name, option: "--rolled-back"))
    }
    if let renamed = report.renamed.first {
      hints.append(
        "renamed: \(ShellWord.command("rename", renamed.from, renamed.to)) lets the record follow")
    }
    if !report.unknown.isEmpty {
      if report.isBlank { hints.append(adoptionHint(for: report)) }
      hints.append(
        "unknown: 'migration-manager register NAME' records one that was applied, "
          + "'migration-manager resolve NAME --rolled-back' one that was not")
    }
    if !report.missing.isEmpty {
      hints.append(
        "missing: bring the file back; where it was renamed, 'migration-manager rename OLD NEW' "
          + "lets the record follow")
    }
    if report.drifted.contains(where: { $0.kind == .up }) {
      hints.append(
        "drifted: restore the file; or 'migration-manager resolve NAME --rolled-back' and then "
          + "'migration-manager migrate' apply it as it is now, where nothing of it stands; or "
          + "'migration-manager register NAME' accepts it, where the database was changed by hand")
    } else if report.drifted.contains(where: { $0.kind == .rollback }) {
      hints.append("drifted: 'migration-manager register NAME' takes the file's rollback SQL")
    }
    if !report.pending.isEmpty, report.halfApplied.isEmpty, report.halfRolledBack.isEmpty {
      hints.append("'migration-manager migrate' applies what is pending")
    }
    return hints
  }
}

/// The document of `status --json`.
package struct StatusPayload: JSONDocument {
  private let report: StatusReport

  /// The document of a report.
  package init(_ report: StatusReport) { self.report = report }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("applied", report.applied)
      json.member("pending", report.pending.map(PendingPayload.init))
      json.member("rolled_back", report.rolledBack)
      json.member("failed", report.failed)
      json.member("half_applied", report.halfApplied.map(HalfDonePayload.init))
      json.member("half_rolled_back", report.halfRolledBack.map(HalfDonePayload.init))
      json.member("drifted", report.drifted.map(DriftedPayload.init))
      json.member("missing", report.missing)
      json.member("renamed", report.renamed.map(RenamedPayload.init))
      json.member("unknown", report.unknown.map(\.name))
      json.member("last_applied", report.lastApplied)
    }
  }
}

/// One migration that `migrate` would apply.
private struct PendingPayload: JSONValue {
  let pending: StatusReport.Pending

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", pending.name)
      json.member("last_error", pending.lastError)
      if let progress = pending.progress {
        json.member("progress", ProgressPayload(progress))
      }
    }
  }
}

/// One migration that is half applied or half rolled back.
private struct HalfDonePayload: JSONValue {
  let half: StatusReport.HalfDone

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", half.name)
      json.member("progress", ProgressPayload(half.progress))
    }
  }
}

/// Where something stopped that runs statement by statement.
private struct ProgressPayload: JSONValue {
  let progress: StatementProgress

  init(_ progress: StatementProgress) { self.progress = progress }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("statement", progress.next)
      json.member("of", progress.count)
      json.member("error", progress.error)
      json.member("at_work", progress.isAtWork)
    }
  }
}

/// One file that has another name than its record.
private struct RenamedPayload: JSONValue {
  let renamed: StatusReport.Renamed

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("from", renamed.from)
      json.member("to", renamed.to)
    }
  }
}

/// One file that differs from its record.
private struct DriftedPayload: JSONValue {
  let drifted: StatusReport.Drifted

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", drifted.name)
      json.member("kind", drifted.kind.rawValue)
    }
  }
}
