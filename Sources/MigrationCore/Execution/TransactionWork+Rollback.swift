internal import LedgerSQL

extension TransactionWork {
  /// The rollback of some migrations in one transaction.
  ///
  /// - Parameters:
  ///   - steps: the migrations, in their order; at least one.
  ///   - newest: the migration after which none may stand that was applied meanwhile; nil for no such
  ///     rule.
  ///   - database: the connection that it goes over.
  ///   - run: who does it.
  ///   - tellsStatements: whether the end of each statement is told as it comes.
  /// - Throws: when a value cannot be quoted.
  init(
    rollingBack steps: [RollbackStep], newest: String?, on database: Database, run: RunIdentity,
    tellsStatements: Bool
  ) throws {
    let calls = database.calls
    let names = steps.map(\.name)
    var guards = [try calls.guardRollback(of: names, sqlChecksums: steps.map(\.sqlChecksum))]
    if let newest {
      let statement = database.statement(.guardNewest, ["newest": try database.quote(newest)])
      guards.append(statement.trimmed.droppingLast(";"))
    }
    let removal = try Self.removalOfRunnerRows(steps, on: database)
    self.init(
      direction: .rollback,
      guards: guards,
      steps: steps.map { step in
        TransactionStep(
          step.name, step.sql,
          step.inspection
            ?? SQLInspection(of: step.sql, .rollback, origin: step.origin, name: step.name),
          origin: step.origin, searchPath: step.searchPath)
      },
      removal: removal,
      records: [
        try calls.recordRollbacks(of: names, run: run, withRemovedRows: removal != nil)
      ],
      tellsStatements: tellsStatements)
  }

  /// The statement that takes the migrations off other runners' ledgers; nil where they stay there.
  private static func removalOfRunnerRows(
    _ steps: [RollbackStep], on database: Database
  ) throws -> String? {
    let rows = steps.flatMap { step in
      step.runnerLedgers.filter { $0.action == .remove }.map {
        RemovedRunnerRow(migration: step.name, $0)
      }
    }
    guard !rows.isEmpty else { return nil }
    let sql = database.statement(
      .removeRunnerRows, ["rows": try database.quote(encodedJSON(rows))])
    return sql.trimmed.droppingLast(";")
  }
}
