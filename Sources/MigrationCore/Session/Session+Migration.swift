internal import LedgerSQL
internal import Platform

extension Session {
  /// Reads files and ledger, and says what would be applied.
  ///
  /// Of the files only those are read that do not stand yet. Where another run that goes
  /// statement by statement stands in the way, that is waited for, but not by a dry run.
  ///
  /// - Parameters:
  ///   - request: what is asked for.
  ///   - isDryRun: whether nothing at all is written, not even to an older ledger.
  /// - Returns: the plan; it says itself when it is refused.
  /// - Throws: ``ErrorReport`` when folder or ledger cannot be read, or the target is no migration.
  public func planMigration(
    _ request: MigrationRequest, isDryRun: Bool = false
  ) throws -> MigrationPlan {
    var plan = try plan(request, isDryRun: isDryRun)
    let run = plan.planner.overview.openSteps.runs.first(where: \.isAtWork)
    guard plan.question != nil || (run != nil && !plan.refusals.isEmpty) else { return plan }
    if isDryRun {
      guard let run else { return plan }
      plan.question = nil
      plan.notes.append("another run is at '\(run.name)': \(run.progress.words)")
      return plan
    }
    return try waitForOtherRun() ? self.plan(request, isDryRun: false) : plan
  }

  /// Makes a plan, by what folder and ledger say now.
  private func plan(_ request: MigrationRequest, isDryRun: Bool) throws -> MigrationPlan {
    let directory = try folder()
    directory.beginListing()
    var overview = try migrationOverview(mayUpgrade: !isDryRun)
    let folder = try directory.listing()
    var findings = try findings(in: folder, overview, request, directory)
    if !findings.unrecorded.isEmpty {
      // Another run may have applied them since the ledger was read.
      let seen = overview.rows
      overview = try ledgerOverview(.write)
      if overview.rows != seen {
        findings = try self.findings(in: folder, overview, request, directory)
      }
    }
    let planner = findings.planner
    let entries = folder.entries.filter {
      findings.pending.contains($0.name) && findings.unrecorded[$0.name] == nil
        && findings.renamed[$0.name] == nil
    }
    let read = PendingFile.read(entries) { observe(.progress(done: $0, total: entries.count)) }
    var plan = planner.plan(
      read, unrecorded: findings.unrecorded, renamed: findings.renamed)
    plan.impediment = try database().writeImpediment
    try judgeStatements(of: &plan)
    if overview.hasOtherRunner, !plan.steps.isEmpty, plan.refusals.isEmpty {
      plan.warnings.append(
        "another runner keeps a ledger in this database: it does not get to know of what is applied "
          + "here, and will try to apply it again")
    }
    return plan
  }

  /// Applies what is planned, each migration in a transaction of its own together with its record.
  ///
  /// One that another run applied meanwhile is passed over, and the rest is planned anew. The first
  /// that fails ends the run; those before it stay applied. So does a rollback of the last one meanwhile:
  /// nothing comes after what is gone.
  ///
  /// - Parameters:
  ///   - plan: what ``planMigration(_:isDryRun:)`` gave.
  ///   - reason: `--reason`, kept with the events.
  ///   - unseen: what a person said of ``MigrationPlan/question``.
  ///   - tellsStatements: whether the end of each statement is told as it comes.
  /// - Returns: what became of each that was tried, in order; at most the last has an error.
  /// - Throws: the plan's refusal, or ``ErrorReport`` where nothing could be begun.
  public func migrate(
    _ plan: MigrationPlan, reason: String?, unseen: UnseenAnswer? = nil,
    tellsStatements: Bool = false
  ) throws -> [MigrationResult] {
    if let obstacle = plan.refusals.first?.error ?? plan.impediment { throw obstacle }
    if unseen == nil, let question = plan.question { throw question.refusal }
    let told = plan.question.flatMap { question in unseen.map { ($0, question) } }
    guard !plan.steps.isEmpty else { return [] }
    if plan.planner.overview.isAbsent { try createLedgerUnasked() }
    let database = try livingDatabase()
    let schema = database.schema.name
    let run = newRun(reason: reason)
    let runner = TransactionRunner(
      database: database, reconnect: { try self.connect(waiting: 0, schema: schema) },
      options: try settings(), run: run, observe: observe)
    defer { adopt(runner.database) }
    var results: [MigrationResult] = []
    var steps = plan.steps[...]
    var total = plan.steps.count
    var newest = plan.planner.overview.newest
    while let step = steps.popFirst() {
      var statements: StatementProgress?
      do {
        let duration: Int64
        if step.file.runsStepwise {
          let place = RunPlace(number: results.count + 1, total: total, isVerbose: tellsStatements)
          duration = try apply(
            step.file, after: newest, by: runner, run, place, told: told, &statements)
        } else {
          var work = try work(
            applying: step.file, after: newest, run: run, over: runner.database)
          work.tellsStatements = tellsStatements
          duration =
            try runner.perform(work) { [observe] mark, microseconds in
              guard case .statement(_, let statement) = mark else { return }
              let sql = step.file.inspection.shownStatement(statement) ?? ""
              observe(.statement(migration: step.name, sql: sql, microseconds: microseconds))
            }.first ?? 0
        }
        newest = step.name
        results.append(
          MigrationResult(
            name: step.name, outcome: .applied, durationMicroseconds: duration,
            statements: statements))
        observe(
          .done(
            migration: step.name, number: results.count, total: total, microseconds: duration))
      } catch let report as ErrorReport
        where report.sqlState == LedgerState.appliedMeanwhile.rawValue
      {
        results.append(MigrationResult(name: step.name, outcome: .skipped))
        guard let next = steps.first else { break }
        do {
          adopt(runner.database)
          let rest = try remainder(of: plan, steps)
          let left = Set(rest.steps.map(\.name))
          results += steps.filter { !left.contains($0.name) }.map {
            MigrationResult(name: $0.name, outcome: .skipped)
          }
          if let refusal = rest.refusals.first {
            results.append(
              MigrationResult(name: refusal.name, outcome: .refused, error: refusal.error))
            return results
          }
          steps = rest.steps[...]
          newest = rest.planner.overview.newest
          total = results.count + steps.count
        } catch let report as ErrorReport {
          results.append(MigrationResult(name: next.name, outcome: .failed, error: report))
          return results
        }
      } catch let report as ErrorReport {
        results.append(
          MigrationResult(
            name: step.name, outcome: .of(report), statements: statements,
            error: report.code == .interrupted && statements == nil
              ? report.naming(step.name, after: results) : report))
        return results
      }
    }
    return results
  }

  /// Plans anew what is left of a plan, by what the ledger says now: no file is read again.
  private func remainder(
    of plan: MigrationPlan, _ steps: ArraySlice<MigrationPlan.Step>
  ) throws -> MigrationPlan {
    // The connection over which the plan was made may have been lost since.
    _ = try livingDatabase()
    var planner = plan.planner
    planner.overview = try ledgerOverview(.write)
    return planner.plan(
      Dictionary(
        steps.map { ($0.file.file.name, .success($0.file)) },
        uniquingKeysWith: { first, _ in first }
      ))
  }

  /// What the ledger says; where it is an older one it is brought up to date first, if that may be.
  private func migrationOverview(mayUpgrade: Bool) throws -> LedgerOverview {
    do {
      return try ledgerOverview(.write)
    } catch let report as ErrorReport
      where mayUpgrade && report.sqlState == LedgerState.incomplete.rawValue
    {
      try ensureLedger()
      return try ledgerOverview(.write)
    }
  }

  /// What folder, ledger and catalog say of the pending files before they are read as such.
  private struct MigrationFindings {
    var planner: MigrationPlanner
    var pending: Set<MigrationName>
    var unrecorded: [MigrationName: UnrecordedFile]
    var renamed: [MigrationName: String]
  }

  /// Weighs the pending files.
  ///
  /// - Throws: ``ErrorReport`` of code `refused` where the folder holds no file of all that stands.
  private func findings(
    in folder: MigrationFolder, _ overview: LedgerOverview, _ request: MigrationRequest,
    _ directory: MigrationDirectory
  ) throws -> MigrationFindings {
    let missing = overview.missing(from: folder.entries.lazy.map(\.name))
    let renamed = RenamedFiles.find(in: folder, overview, missing: missing)
    if let foreign = ForeignFolder(overview, missing: missing, renamed: renamed) {
      throw foreign.refusal(of: folder.path)
    }
    let planner = try migrationPlanner(request, folder, overview, in: directory)
    let pending = Set(planner.pending)
    return MigrationFindings(
      planner: planner, pending: pending,
      unrecorded: try unrecordedFiles(of: folder, overview, .write) {
        pending.contains($0) && renamed[$0] == nil
      }, renamed: renamed)
  }

  private func migrationPlanner(
    _ request: MigrationRequest, _ folder: MigrationFolder, _ overview: LedgerOverview,
    in directory: MigrationDirectory
  ) throws -> MigrationPlanner {
    let files = folder.entries.map(\.name)
    let boundary = try request.boundary(among: files)
    if let target = request.target, boundary == nil {
      throw try noSuchFile(MigrationName.fromArgument(target), in: directory)
    }
    return MigrationPlanner(
      files: files, overview: overview, request: request, boundary: boundary,
      serverVersion: try database().facts?.serverVersion)
  }

  /// One transaction: lock, guard, the up SQL, the record.
  private func work(
    applying file: PendingFile, after newest: String?, run: RunIdentity, over database: Database
  ) throws -> TransactionWork {
    let calls = database.calls
    let record = file.record
    let isGuarded = try calls.guardApply(
      of: record.name, dependsOn: record.dependsOn, after: newest)
    return TransactionWork(
      direction: .up, guards: [isGuarded],
      steps: [
        TransactionStep(
          record.name, file.sql, file.inspection, origin: file.origin, searchPath: nil)
      ],
      records: [try calls.recordApply(record, run: run)])
  }
}

extension ErrorReport {
  /// An interruption in the middle of a run: it undid one migration, not those before it.
  fileprivate func naming(_ name: String, after results: [MigrationResult]) -> ErrorReport {
    let applied = results.count { $0.outcome == .applied }
    guard applied > 0, let signal = Interrupts.pending else { return self }
    var report = self
    report.message = "interrupted by \(signal.name): '\(name)' was not applied"
    report.details.append(
      applied == 1 ? "the migration before it stays" : "the \(applied) migrations before it stay")
    report.hint = "the same command again goes on from there"
    return report
  }
}
