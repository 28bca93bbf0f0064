internal import LedgerSQL
internal import Platform
internal import PostgresClient

extension Session {
  /// Step 1 of a rollback: reads file and ledger in one round trip, and says what would happen.
  ///
  /// - Parameters:
  ///   - name: the migration, with or without `.sql`.
  ///   - useRecorded: `--use-recorded`: go on although the file's rollback SQL differs.
  /// - Returns: the plan; it says itself when it is refused.
  /// - Throws: ``ErrorReport`` when the ledger cannot be read or written.
  public func planRollback(of name: String, useRecorded: Bool) throws -> RollbackPlan {
    let name = try MigrationName.fromArgument(name)
    let folder = try folderIfAny()
    let records = try self.records(of: [name], .rollbackPlan, .write)
    let known = try unknownNames([name], records, folder)
    let chains = try dependentsChains(of: records)
    var plan = RollbackPlanner(
      name: name.text, record: records[name.text], file: fileState(of: name, in: folder),
      nearNames: known[name.text] ?? [], chain: chains[name.text] ?? [], useRecorded: useRecorded
    ).plan()
    plan.impediment = try database().writeImpediment
    return plan
  }

  /// Steps 4 to 8: runs a plan in one transaction.
  ///
  /// - Parameters:
  ///   - plan: what ``planRollback(of:useRecorded:)`` gave, and someone agreed to.
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
