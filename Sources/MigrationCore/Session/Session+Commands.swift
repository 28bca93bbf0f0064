extension Session {
  /// Creates or upgrades the ledger, and gives roles their rights on it.
  public func initialize(readers: [String], operators: [String]) throws -> InitializationResult {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// The applied migrations (or those of every status), newest first.
  public func list(limit: Int?, everyStatus: Bool) throws -> MigrationList {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// Only the names, newest first.
  public func names(limit: Int?, everyStatus: Bool) throws -> [String] {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// Whether each named migration can be rolled back, in the order given.
  public func check(_ names: [String]) throws -> [RollbackCheck] {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// Exactly that SQL of a migration file (of the ledger, for a rollback whose file is gone).
  public func show(_ name: String, _ which: ShownSQL) throws -> [UInt8] {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// Step 1 of a rollback: reads file and ledger, and says what would happen.
  public func planRollback(of name: String, useRecorded: Bool) throws -> RollbackPlan {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// Steps 4 to 8: runs a plan in one transaction.
  public func rollback(_ plan: RollbackPlan, reason: String?) throws -> RollbackResult {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// Records migrations that another runner applied, or refreshes their records.
  public func register(_ names: [String], force: Bool, reason: String?) throws
    -> [RegistrationResult]
  {
    throw ErrorReport(.internalError, "not built yet")
  }

  /// The versions of libpq and of the parser, for `--version`: pairs of name and version.
  public static var libraryVersions: [(name: String, version: String)] { [] }
}
