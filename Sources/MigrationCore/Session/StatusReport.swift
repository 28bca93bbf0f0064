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
  }

  /// A file that differs from what was recorded of it.
  public struct Drifted: Equatable, Sendable {
    /// The migration's name.
    public var name: String
    /// What differs.
    public var kind: Drift
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
  /// The files that differ from their record, in the order of the files.
  public var drifted: [Drifted] = []
  /// The migrations that stand and have no file.
  public var missing: [String] = []
  /// The files that may be applied and are not recorded.
  public var unknown: [Unknown] = []

  /// The newest applied migration; nil where none is.
  public var lastApplied: String? { applied.last }

  /// Whether folder, ledger and database agree: nothing pending, failed, drifted or unknown.
  public var isSettled: Bool {
    pending.isEmpty && failed.isEmpty && drifted.isEmpty && unknown.isEmpty
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
  init(
    files: [MigrationName], overview: LedgerOverview, drift: [String: Drift],
    unknown: [MigrationName: String]
  ) {
    let fileNames = Set(files.map(\.text))
    for row in overview.rows {
      switch row.status {
      case .applied: applied.append(row.name)
      case .rolledBack: rolledBack.append(row.name)
      case .failed: failed.append(row.name)
      }
      if row.stands, !fileNames.contains(row.name) { missing.append(row.name) }
    }
    for file in files {
      let row = overview[file]
      if row?.stands == true {
        if let kind = drift[file.text] { drifted.append(Drifted(name: file.text, kind: kind)) }
      } else if let reason = unknown[file] {
        self.unknown.append(Unknown(name: file.text, reason: reason))
      } else {
        pending.append(
          Pending(
            name: file.text, lastError: overview.lastErrors[file.text], rollback: row?.rollback))
      }
    }
  }
}
