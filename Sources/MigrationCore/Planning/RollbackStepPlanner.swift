/// Decides whether a migration can be rolled back, and what would run: file, ledger and request in,
/// a ``RollbackStep`` out. Pure: it touches neither disk nor database.
struct RollbackStepPlanner {
  /// The file's side.
  enum FileState: Sendable {
    /// It was read.
    case read(MigrationFile)
    /// It is not in the folder.
    case missing
    /// It could not be read, or its markers are out of order.
    case unreadable(ErrorReport)
  }

  /// The migration's name.
  var name: String
  /// The ledger's row; nil when there is none.
  var record: LedgerRecord?
  /// The file's side.
  var file: FileState
  /// Names that a mistyped one may have meant.
  var nearNames: [String] = []
  /// All that must be rolled back first.
  var chain = DependentsChain()
  /// `--use-recorded`.
  var useRecorded = false
  /// The ledgers of other runners.
  var runnerLedgers: [RunnerLedgerFinding] = []
  /// `--runner-ledger`; nil when it was not given.
  var runnerLedgerAction: RunnerLedgerAction?
  /// Whether the folder holds a migration of a name.
  var isFile: (String) -> Bool = { _ in false }
  /// The connection's role, for the words.
  var user = ""
  /// What is half applied or half rolled back.
  var openSteps = OpenSteps()

  /// Its own rollback, where that is half done.
  private var halfDone: OpenSteps.Run? { openSteps[name, .rollback] }

  /// The file, when it was read.
  private var readFile: MigrationFile? {
    if case .read(let file) = file { file } else { nil }
  }

  private var isMissing: Bool {
    if case .missing = file { true } else { false }
  }

  /// How the file differs from the record.
  var drift: Drift? {
    guard let record, let file = readFile, record.checksum != nil else { return nil }
    if file.agrees(with: record) { return nil }
    return record.drift(of: file.checksums)
  }

  /// Where the SQL that runs stands: in the file as long as that agrees with the record.
  var origin: SQLOrigin {
    guard let record, let file = readFile, let origin = file.rollbackOrigin,
      let sql = file.rollbackSQL
    else { return .recorded(name: name) }
    let agrees =
      record.rollbackSQL.map { $0.utf8.elementsEqual(sql.utf8) }
      ?? (record.metadata.rollbackChecksum == FileChecksums.ofText(Array(sql.utf8)))
    return agrees ? origin : .recorded(name: name)
  }

  /// What a rollback would do.
  func step() -> RollbackStep {
    let sql = record?.rollbackSQL ?? ""
    let origin = origin
    let inspection = SQLInspection(
      of: sql, .rollback, mode: record?.metadata.rollbackMode ?? .single, origin: origin, name: name
    )
    let ownRefusal = refusal ?? inspection.refusals.first
    var step = RollbackStep(
      // SQL that holds a password is refused, and only shown.
      name: name, sql: inspection.shownSQL, searchPath: record?.metadata.searchPath,
      sqlChecksum: FileChecksums.ofBytes(of: sql), origin: origin, drift: drift,
      fileMissing: readFile == nil, warnings: warnings + inspection.warnings,
      refusal: ownRefusal ?? runners.refusal, dependents: record?.dependents ?? [])
    step.units = inspection.units
    step.inspection = inspection
    if record?.metadata.rollbackMode == TransactionMode.none {
      step.statements = StatementProgress(
        done: halfDone?.done ?? 0, count: step.units.count, error: halfDone?.progress.error)
    }
    step.comesBack = readFile != nil && record?.metadata.isRegistered == false
    if ownRefusal == nil { step.runnerLedgers = runners.steps }
    if step.refusal == nil {
      step.warnings += runners.warnings
      step.hint = runners.hint
    }
    return step
  }

  /// What becomes of the rows in other runners' ledgers.
  private var runners: RunnerLedgerPlanner {
    RunnerLedgerPlanner(
      name: MigrationName(name), findings: runnerLedgers, choice: runnerLedgerAction,
      fileIsThere: !isMissing, isFile: isFile, user: user)
  }

  /// The answer of `check`: the plan's, for a role that may not see the SQL.
  func check() -> RollbackCheck {
    var refusal = refusal
    var remarks = warnings
    if refusal == nil, let sql = record?.rollbackSQL ?? readFile?.rollbackSQL {
      // Without the record's text it is the file's that is looked at, which agrees with it.
      let mode = record?.rollbackSQL == nil ? readFile?.rollbackMode : record?.metadata.rollbackMode
      let inspection = SQLInspection(
        of: sql, .rollback, mode: mode ?? .single, origin: origin, name: name)
      refusal = inspection.refusals.first
      remarks += inspection.warnings
    }
    // What stands in the way of all comes last: the migration's own obstacles stay, whatever is settled.
    if refusal == nil { refusal = HalfDone.refusal(toRollBack: [name], openSteps) }
    if refusal == nil { remarks += runners.remarks }
    if let halfDone {
      remarks.append("it is \(halfDone.words), and goes on from there: \(halfDone.progress.words)")
    }
    let isBlocked = record.map { !$0.canRollback && !isHalfRolledBack($0) } ?? true
    return RollbackCheck(
      name: name, status: record?.status, canRollback: refusal == nil,
      reason: isBlocked
        ? (record?.reason ?? openSteps[name, .up].map { "It is \($0.words)" } ?? Self.notFound)
        : refusal?.sentence ?? goesOn ?? record?.reason ?? "",
      dependents: record?.dependents ?? [], drift: drift, irreversible: irreversible,
      fileMissing: record != nil && isMissing,
      remarks: remarks + (record == nil ? refusal?.details ?? [] : []),
      hint: refusal?.hint)
  }

  /// The ledger's word for a name without a row.
  static let notFound = "Migration not found"

  /// Why the migration cannot be undone, where it says so itself.
  private var irreversible: String? {
    record?.metadata.irreversible ?? readFile?.declaration.irreversible
  }

  /// What to know before it runs.
  private var warnings: [String] {
    var lines: [String] = []
    switch file {
    case .missing where record?.canRollback == true:
      lines.append(
        "the file of '\(name)' is not in the folder: the SQL recorded in the ledger is used")
    case .unreadable(let report) where useRecorded:
      lines.append("\(report.sentence): the SQL recorded in the ledger is used")
    case .read(let file):
      lines += file.remarks
      switch drift {
      case .up: lines.append("the up SQL of '\(file.path)' was changed after it was recorded")
      case .comments: lines.append("only comments or white space of '\(file.path)' have changed")
      case .lineEnds: lines.append("only the line ends of '\(file.path)' have changed")
      case .rollback, nil: break
      }
      if useRecorded, otherRollback != nil {
        lines.append("the rollback SQL of '\(file.path)' differs: the recorded SQL is used")
      } else if useRecorded, let record, otherModeRefusal(record) != nil {
        lines.append("'\(file.path)' asks for another way to roll back: it runs as it is recorded")
      }
    default: break
    }
    return lines
  }

  private var refusal: ErrorReport? {
    guard let record else {
      if let run = openSteps[name, .up] { return HalfDone.refusal(toRollBack: name, with: run) }
      let known = readFile != nil
      return ErrorReport(
        .refused, "\(Self.notFound): '\(name)'",
        details: nearNames.map { "did you mean '\($0)'?" },
        hint: known
          ? "its file is there but it is not recorded: if it was applied, "
            + "run \(ShellWord.command("register", name))"
          : "'migration-manager list --all' shows what is recorded")
    }
    if !record.canRollback, !isHalfRolledBack(record) { return blocked(record) }
    if useRecorded { return nil }
    if case .unreadable(let report) = file { return report }
    guard let (recorded, inFile) = otherRollback else { return otherModeRefusal(record) }
    return ErrorReport(
      .refused, "the rollback SQL of '\(name)' was changed after it was recorded",
      details: [
        "recorded \(Self.short(recorded)), file \(Self.short(inFile)): "
          + "what runs is always the recorded SQL"
      ],
      hint: "run \(ShellWord.command("register", name)) to accept the file's, "
        + "or give --use-recorded")
  }

  /// Why it is refused where the file asks for another way to run it than the record.
  private func otherModeRefusal(_ record: LedgerRecord) -> ErrorReport? {
    let recorded = record.metadata.rollbackMode
    guard let file = readFile, file.rollbackSQL != nil, file.rollbackMode != recorded else {
      return nil
    }
    let ways = ["in one transaction", "statement by statement"]
    let (old, new) = recorded == .single ? (ways[0], ways[1]) : (ways[1], ways[0])
    return ErrorReport(
      .refused, "how '\(name)' is rolled back was changed after it was recorded",
      details: ["recorded \(old), file \(new): it runs as it is recorded"],
      hint: "run \(ShellWord.command("register", name)) to accept the file's, "
        + "or give --use-recorded")
  }

  /// What is said instead of the ledger's own word where a failed rollback goes on.
  private var goesOn: String? {
    guard let record, isHalfRolledBack(record) else { return nil }
    return "Its rollback goes on where it stopped"
  }

  /// Whether its rollback goes on where it stopped, although that has failed.
  private func isHalfRolledBack(_ record: LedgerRecord) -> Bool {
    halfDone != nil && record.status == .failed && record.dependents.isEmpty
  }

  /// The checksums of the recorded rollback SQL and of the file's where they differ in more than
  /// comments and white space, whatever else differs; nil too for a role that cannot know.
  private var otherRollback: (recorded: String?, file: String?)? {
    guard let record, let file = readFile else { return nil }
    // As bytes: texts that are only canonically equivalent are other texts to the server.
    let sql = record.rollbackSQL.map { Array($0.utf8) }
    let fileSQL = file.rollbackSQL.map { Array($0.utf8) }
    if sql != nil, sql == fileSQL { return nil }
    guard let code = sql.map(FileChecksums.ofCode) ?? record.metadata.rollbackCodeChecksum,
      code != fileSQL.map(FileChecksums.ofCode)
    else { return nil }
    return (
      sql.map(FileChecksums.ofText) ?? record.metadata.rollbackChecksum,
      fileSQL.map(FileChecksums.ofText)
    )
  }

  /// What the ledger's own rules say, and the way out.
  private func blocked(_ record: LedgerRecord) -> ErrorReport {
    var report = ErrorReport(.refused, "\(record.reason): '\(name)'")
    switch record.status {
    case .rolledBack:
      report.hint = "nothing is left to undo; 'migration-manager list --all' shows every status"
    case .failed:
      report.details = record.failure?.split(separator: "\n").map(String.init) ?? []
      report.hint =
        "mend its rollback section, run \(ShellWord.command("register", name)), "
        + "then roll back again"
    case .applied where !record.dependents.isEmpty:
      report.details = record.dependents.map { "depends on it: \($0)" }
      report.hint = orderHint(record.dependents)
    case .applied:
      if let why = irreversible {
        report.details = ["irreversible: \(why.isEmpty ? "no reason given" : why)"]
        report.hint = "write a new migration that moves on from here"
      } else {
        let register = ShellWord.command("register", name)
        report.hint =
          if readFile?.rollbackSQL != nil {
            "its file has rollback SQL that is not recorded: run \(register)"
          } else if let rollbackFile = readFile?.rollbackFile {
            "'\(rollbackFile.path)' holds no SQL yet: write it and run \(register)"
          } else if readFile?.declaration.section != nil {
            "its rollback section holds no SQL yet: write it and run \(register)"
          } else {
            "add a rollback section to its file and run \(register)"
          }
      }
    }
    return report
  }

  /// How to roll back with it what must go first, in which order; none where it would end half-way.
  private func orderHint(_ dependents: [String]) -> String {
    if let stuck = chain.stuck.first {
      let others = chain.stuck.count > 1 ? " (and \(chain.stuck.count - 1) more)" : ""
      return "roll none of them back: '\(stuck)'\(others), which must go first too, cannot be "
        + "rolled back, as \(ShellWord.command("check", stuck)) says; "
        + "write a new migration that moves on from here"
    }
    let order = chain.names.isEmpty ? dependents : chain.names
    let shown = order.prefix(8).joined(separator: ", ")
    return "\(ShellWord.command("rollback", name, option: "--cascade")) rolls back first"
      + (order.count > 1 ? ", in this order" : "") + ": \(shown)"
      + (order.count > 8 ? ", … (\(order.count) in all)" : "")
  }

  /// The first characters of a checksum.
  private static func short(_ checksum: String?) -> String {
    checksum.map { "\($0.prefix(6))…" } ?? "none"
  }
}

/// What must be rolled back before a migration: its dependents, theirs, and so on.
struct DependentsChain: Equatable {
  /// In an order that can be carried out.
  var names: [String] = []
  /// Those of them that cannot be rolled back themselves: they have no rollback SQL, or the last
  /// try failed.
  var stuck: [String] = []
}

extension ErrorReport {
  /// The message with its place, in one line.
  var sentence: String { location.map { "\($0.description): \(message)" } ?? message }
}
