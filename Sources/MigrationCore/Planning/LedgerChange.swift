/// A change of what the ledger says of one migration: pure data, printable, to be carried out by
/// ``Session/carryOut(_:reason:)``. No SQL of the migration runs.
public struct LedgerChange: Equatable, Sendable {
  /// What is changed.
  public enum Kind: Equatable, Sendable {
    /// Its status, set by hand: `applied` or `rolledBack`.
    case resolve(MigrationStatus)
    /// Its name and version, after its file got another name.
    case rename(to: String)
    /// Whether there is a record at all: it is deleted.
    case forget
  }

  /// What is changed.
  public var kind: Kind
  /// The migration's name.
  public var name: String
  /// Its status so far; nil without a record.
  public var statusBefore: MigrationStatus?
  /// What made its last rollback fail, of one that is `failed`.
  public var failure: String?
  /// How far it got, where it is half applied or half rolled back, such as `half applied (2 of 5
  /// statements)`; nil where it is not. Its journal is closed with the change.
  public var halfDone: String?
  /// Whether its file is in the folder, under the new name where it gets one.
  public var hasFile: Bool
  /// Things to know before saying yes, each a line.
  public var warnings: [String] = []
  /// What to do afterwards; nil where nothing is.
  public var hint: String?
  /// Why it is refused; nil when it may go ahead.
  public var refusal: ErrorReport?
  /// Why it can be shown here and not done, such as that the server is a standby.
  public var impediment: ErrorReport?

  /// Its status afterwards; nil without a record.
  public var statusAfter: MigrationStatus? {
    switch kind {
    case .resolve(let status): status
    case .rename: statusBefore
    case .forget: nil
    }
  }

  /// Whether the ledger says so already. What is half done is not settled by that.
  public var isNothingToDo: Bool {
    switch kind {
    case .resolve(let status): statusBefore == status && halfDone == nil
    case .rename(let newName): newName == name
    case .forget: false
    }
  }
}
