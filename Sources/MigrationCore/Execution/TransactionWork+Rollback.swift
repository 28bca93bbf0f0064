internal import LedgerSQL

extension TransactionWork {
  /// The rollback of some migrations in one transaction.
  ///
  /// - Parameters:
  ///   - steps: the migrations, in their order; none to see no more than whether none are meant still.
  ///   - plan: the plan that they are of.
  ///   - done: how many of that plan were rolled back before.
  ///   - database: the connection that it goes over.
  ///   - run: who does it.
  ///   - tellsStatements: whether the end of each statement is told as it comes.
  /// - Throws: when a value cannot be quoted.
  init(
    rollingBack steps: [RollbackStep], of plan: RollbackPlan, after done: Int,
    on database: Database, run: RunIdentity, tellsStatements: Bool
  ) throws {
    let calls = database.calls
    let names = steps.map(\.name)
    let removal = try Self.removalOfRunnerRows(steps, on: database)
    let all = plan.steps.map(\.name)
    var guards: [String] = []
    if let selection = plan.request?.selection.remaining(after: all.prefix(done)),
      selection.isOpen
    {
      guards.append(try calls.guardSelection(selection, of: Array(all.dropFirst(done))))
    }
    if !steps.isEmpty {
      guards.append(try calls.guardRollback(of: names, sqlChecksums: steps.map(\.sqlChecksum)))
    }
    self.init(
      direction: .rollback, guards: guards,
      steps: steps.map { step in
        TransactionStep(
          step.name, step.sql,
          step.inspection
            ?? SQLInspection(of: step.sql, .rollback, origin: step.origin, name: step.name),
          origin: step.origin, searchPath: step.searchPath)
      },
      removal: removal,
      records: steps.isEmpty
        ? [] : [try calls.recordRollbacks(of: names, run: run, withRemovedRows: removal != nil)],
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
