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

  /// `--unseen`: what a person says of a statement whose end nobody saw.
  public var unseen: UnseenAnswer?

  /// Asks for something.
  public init(
    _ selection: Selection, useRecorded: Bool = false, runnerLedger: RunnerLedgerAction? = nil,
    isEach: Bool = false, unseen: UnseenAnswer? = nil
  ) {
    self.unseen = unseen
    self.selection = selection
    self.useRecorded = useRecorded
    self.runnerLedger = runnerLedger
    self.isEach = isEach
  }
}

extension RollbackRequest {
  /// What is left of it once some migrations are rolled back.
  ///
  /// - Parameter done: names that its plan held, each of them.
  /// - Returns: what asks for the rest of that plan, as long as nobody else does anything.
  func remaining(after done: some Collection<String>) -> RollbackRequest {
    var rest = self
    rest.selection = selection.remaining(after: done)
    return rest
  }
}

extension RollbackRequest.Selection {
  /// Whether the ledger tells what it means, so that others can change it at any moment.
  var isOpen: Bool {
    switch self {
    case .names(_, let cascade): cascade
    case .to, .last, .all: true
    }
  }

  /// What is left of it once some migrations are rolled back.
  func remaining(after done: some Collection<String>) -> Self {
    switch self {
    case .names(let names, let cascade):
      let done = Set(done)
      let rest = names.filter { !done.contains(MigrationName.withoutSuffix($0)) }
      return .names(rest, cascade: cascade)
    case .last(let count): return .last(max(count - done.count, 0))
    case .to, .all: return self
    }
  }

  /// The values of `rollback_range.sql`.
  ///
  /// - Parameter quote: quotes a literal.
  /// - Returns: `to`, `version` and `last`; of names, as of all, none of them.
  /// - Throws: ``ErrorReport`` of code `usage` for a point that can be no name.
  func rangeValues(quotedBy quote: (String) throws -> String) throws -> [String: String] {
    var values = ["to": "NULL", "version": "NULL", "last": "NULL"]
    switch self {
    case .to(let point):
      let name = try MigrationName.fromArgument(point)
      values["to"] = try quote(name.text)
      if name.version == name.text { values["version"] = try quote(name.version) }
    case .last(let count): values["last"] = String(count)
    case .names, .all: break
    }
    return values
  }
}
