/// How the files of a folder and the ledger of a database stand to each other: the answer of
/// `status`.
public struct StatusReport: Equatable, Sendable {
  /// A migration that `migrate` would apply.
  public struct Pending: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Why the last try to apply it failed.
    public var lastError: String?
    /// When and by whom it was rolled back; nil for one that was never applied.
    public var rollback: PastRollback?
    /// How far it got, of one that runs statement by statement and is half applied.
    public var progress: StatementProgress?
  }

  /// A migration that runs statement by statement, and that is half applied or half rolled back.
  public struct HalfDone: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// How far it got.
    public var progress: StatementProgress
  }

  /// A file that differs from what was recorded of it.
  public struct Drifted: Equatable, Sendable {
    /// The migration's name.
    public var name: String
    /// What differs.
    public var kind: Drift
  }

  /// A file of which the ledger has a record under another name, which has no file any more.
  public struct Renamed: Equatable, Sendable {
    /// The name in the ledger.
    public var from: String
    /// The file's name.
    public var to: String
  }

  /// A file without a row of which it is not certain that it was not applied.
  public struct Unknown: Equatable, Sendable {
    /// The migration's name.
    public var name: String
    /// What was found, in one line.
    public var reason: String
  }

  /// The applied migrations, in the order of application.
  public var applied: [String] = []
  /// What `migrate` would apply, in its order; those that were rolled back and have a file are
  /// among them.
  public var pending: [Pending] = []
  /// The migrations that were rolled back, in the order in which they had been applied.
  public var rolledBack: [String] = []
  /// The migrations whose last rollback failed; they stand as they were.
  public var failed: [String] = []
  /// The migrations that are half applied and have no file: those that have one are pending.
  public var halfApplied: [HalfDone] = []
  /// The migrations that are half rolled back.
  public var halfRolledBack: [HalfDone] = []
  /// The files that differ from their record, in the order of the files.
  public var drifted: [Drifted] = []
  /// The migrations that stand and have no file, under no name.
  public var missing: [String] = []
  /// The migrations that stand and whose file has another name now.
  public var renamed: [Renamed] = []
  /// The files that may be applied and are not recorded.
  public var unknown: [Unknown] = []
  /// Whether nothing was ever recorded: what is unknown was there before the ledger.
  public var isBlank = false
  /// The tables that go by the names of other runners' ledgers.
  public var runnerTables: [String] = []
  /// Whether the folder holds no file of all that stands: it may be the wrong one.
  public var isForeignFolder = false

  /// The newest applied migration; nil where none is.
  public var lastApplied: String? { applied.last }

  /// Whether folder, ledger and database agree: nothing pending, half done, failed, drifted, renamed or
  /// unknown, and the folder is the ledger's.
  public var isSettled: Bool {
    pending.isEmpty && failed.isEmpty && halfApplied.isEmpty && halfRolledBack.isEmpty
      && drifted.isEmpty && renamed.isEmpty && unknown.isEmpty && !isForeignFolder
  }
}

extension StatusReport {
  /// Compares. Pure: what was read of files and database comes in.
  ///
  /// - Parameters:
  ///   - files: the migrations of the folder, in order.
  ///   - overview: what the ledger says.
  ///   - drift: how the files of some that stand differ.
  ///   - unknown: of files without a row, why they may be applied all the same.
  ///   - renamed: of files without a row, the names under which they are recorded.
  init(
    files: [MigrationName], overview: LedgerOverview, drift: [String: Drift],
    unknown: [MigrationName: String], renamed: [MigrationName: String] = [:]
  ) {
    isBlank = overview.isBlank
    runnerTables = overview.runnerTables
    for row in overview.rows {
      switch row.status {
      case .applied: applied.append(row.name)
      case .rolledBack: rolledBack.append(row.name)
      case .failed: failed.append(row.name)
      }
    }
    let names = Set(overview.openSteps.runs.isEmpty ? [] : files.map(\.text))
    for run in overview.openSteps.runs {
      let halfDone = HalfDone(name: run.name, progress: run.progress)
      if run.direction == .rollback {
        halfRolledBack.append(halfDone)
      } else if !names.contains(run.name) {
        halfApplied.append(halfDone)
      }
    }
    let missing = overview.missing(from: files)
    let found = Set(renamed.values)
    self.missing = missing.map(\.name).filter { !found.contains($0) }
    isForeignFolder = ForeignFolder(overview, missing: missing, renamed: renamed) != nil
    for file in files {
      let row = overview[file]
      if row?.stands == true {
        if let kind = drift[file.text] { drifted.append(Drifted(name: file.text, kind: kind)) }
      } else if let old = renamed[file] {
        self.renamed.append(Renamed(from: old, to: file.text))
      } else if let reason = unknown[file] {
        self.unknown.append(Unknown(name: file.text, reason: reason))
      } else {
        pending.append(
          Pending(
            name: file.text, lastError: overview.lastErrors[file.text], rollback: row?.rollback,
            progress: overview.openSteps[file.text, .up]?.progress))
      }
    }
  }
}
