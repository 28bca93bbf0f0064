internal import LedgerSQL
internal import Platform

extension Session {
  /// How the files of the folder and the ledger stand to each other.
  ///
  /// Nothing is created: where there is no ledger yet, nothing is applied.
  ///
  /// - Returns: the comparison.
  /// - Throws: ``ErrorReport`` when the folder or the ledger cannot be read.
  public func status() throws -> StatusReport {
    let directory = try folder()
    directory.beginListing(withChecksums: true)
    let overview = try ledgerOverview(.read, withFailures: true)
    if overview.isAbsent {
      let database = try database()
      observe(
        .note(
          "there is no ledger yet in schema '\(database.schema.name)' of "
            + "\(database.target.description): nothing is recorded"))
    }
    let folder = try directory.listing()
    let files = folder.entries.map(\.name)
    let missing = overview.missing(from: files)
    let renamed = RenamedFiles.find(in: folder, overview, missing: missing)
    let unknown = try unrecordedFiles(of: folder, overview, .read) { renamed[$0] == nil }
    if let foreign = ForeignFolder(overview, missing: missing, renamed: renamed) {
      observe(.warning("\(foreign.message(of: folder.path)): is it the right folder (--dir)?"))
    }
    return StatusReport(
      files: files, overview: overview, drift: try drift(of: directory, overview),
      unknown: unknown.mapValues(\.reason), renamed: renamed)
  }

  /// Reads what the ledger says of all migrations, in one round trip.
  ///
  /// - Parameters:
  ///   - requirement: ``Database/Requirement/read`` or ``Database/Requirement/write``.
  ///   - withFailures: whether ``LedgerOverview/lastErrors`` matter.
  /// - Returns: what it says; one without rows where there is no ledger yet, which is said.
  /// - Throws: ``ErrorReport``.
  func ledgerOverview(
    _ requirement: Database.Requirement, withFailures: Bool = false
  ) throws -> LedgerOverview {
    let database = try database()
    do {
      let results = try database.read(requirement) { database in
        [database.statement(.runnerPresence)]
          + (withFailures ? [database.statement(.applyFailures)] : [])
          + [database.statement(.openSteps), database.statement(.migrationStates)]
      }
      return try LedgerOverview(results: results)
    } catch let report as ErrorReport where report.sqlState == LedgerState.absent.rawValue {
      var overview = try LedgerOverview(
        results: database.read(.create) { [$0.statement(.runnerPresence)] })
      overview.isAbsent = true
      return overview
    }
  }

  /// The files without a row that may be applied all the same: only where others applied some of
  /// what stands here, or may have, and only then are files read and the catalog asked.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - overview: what the ledger says.
  ///   - requirement: what the command needs of the ledger, where there is one.
  ///   - isWanted: which of the files matter.
  /// - Returns: what speaks against taking them for pending.
  /// - Throws: ``ErrorReport``.
  func unrecordedFiles(
    of folder: MigrationFolder, _ overview: LedgerOverview, _ requirement: Database.Requirement,
    where isWanted: (MigrationName) -> Bool = { _ in true }
  ) throws -> [MigrationName: UnrecordedFile] {
    // Where nothing was ever recorded, any file may tell of all the others.
    let entries = folder.entries.filter {
      // What is half applied is known to be that, and no more.
      overview[$0.name] == nil && overview.openSteps[$0.name.text, .up] == nil
        && (overview.isBlank || isWanted($0.name))
    }
    guard overview.isShared, !entries.isEmpty else { return [:] }
    let reading = FolderReading(of: folder, wanted: Set(entries), statuses: overview.statuses) {
      observe(.progress(done: $0, total: $1))
    }
    var found: [MigrationName: UnrecordedFile] = [:]
    var candidates: [RegistrationCandidate] = []
    for entry in entries {
      do {
        candidates.append(try reading.candidate(entry.name))
      } catch let report as ErrorReport {
        found[entry.name] = .unreadable(report)
      }
    }
    let findings = try RegistrationFindings(
      evidence: evidence(of: candidates, requiring: overview.isAbsent ? .create : requirement))
    for (candidate, findings) in zip(candidates, findings.concerning(candidates)) {
      found[candidate.file.name] = UnrecordedFile(AppliedVerdict(findings))
    }
    return UnrecordedFile.uncertain(found, overview).filter { isWanted($0.key) }
  }

  /// How the files of migrations that stand differ from what was recorded of them.
  ///
  /// All were read and hashed while the ledger was; only of those that differ it is asked for more.
  private func drift(
    of directory: MigrationDirectory, _ overview: LedgerOverview
  ) throws -> [String: Drift] {
    let checksums = try directory.checksums()
    let standing = try directory.listing().entries.compactMap { entry in
      overview[entry.name].flatMap { row in
        row.stands && row.checksum != nil ? (entry: entry, row: row) : nil
      }
    }
    let agree = ConcurrentMap.map(standing) { [checksums] in
      $0.row.agrees(with: $0.entry, checksum: checksums[$0.entry.path])
    }
    let differing = zip(standing, agree).filter { !$0.1 }.map(\.0.entry)
    guard !differing.isEmpty else { return [:] }
    let records = try records(of: differing.map(\.name), .check, .read)
    var drift: [String: Drift] = [:]
    for entry in differing {
      do {
        let file = try MigrationFile.read(entry)
        drift[entry.name.text] = records[entry.name.text]?.drift(of: file.checksums)
      } catch let report as ErrorReport {
        observe(.warning(report.sentence))
        drift[entry.name.text] = .up
      }
    }
    return drift
  }
}

extension RecordedMigration {
  /// Whether the files are what they were when they were recorded. They are parsed only where the
  /// rollback SQL stands in a file of its own, or did.
  ///
  /// - Parameters:
  ///   - entry: the files.
  ///   - now: the checksum of the first as it is now; nil for one that cannot be read: it does not agree.
  /// - Returns: whether both are as they were.
  fileprivate func agrees(with entry: MigrationFolder.Entry, checksum now: String?) -> Bool {
    guard let now, now == checksum else { return false }
    if entry.rollbackPath == nil, rollbackFileChecksum == nil { return true }
    guard let file = try? MigrationFile.read(entry) else { return false }
    let rollback = file.rollbackSQL.map { FileChecksums.ofText(Array($0.utf8)) }
    return (rollback ?? "") == (rollbackFileChecksum ?? "")
  }
}
