internal import LedgerSQL
internal import Platform
internal import PostgresClient

extension Session {
  /// Step 1 of a rollback: reads files and ledger in one round trip, and says what would happen.
  ///
  /// Where another run that goes statement by statement stands in the way, that is waited for, but not
  /// by a dry run.
  ///
  /// - Parameters:
  ///   - request: which migrations.
  ///   - isDryRun: whether nothing is to be done.
  /// - Returns: the plan; it says itself when it is refused. Without steps, nothing is to do.
  /// - Throws: ``ErrorReport`` when the ledger cannot be read or written, and for a name that cannot
  ///   be one.
  public func planRollback(
    _ request: RollbackRequest, isDryRun: Bool = false
  ) throws -> RollbackPlan {
    let (plan, openSteps) = try plan(request)
    let isHeldUp =
      plan.question != nil || (plan.obstacle != nil && openSteps.runs.contains(where: \.isAtWork))
    guard isHeldUp, !isDryRun else { return plan }
    return try waitForOtherRun() ? self.plan(request).plan : plan
  }

  /// Makes a plan, by what folder and ledger say now.
  private func plan(
    _ request: RollbackRequest
  ) throws -> (plan: RollbackPlan, openSteps: OpenSteps) {
    let folder = try folderIfAny()
    let names = try names(of: request, in: folder)
    let found = try readRollbacks(request.selection, names)
    let records = Dictionary(
      found.records.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let known = try unknownNames(names, records, folder)
    // Those that go as well block nothing.
    let blocked = records.filter { record in
      record.value.dependents.contains { records[$0] == nil }
    }
    let chains = try dependentsChains(of: blocked)
    let database = try database()
    let wanted =
      found.records.map { MigrationName($0.name) } + names.filter { records[$0.text] == nil }
    let files = fileStates(of: wanted, in: folder)
    let isFile = fileLookup(in: folder)
    let candidates = zip(wanted, files).map { name, file in
      RollbackStepPlanner(
        name: name.text, record: records[name.text], file: file,
        nearNames: known[name.text] ?? [], chain: chains[name.text] ?? DependentsChain(),
        useRecorded: request.useRecorded, runnerLedgers: found.runners,
        runnerLedgerAction: request.runnerLedger, isFile: isFile, user: database.target.user,
        openSteps: found.openSteps)
    }
    var planner = RollbackPlanner(
      candidates: candidates, request: request, range: found.range)
    if case .to(let point) = request.selection {
      let near =
        found.range.targets.isEmpty ? NearestNames.of(point, among: try recordedNames()) : []
      planner.refusal = found.range.refusal(of: point, nearNames: near)
    }
    var plan = planner.plan()
    if plan.obstacle == nil {
      plan.refusal = HalfDone.refusal(of: plan, found.openSteps)
    }
    try judgeStatements(of: &plan, found.openSteps)
    if plan.obstacle == nil, !plan.isEach { plan.refusal = try lockRefusal(of: plan) }
    plan.impediment = database.writeImpediment
    if case .last(let count) = request.selection, (1..<count).contains(plan.steps.count) {
      let standing = plan.steps.count == 1 ? "1 migration stands" : "\(plan.steps.count) stand"
      observe(.note("no more than \(standing): \(count) were asked for"))
    }
    if request.runnerLedger == .remove, plan.obstacle == nil,
      !plan.steps.isEmpty, plan.steps.allSatisfy(\.runnerLedgers.isEmpty)
    {
      let subject = plan.steps.count == 1 ? "'\(plan.steps[0].name)'" : "any of them"
      observe(.note("no other runner's ledger has \(subject): there is nothing to remove"))
    }
    return (plan, found.openSteps)
  }

  /// Why the server's lock table cannot hold a plan's transaction; nil where it can. The catalog is
  /// only asked where it may come near.
  private func lockRefusal(of plan: RollbackPlan) throws -> ErrorReport? {
    var locks = LockEstimate()
    for step in plan.steps {
      if let inspection = step.inspection { locks.formUnion(inspection.locks) }
    }
    let database = try database()
    guard let capacity = database.facts?.lockCapacity, locks.mayExceed(capacity) else {
      return nil
    }
    let results = try database.read(.write) { database in
      [database.statement(.lockCount, ["names": try database.quote(locks.droppedJSON)])]
    }
    guard let rows = results.last, rows.rowCount == 1,
      let count = Int(rows.text(row: 0, column: 0))
    else { return nil }
    return locks.refusal(count, of: capacity, migrations: plan.steps.count)
  }

  /// What the ledgers hold of what is to be rolled back.
  private struct RecordedRollbacks {
    var range: RollbackRange
    var records: [LedgerRecord]
    var runners: [RunnerLedgerFinding]
    var openSteps: OpenSteps
  }

  /// Reads which migrations are meant, and what the ledgers hold of them, in one round trip.
  private func readRollbacks(
    _ selection: RollbackRequest.Selection, _ names: [MigrationName]
  ) throws -> RecordedRollbacks {
    let results = try database().read(.write) { database in
      var wanted = [
        "names": "pg_catalog.current_setting('migration_manager.names')",
        "versions": "pg_catalog.current_setting('migration_manager.versions')",
      ]
      let texts = try database.quoteArray(names.map(\.text))
      var statements: [String] = []
      switch selection {
      case .names(_, cascade: true):
        statements = [database.statement(.rollbackCascade, ["names": texts])]
      case .names(_, cascade: false):
        wanted = [
          "names": texts,
          "versions": try database.quoteArray(names.map { $0.supabaseVersion ?? "" }),
        ]
      case .to, .last, .all:
        statements = [
          database.statement(.rollbackRange, try selection.rangeValues(quotedBy: database.quote))
        ]
      }
      return statements + [
        database.statement(.openSteps), database.statement(.runnerRows, wanted),
        database.statement(.rollbackPlan, wanted),
      ]
    }
    let rows = results.last
    let records = try rows.map { rows in
      try (0..<rows.rowCount).map { try LedgerRecord(rows, row: $0) }
    }
    return RecordedRollbacks(
      range: results.lazy.compactMap(RollbackRange.init).first ?? RollbackRange(),
      records: records ?? [], runners: Self.runnerLedgers(in: results),
      openSteps: results.lazy.compactMap(OpenSteps.init).first ?? OpenSteps())
  }

  /// The files' side of rollbacks, read on all processors.
  private func fileStates(
    of names: [MigrationName], in folder: MigrationDirectory?
  ) -> [RollbackStepPlanner.FileState] {
    guard names.count > 1 else { return names.map { fileState(of: $0, in: folder) } }
    let entries = names.map { name in
      Result { try folder?.entry(named: name) }.mapError { Self.report($0, reading: name) }
    }
    return ConcurrentMap.map(Array(zip(names, entries))) { (name, entry) in
      do {
        guard let entry = try entry.get() else { return .missing }
        return .read(try MigrationFile.read(entry))
      } catch {
        return .unreadable(Self.report(error, reading: name))
      }
    }
  }
}

extension Session {
  /// The migrations that a request names, each once; none where it names no more than a point.
  ///
  /// - Throws: ``ErrorReport`` as ``migrationName(_:in:orLedger:)``.
  private func names(
    of request: RollbackRequest, in folder: MigrationDirectory?
  ) throws -> [MigrationName] {
    guard case .names(let arguments, _) = request.selection else { return [] }
    var seen: Set<MigrationName> = []
    return try arguments.map { try migrationName($0, in: folder, orLedger: .write) }
      .filter { seen.insert($0).inserted }
  }
}
