/// Decides whether a migration's record can follow its file to another name: ledger, folder and
/// request in, a ``LedgerChange`` out. Pure: it touches neither disk nor database.
struct RenamePlanner {
  /// The recorded name.
  var name: String
  /// The name that it is to have.
  var newName: String
  /// The ledger's row; nil when there is none.
  var record: LedgerRecord?
  /// Whether the ledger has a row of the new name.
  var isNewNameRecorded = false
  /// The path of the file of the old name; nil where that is gone, as it should be.
  var oldFile: String?
  /// The file of the new name.
  var newFile: RollbackStepPlanner.FileState
  /// The files of migrations that stand on this one and name it by its old name, as shown to the
  /// user.
  var filesWithOldName: [String] = []
  /// `--force`: whatever the folder says.
  var force = false
  /// Names that a mistyped one may have meant.
  var nearNames: [String] = []

  /// What would be done.
  func plan() -> LedgerChange {
    var change = LedgerChange(
      kind: .rename(to: newName), name: name, statusBefore: record?.status, hasFile: hasNewFile)
    change.refusal = ledgerRefusal
    guard change.refusal == nil, !change.isNothingToDo else { return change }
    if force {
      change.warnings = obstacles.map(\.sentence)
    } else {
      change.refusal = obstacles.first
    }
    guard change.refusal == nil else { return change }
    change.warnings += filesWithOldName.map { "'\($0)' still says 'Depends on: \(name)'" }
    if drift != nil {
      change.hint = "its file changed: \(ShellWord.command("register", newName)) records it anew"
    }
    return change
  }

  private var hasNewFile: Bool {
    if case .missing = newFile { false } else { true }
  }

  /// How the file differs from the record.
  private var drift: Drift? {
    guard case .read(let file) = newFile else { return nil }
    return record?.drift(of: file.checksums)
  }

  /// What stands against it whatever the folder says.
  private var ledgerRefusal: ErrorReport? {
    guard record != nil else {
      guard isNewNameRecorded, oldFile == nil else {
        return .notInLedger(name, nearNames: nearNames)
      }
      return ErrorReport(
        .refused, "\(RollbackStepPlanner.notFound): '\(name)'",
        details: ["'\(newName)' is recorded"],
        hint: "it may have been renamed before: \(ShellWord.command("history", newName)) tells")
    }
    guard isNewNameRecorded, newName != name else { return nil }
    return ErrorReport(
      .refused, "migration '\(newName)' is recorded already",
      hint: "give a name that is not recorded; "
        + "\(ShellWord.command("forget", newName)) deletes a record that should not be there")
  }

  /// What of the folder speaks against it, the weightiest first.
  private var obstacles: [ErrorReport] {
    var obstacles: [ErrorReport] = []
    switch newFile {
    case .missing:
      obstacles.append(
        ErrorReport(
          .refused, "there is no file of '\(newName)' in the folder",
          hint: "rename the file first, or give --force"))
    case .unreadable(let report):
      obstacles.append(report)
    case .read(let file) where drift == .up:
      obstacles.append(
        ErrorReport(
          .refused, "the up SQL of '\(file.path)' is not what was recorded of '\(name)'",
          hint: "make sure that it is the same migration, then give --force"))
    case .read:
      break
    }
    if let oldFile {
      obstacles.append(
        ErrorReport(
          .refused, "'\(oldFile)' is still there: without a record it would be applied again",
          hint: "rename the file, not a copy of it, or give --force"))
    }
    return obstacles
  }
}
