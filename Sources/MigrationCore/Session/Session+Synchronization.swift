internal import LedgerSQL
internal import Platform
internal import PostgresClient

extension Session {
  /// Records every file of the folder that is applied and has no row, in one transaction.
  ///
  /// Files that cannot be recorded do not stop the others.
  ///
  /// - Parameters:
  ///   - boundary: `--assume-applied-before`: of the files before this one, those are taken for
  ///     applied of which nothing tells whether they are; nil for none.
  ///   - includesReapplied: `--reapplied`: also those that were rolled back and are applied again.
  ///   - isDryRun: `--dry-run`: those that would be registered are `planned`.
  ///   - reason: `--reason`, kept with the events.
  /// - Returns: what became of each file, in the order of their versions.
  /// - Throws: ``ErrorReport`` for the folder and for the database; nothing was recorded then.
  public func synchronize(
    assumeAppliedBefore boundary: String?, includingReapplied includesReapplied: Bool = false,
    isDryRun: Bool = false, reason: String?
  ) throws -> [SynchronizedMigration] {
    let directory = try folder()
    directory.beginListing()
    let answer = Result { try readLedger() }
    // What is wrong with the folder comes first.
    let folder = try directory.listing()
    let boundary = try boundary.map { text in
      let name = try migrationName(text, in: directory, orLedger: nil)
      guard folder.entry(named: name) != nil else { throw try noSuchFile(name, in: directory) }
      return name
    }
    let ledger = try ledger(answer, mayUpgrade: !isDryRun)
    let statuses = ledger?.statuses
    let unrecorded = folder.entries.filter { entry in
      guard let status = statuses?[entry.name.text] else { return true }
      return includesReapplied && status == .rolledBack
    }
    var found: [MigrationName: SynchronizedMigration] = [:]
    if !unrecorded.isEmpty {
      var drafts: ConcurrentMap.Work<RegistrationCandidate, RegistrationDraft>?
      let reading = FolderReading(
        of: folder, wanted: Set(unrecorded), statuses: statuses ?? [:],
        progress: { observe(.progress(done: $0, total: $1)) },
        whenRead: { drafts = ConcurrentMap.begin($0, RegistrationDraft.init) })
      found = try synchronize(
        unrecorded, reading, drafts, boundary, ledger, in: folder, isDryRun: isDryRun,
        reason: reason)
    }
    return folder.entries.map { entry in
      found[entry.name]
        ?? SynchronizedMigration(
          name: entry.name.text, file: folder.relativePath(of: entry.path), outcome: .skipped,
          status: statuses?[entry.name.text])
    }
  }

  /// What the ledger says of all names.
  private struct RecordedNames {
    /// Every recorded name with its status.
    var statuses: [String: MigrationStatus]
    /// What is half applied or half rolled back.
    var openSteps: OpenSteps
  }

  /// What the ledger answered; nil where there is none yet. An older one is brought up to date first,
  /// but not by a dry run, which writes nothing.
  private func ledger(
    _ answer: Result<RecordedNames, any Error>, mayUpgrade: Bool
  ) throws -> RecordedNames? {
    do {
      return try answer.get()
    } catch let report as ErrorReport {
      switch report.sqlState.flatMap(LedgerState.init(rawValue:)) {
      case .absent: return nil
      case .incomplete where mayUpgrade:
        try ensureLedger()
        return try readLedger()
      default: throw report
      }
    }
  }

  private func readLedger() throws -> RecordedNames {
    let results = try database().read(.write) {
      [$0.statement(.openSteps), $0.statement(.statuses)]
    }
    guard let rows = results.last else {
      return RecordedNames(statuses: [:], openSteps: OpenSteps())
    }
    return RecordedNames(
      statuses: Dictionary(
        (0..<rows.rowCount).map { row in
          // A status that this program does not know is a row all the same.
          let status = MigrationStatus(rawValue: rows.text(row: row, column: 1))
          return (rows.text(row: row, column: 0), status ?? .failed)
        }, uniquingKeysWith: { first, _ in first }),
      openSteps: results.lazy.compactMap(OpenSteps.init).first ?? OpenSteps())
  }

  /// Judges the files without a row and those rolled back, and records those that are applied.
  private func synchronize(
    _ entries: [MigrationFolder.Entry], _ reading: FolderReading,
    _ drafts: ConcurrentMap.Work<RegistrationCandidate, RegistrationDraft>?,
    _ boundary: MigrationName?, _ ledger: RecordedNames?, in folder: MigrationFolder,
    isDryRun: Bool, reason: String?
  ) throws -> [MigrationName: SynchronizedMigration] {
    let statuses = ledger?.statuses
    var results: [MigrationName: SynchronizedMigration] = [:]
    var candidates: [RegistrationCandidate] = []
    for entry in entries {
      do {
        candidates.append(try reading.candidate(entry.name))
      } catch let report as ErrorReport {
        results[entry.name] = SynchronizedMigration(
          name: entry.name.text, file: folder.relativePath(of: entry.path), outcome: .refused,
          error: report)
      }
    }
    var answer = try RegistrationFindings(
      evidence: evidence(of: candidates, requiring: statuses == nil ? .create : .write))
    answer.openSteps = ledger?.openSteps ?? OpenSteps()
    let path = try database().facts?.schemas
    let found = zip(zip(candidates, drafts?.results() ?? []), answer.concerning(candidates)).map {
      let (candidate, draft) = $0
      let status = statuses?[candidate.file.name.text]
      return SynchronizedFile(candidate, draft, $1, status: status)
    }
    let judged = ConcurrentMap.map(found) { $0.judged(boundary, connectionPath: path, in: folder) }
    results.reserveCapacity(entries.count)
    var recorded: [RegisteredMigration] = []
    recorded.reserveCapacity(found.count)
    for (found, judgement) in zip(found, judged) {
      guard let judgement else { continue }
      results[found.candidate.file.name] = judgement.migration
      guard let record = judgement.record else { continue }
      for warning in found.draft.warnings { observe(.warning(warning)) }
      warn(ofUnknownDependencies: found.candidate.file, in: folder, statuses)
      recorded.append(record)
    }
    if isDryRun {
      for migration in recorded {
        results[MigrationName(migration.name)]?.outcome = .planned
      }
      return results
    }
    if recorded.isEmpty { return results }
    if statuses == nil { try createLedgerUnasked() }
    let done = try record(recorded, reason: reason)
    if done.count < recorded.count {
      let done = Set(done)
      for migration in recorded where !done.contains(migration.name) {
        results[MigrationName(migration.name)]?.outcome = .skipped
      }
    }
    return results
  }

  /// Records them in one transaction.
  ///
  /// - Returns: the names of those that had no row yet, or were rolled back.
  private func record(_ migrations: [RegisteredMigration], reason: String?) throws -> [String] {
    let calls = try database().calls
    let run = newRun(reason: reason)
    let isNew = { (migration: RegisteredMigration) in
      migration.seenStatus == RegisteredMigration.noRow
    }
    let new = migrations.allSatisfy(isNew) ? migrations : migrations.filter(isNew)
    let again = migrations.filter { !isNew($0) }.map { migration in
      var migration = migration
      migration.operation = "sync"
      return migration
    }
    let results = try transaction(lock: calls.lock) {
      try (new.isEmpty ? [] : [calls.sync(new, run: run)])
        + again.map { try calls.register($0, run: run) }
    }
    let rows = results.first { $0.columnIndex(named: "migration_sync") != nil }
    return again.map(\.name)
      + (0..<(rows?.rowCount ?? 0)).compactMap { rows?.text(row: $0, column: 0) }
  }

  /// A dependency on a name that nobody knows is kept; it may be a slip of the pen.
  private func warn(
    ofUnknownDependencies file: MigrationFile, in folder: MigrationFolder,
    _ statuses: [String: MigrationStatus]?
  ) {
    for dependency in file.dependencies
    where statuses?[dependency.name] == nil
      && folder.entry(named: MigrationName(dependency.name)) == nil
    {
      let place = ErrorReport.Location(file: file.path, line: dependency.line).description
      observe(
        .warning(
          "\(place): depends on '\(dependency.name)', which is no file and not recorded; it is kept "
            + "until that name comes"))
    }
  }
}

/// A file without a row, or whose migration was rolled back, and all that is known of it.
private struct SynchronizedFile: Sendable {
  let candidate: RegistrationCandidate
  let draft: RegistrationDraft
  let findings: AppliedVerdict.Findings
  /// The status of its row; nil without one.
  let status: MigrationStatus?

  init(
    _ candidate: RegistrationCandidate, _ draft: RegistrationDraft,
    _ findings: AppliedVerdict.Findings, status: MigrationStatus?
  ) {
    self.candidate = candidate
    self.draft = draft
    self.findings = findings
    self.status = status
  }

  /// What is to become of it, and what the ledger is to record.
  ///
  /// - Parameters:
  ///   - boundary: before which file it is taken for applied where nothing tells; nil for none.
  ///   - path: the schemas of the connection's search path.
  ///   - folder: the folder that it is in.
  /// - Returns: nil for one that is left alone; without a record where it is not registered.
  func judged(
    _ boundary: MigrationName?, connectionPath path: [String]?, in folder: MigrationFolder
  ) -> (migration: SynchronizedMigration, record: RegisteredMigration?)? {
    let file = candidate.file
    var decision =
      status == nil
      ? RegistrationPlanner.decideUnasked(
        findings, isAssumed: boundary.map { file.name < $0 } ?? false)
      : RegistrationPlanner.decideReapplied(findings)
    if decision.outcome == .skipped { return nil }
    if decision.outcome == .registered, let refusal = draft.refusal {
      decision.outcome = .refused
      decision.refusal = refusal
    }
    var migration = SynchronizedMigration(
      candidate, decision, file: folder.relativePath(of: file.path))
    migration.status = status
    guard decision.outcome == .registered else { return (migration, nil) }
    let record = draft.record(of: candidate, decision, seen: status, connectionPath: path)
    return (migration, record)
  }
}

/// What `sync` did with one file.
public struct SynchronizedMigration: Equatable, Sendable {
  /// The migration's name.
  public var name: String
  /// The file, as a path in the folder: `NAME.sql`, `NAME/migration.sql`.
  public var file: String
  /// `registered`, `skipped`, `notApplied`, `partial`, `unknown`, or `refused`.
  public var outcome: MigrationOutcome
  /// The status of the row that it had already; nil without one.
  public var status: MigrationStatus?
  /// Whether the file has rollback SQL.
  public var hasRollbackSQL = false
  /// Whether that SQL is no comment: whatever executes the whole file runs it too.
  public var isLive = false
  /// The words after `-- ROLLBACK IRREVERSIBLE:`, when the file says so.
  public var irreversible: String?
  /// What told, such as `1 of 2 objects exist`; nil for those that had a row.
  public var evidence: String?
  /// What it creates and what is not there, such as `table app.users`.
  public var missing: [String] = []
  /// Whether it is half applied, statement by statement: `migrate` goes on with it.
  public var isHalfApplied = false
  /// The ledgers of other runners that say it was applied, where the catalog says it was not.
  public var contradicted: [RunnerLedger] = []
  /// Further remarks, each a line.
  public var remarks: [String] = []
  /// Why it could not be recorded, for `refused`.
  public var error: ErrorReport?
}

extension SynchronizedMigration {
  init(
    _ candidate: RegistrationCandidate, _ decision: RegistrationPlanner.Decision, file: String
  ) {
    self.init(
      name: candidate.file.name.text, file: file, outcome: decision.outcome,
      hasRollbackSQL: candidate.file.rollbackSQL != nil, isLive: candidate.file.isLive,
      irreversible: candidate.file.declaration.irreversible, evidence: decision.evidence,
      missing: decision.missing, isHalfApplied: decision.isHalfApplied,
      contradicted: decision.contradicted,
      remarks: (decision.outcome == .registered ? candidate.file.remarks : []) + decision.remarks,
      error: decision.refusal)
  }
}
