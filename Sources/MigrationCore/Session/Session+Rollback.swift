internal import LedgerSQL
internal import Platform
internal import PostgresClient

extension Session {
  /// Step 1 of a rollback: reads file and ledger in one round trip, and says what would happen.
  ///
  /// - Parameters:
  ///   - name: the migration, with or without `.sql`.
  ///   - useRecorded: `--use-recorded`: go on although the file's rollback SQL differs.
  ///   - runnerLedger: `--runner-ledger`: what to do with its rows in other runners' ledgers; nil
  ///     keeps them, and says that there is a choice.
  /// - Returns: the plan; it says itself when it is refused.
  /// - Throws: ``ErrorReport`` when the ledger cannot be read or written.
  public func planRollback(
    of name: String, useRecorded: Bool, runnerLedger: RunnerLedgerAction? = nil
  ) throws -> RollbackPlan {
    let name = try MigrationName.fromArgument(name)
    let folder = try folderIfAny()
    let (records, runners) = try recordsAndRunnerLedgers(of: [name], .rollbackPlan, .write)
    let known = try unknownNames([name], records, folder)
    let chains = try dependentsChains(of: records)
    let database = try database()
    var plan = RollbackPlanner(
      name: name.text, record: records[name.text], file: fileState(of: name, in: folder),
      nearNames: known[name.text] ?? [], chain: chains[name.text] ?? DependentsChain(),
      useRecorded: useRecorded,
      runnerLedgers: runners, runnerLedgerAction: runnerLedger,
      isFile: fileLookup(in: folder), user: database.target.user
    ).plan()
    plan.impediment = database.writeImpediment
    if runnerLedger == .remove, plan.refusal == nil, plan.runnerLedgers.isEmpty {
      observe(.note("no other runner's ledger has '\(name.text)': there is nothing to remove"))
    }
    return plan
  }

  /// Steps 4 to 8: runs a plan in one transaction.
  ///
  /// - Parameters:
  ///   - plan: what ``planRollback(of:useRecorded:runnerLedger:)`` gave, and someone agreed to.
  ///   - reason: `--reason`, kept with the event.
  /// - Returns: what ran, and how long it took.
  /// - Throws: the plan's refusal; ``ErrorReport`` for whatever stops it. Only code `fateUnknown`
  ///   leaves open whether it was committed.
  public func rollback(_ plan: RollbackPlan, reason: String?) throws -> RollbackResult {
    if let obstacle = plan.refusal ?? plan.impediment { throw obstacle }
    let database = try livingDatabase()
    let schema = database.schema.name
    let run = newRun(reason: reason)
    let runner = TransactionRunner(
      database: database, reconnect: { try self.connect(waiting: 0, schema: schema) },
      options: options, run: run, observe: observe)
    let calls = database.calls
    let isGuarded = try calls.guardRollback(of: [plan.name], sqlChecksums: [plan.sqlChecksum])
    let removal = try removalOfRunnerRows(plan, on: database)
    let work = TransactionWork(
      direction: .rollback, guards: [isGuarded],
      steps: [
        TransactionStep(
          plan.name, plan.sql, .rollback, origin: plan.origin, searchPath: plan.searchPath,
          failureGuard: isGuarded)
      ],
      removal: removal,
      records: [
        try calls.recordRollbacks(of: [plan.name], run: run, withRemovedRows: removal != nil)
      ])
    let durations = try runner.perform(work)
    return RollbackResult(
      name: plan.name, sql: plan.sql, durationMicroseconds: durations[0],
      runnerLedgers: plan.runnerLedgers)
  }

  /// The statement that takes the migration off other runners' ledgers; nil where it stays there.
  private func removalOfRunnerRows(_ plan: RollbackPlan, on database: Database) throws -> String? {
    let rows = plan.runnerLedgers.filter { $0.action == .remove }.map {
      RemovedRunnerRow(migration: plan.name, $0)
    }
    guard !rows.isEmpty else { return nil }
    let sql = database.statement(
      .removeRunnerRows, ["rows": try database.quote(encodedJSON(rows))])
    return sql.trimmed.droppingLast(";")
  }
}
