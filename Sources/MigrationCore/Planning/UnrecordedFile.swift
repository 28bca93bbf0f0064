/// Why a file without a row is not taken for pending: it may be applied all the same.
enum UnrecordedFile: Equatable {
  /// The database shows that it was applied.
  case applied(evidence: String)
  /// Some of what it creates exists, some is missing.
  case partial(evidence: String, missing: [String])
  /// Nothing tells.
  case untold
  /// It cannot be read, or its markers are out of order.
  case unreadable(ErrorReport)

  /// Takes what the database shows; nil where it shows that nothing of the file stands.
  init?(_ verdict: AppliedVerdict) {
    switch verdict {
    case .applied(let evidence, _): self = .applied(evidence: evidence)
    case .partial(let reason): self = .partial(evidence: reason.evidence, missing: reason.missing)
    case .unknown: self = .untold
    case .notApplied: return nil
    }
  }

  /// What was found, in one line.
  var reason: String {
    switch self {
    case .applied(let evidence): "it was applied and not recorded: \(evidence)"
    case .partial(let evidence, _): "it was applied only in part: \(evidence)"
    case .untold: "nothing tells whether it was applied"
    case .unreadable(let report): report.sentence
    }
  }

  /// Whether its file can be read.
  var isReadable: Bool {
    if case .unreadable = self { false } else { true }
  }

  /// Whether the database shows something of it.
  private var isSeen: Bool {
    switch self {
    case .applied, .partial: true
    case .untold, .unreadable: false
    }
  }

  /// Leaves out what is pending all the same.
  ///
  /// Of a file that nothing tells of, the others tell: what is newer than the newest that `migrate`
  /// applied is its own; and where it is to apply the first one, a database that shows nothing of the
  /// other files, and no other runner, is one that they are new to.
  ///
  /// - Parameters:
  ///   - files: all the files that have no row, and what the database shows of each.
  ///   - overview: what the ledger says.
  /// - Returns: those that may be applied.
  static func uncertain(
    _ files: [MigrationName: UnrecordedFile], _ overview: LedgerOverview
  ) -> [MigrationName: UnrecordedFile] {
    if overview.isBlank {
      let isForeign =
        overview.hasOtherRunner || !overview.runnerTables.isEmpty
        || files.values.contains(where: \.isSeen)
      return isForeign ? files : files.filter { $0.value != .untold }
    }
    guard let newest = overview.newestByMigrate else { return files }
    return files.filter { $0.value != .untold || !$0.key.isNewer(than: newest) }
  }
}

extension UnrecordedFile {
  /// Why nothing is applied as long as it is not known whether this was.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - overview: what the ledger says.
  /// - Returns: a refusal.
  func refusal(of name: String, _ overview: LedgerOverview) -> ErrorReport {
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
        details: ["it creates nothing that could be looked for, and \(overview.othersAtWork)"],
        hint:
          "if it was applied, run \(register); if it was not, \(resolve), and 'migrate' applies it"
      )
    case .unreadable(let report):
      return report
    }
  }

  /// Why nothing is applied to a database that was there before the ledger, as long as it is not known
  /// what of the files stands.
  ///
  /// - Parameters:
  ///   - files: those that may be applied and can be read, in order.
  ///   - overview: what the ledger says.
  /// - Returns: one refusal for all of them; nil where there are none.
  static func refusal(
    ofBlankLedgerWith files: [(name: MigrationName, file: UnrecordedFile)],
    _ overview: LedgerOverview
  ) -> ErrorReport? {
    guard !files.isEmpty else { return nil }
    let shown = files.prefix(shownFiles).map { "'\($0.name.text)': \($0.file.reason)" }
    let more = files.count - shown.count
    return ErrorReport(
      .refused,
      files.count == 1
        ? "the ledger holds nothing, and 1 migration may be applied already"
        : "the ledger holds nothing, and \(files.count) migrations may be applied already",
      details: shown
        + (more > 0 ? ["and \(more) more, which 'migration-manager status' lists"] : [])
        + overview.runnerTables.map { "another runner's table is here: \($0)" },
      hint: "run 'migration-manager sync', which records what is applied"
        + (files.contains { $0.file == .untold }
          ? ", with '--assume-applied-before NAME' for the files of which nothing tells" : ""))
  }

  /// How many files a refusal names.
  private static let shownFiles = 5
}

extension LedgerOverview {
  /// Who else may have applied a file.
  fileprivate var othersAtWork: String {
    hasRegisteredRows
      ? "records here were made by 'sync' or 'register': another runner may have applied it too"
      : "another runner keeps a ledger here: it may have applied it"
  }
}
