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
    let runner = RollbackRunner(
      database: database, reconnect: { try self.connect(waiting: 0, schema: schema) },
      options: options, run: newRun(reason: reason), observe: observe)
    return try runner.execute(plan)
  }
}
