/// Which migrations are to be rolled back, and how.
public struct RollbackRequest: Equatable, Sendable {
  /// Which ones.
  public enum Selection: Equatable, Sendable {
    /// These; with `cascade` also all that stand on them.
    case names([String], cascade: Bool)
    /// All applied after this one, by sequence: it stays. A name, or a version; of several migrations
    /// with that version all stay.
    case to(String)
    /// So many, the newest first.
    case last(Int)
    /// All.
    case all
  }

  /// Which ones.
  public var selection: Selection
  /// `--use-recorded`: go on although a file's rollback SQL differs.
  public var useRecorded: Bool
  /// `--runner-ledger`: what to do with rows in other runners' ledgers; nil keeps them, and says that
  /// there is a choice.
  public var runnerLedger: RunnerLedgerAction?
  /// `--each`: whether each is to be a transaction of its own.
  public var isEach: Bool

  /// Whether it means what stands at one end of the order of application, whatever that is.
  var isRange: Bool { if case .names = selection { false } else { true } }

  /// Asks for something.
  public init(
    _ selection: Selection, useRecorded: Bool = false, runnerLedger: RunnerLedgerAction? = nil,
    isEach: Bool = false
  ) {
    self.selection = selection
    self.useRecorded = useRecorded
    self.runnerLedger = runnerLedger
    self.isEach = isEach
  }
}
