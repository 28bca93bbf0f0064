/// Decides what a rollback does in the ledgers of other runners, and says what those runners will do
/// then. Pure: it touches neither disk nor database.
///
/// What it says stands in the runners' sources: for Supabase `pkg/migration/apply.go` and
/// `internal/migration/up` of supabase/cli, for Prisma `apply_migrations.rs` and
/// `diagnose_migration_history_cli.rs` of prisma/prisma-engines.
struct RunnerLedgerPlanner {
  /// The migration's name.
  var name: MigrationName
  /// The ledgers found.
  var findings: [RunnerLedgerFinding]
  /// `--runner-ledger`; nil when it was not given.
  var choice: RunnerLedgerAction?
  /// Whether the migration's file is in the folder.
  var fileIsThere = true
  /// Whether the folder holds a migration of a name: Supabase's row may be another's of the same
  /// version.
  var isFile: (String) -> Bool = { _ in false }
  /// The connection's role, for the words.
  var user = ""

  /// A row of a ledger that could be read.
  private typealias Standing = (
    runner: RunnerLedger, finding: RunnerLedgerFinding, row: RunnerLedgerFinding.Row
  )

  /// What is done, ledger by ledger.
  var steps: [RunnerLedgerStep] {
    standing.map { runner, finding, _ in
      RunnerLedgerStep(
        runner: runner, table: finding.identity, schema: finding.schema,
        key: key(for: runner), action: choice ?? .keep)
    }
  }

  /// What to know before it is done, each a line.
  var warnings: [String] {
    concerned.compactMap(ignorance) + standing.map(consequence)
  }

  /// What `check` says of it, each a line.
  var remarks: [String] {
    standing.map { runner, finding, _ in
      "'\(key(for: runner))' stands in \(finding.identity) too: "
        + "'rollback --runner-ledger remove' takes it off there"
    }
  }

  /// The choice there is, where none was made.
  var hint: String? {
    guard choice == nil, standing.contains(where: { obstacle(to: $0.finding) == nil }) else {
      return nil
    }
    return "with --runner-ledger remove the rollback takes it off that ledger too; "
      + "--runner-ledger keep leaves it there"
  }

  /// Why rows cannot be removed; nil where they can, where none is there, or none shall be.
  var refusal: ErrorReport? {
    guard choice == .remove else { return nil }
    let inPrisma = standing.filter { $0.runner == .prisma }.map(\.finding.identity)
    if inPrisma.count > 1 {
      return ErrorReport(
        .refused,
        "cannot take '\(name.text)' off \(inPrisma[0]): it stands in "
          + "\(inPrisma.dropFirst().joined(separator: ", ")) too, and which of them is meant is not "
          + "known",
        hint: "give --runner-ledger keep, and see to those ledgers by hand")
    }
    return concerned.lazy.filter { finding in
      finding.rows.map { rows in
        rows.contains { $0.migration == name.text && !isOfAnotherFile($0) }
      } ?? true
    }.compactMap(obstacle).first
  }

  /// The ledgers of the runners that would take a file of this name.
  private var concerned: [RunnerLedgerFinding] {
    findings.filter {
      $0.runner != RunnerLedger.supabase.rawValue || name.supabaseVersion != nil
    }
  }

  private var standing: [Standing] {
    concerned.flatMap { finding in
      (finding.rows ?? []).compactMap { row in
        guard row.migration == name.text, let runner = RunnerLedger(rawValue: finding.runner),
          !isOfAnotherFile(row)
        else { return nil }
        return (runner, finding, row)
      }
    }
  }

  private func isOfAnotherFile(_ row: RunnerLedgerFinding.Row) -> Bool {
    guard let version = name.supabaseVersion, let other = otherName(row) else { return false }
    return isFile("\(version)_\(other)")
  }

  /// How the migration is called in a runner's ledger.
  private func key(for runner: RunnerLedger) -> String {
    switch runner {
    case .supabase: name.supabaseVersion ?? name.text
    case .prisma: name.text
    }
  }

  // MARK: Words

  /// That a ledger could not be asked.
  private func ignorance(of finding: RunnerLedgerFinding) -> String? {
    guard finding.rows == nil else { return nil }
    return "what \(finding.identity) says of '\(name.text)' is not known: \(blindness(finding))"
  }

  private func blindness(_ finding: RunnerLedgerFinding) -> String {
    if let stranger = finding.stranger { return "it belongs to '\(stranger)'" }
    return finding.isReadable
      ? "row security hides rows from role '\(user)'" : "role '\(user)' may not read it"
  }

  /// Why this role cannot, or must not, change a ledger.
  private func obstacle(to finding: RunnerLedgerFinding) -> ErrorReport? {
    let target = "cannot take '\(name.text)' off \(finding.identity)"
    let keeping = "give --runner-ledger keep, and see to that ledger by hand"
    if let stranger = finding.stranger {
      return ErrorReport(
        .refused, "\(target): it belongs to '\(stranger)', whose code could run with your rights",
        hint: "connect as '\(stranger)', or \(keeping)")
    }
    if finding.hidesRows {
      return ErrorReport(
        .refused, "\(target): \(blindness(finding))",
        hint: "connect as the table's owner, or \(keeping)")
    }
    guard finding.isReadable, finding.isWritable else {
      let privileges = finding.runner == RunnerLedger.supabase.rawValue ? "DELETE" : "UPDATE"
      return ErrorReport(
        .permission,
        "\(target): role '\(user)' may not \(finding.isReadable ? "change" : "read") it",
        hint: "GRANT SELECT, \(privileges) ON \(finding.identity) to that role, or \(keeping)")
    }
    guard let reaction = finding.reaction else { return nil }
    return ErrorReport(
      .refused,
      "\(target): its trigger, rule or foreign key '\(reaction)' would run with your rights",
      hint: keeping)
  }

  /// What the runner will do after the rollback.
  private func consequence(_ standing: Standing) -> String {
    let (runner, finding, row) = standing
    let isRemoved = choice == .remove
    let shown = "'\(key(for: runner))'" + (otherName(row).map { ", there called '\($0)'," } ?? "")
    let done =
      switch (runner, isRemoved) {
      case (.supabase, true): "\(shown) will be deleted from \(finding.identity)"
      case (.prisma, true): "\(shown) will be marked as rolled back in \(finding.identity)"
      case (_, false): "\(shown) stays in \(finding.identity)"
      }
    let next =
      switch (runner, isRemoved, fileIsThere) {
      case (.supabase, true, true):
        (row.isFollowed
          ? "'supabase db push' stops at its file, which is older than what stands there, "
            + "and with --include-all applies it again"
          : "the next 'supabase db push' applies its file again")
          + ": mend or remove the file first"
      case (.supabase, true, false):
        "'supabase db push' knows nothing of it any more"
      case (.supabase, false, true):
        "'supabase db push' takes the migration for applied and passes it over"
      case (.supabase, false, false):
        "without its file, 'supabase db push' fails: "
          + "'Remote migration versions not found in local migrations directory'"
      case (.prisma, true, true):
        "the next 'prisma migrate deploy' applies it again: mend or remove its folder first"
      case (.prisma, true, false):
        "'prisma migrate deploy' passes it over; 'prisma migrate dev' misses its folder and "
          + "asks for a reset"
      case (.prisma, false, true):
        "'prisma migrate deploy' takes the migration for applied and passes it over; "
          + "'prisma migrate dev' finds drift and asks for a reset"
      case (.prisma, false, false):
        "'prisma migrate deploy' passes it over; 'prisma migrate dev' misses its folder and "
          + "asks for a reset"
      }
    return "\(done): \(next)"
  }

  /// The name in Supabase's row, where it is not the file's: it goes by versions alone.
  private func otherName(_ row: RunnerLedgerFinding.Row) -> String? {
    guard let version = name.supabaseVersion, let other = row.name,
      other != String(decoding: name.text.utf8.dropFirst(version.utf8.count + 1), as: UTF8.self)
    else { return nil }
    return other
  }
}
