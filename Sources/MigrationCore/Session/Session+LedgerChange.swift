internal import LedgerSQL
internal import PostgresClient

extension Session {
  /// Says what setting a migration's status by hand would do; writes nothing and takes no lock.
  ///
  /// The file, where it is there, is looked for in the catalog as `register` does: what contradicts
  /// the new status becomes a warning.
  ///
  /// - Parameters:
  ///   - name: the migration, with or without `.sql`.
  ///   - status: `applied` or `rolledBack`.
  /// - Returns: the change; it says itself when it is refused or there is nothing to do.
  /// - Throws: ``ErrorReport`` when ledger or folder cannot be read, or the ledger not written.
  public func planResolution(
    of name: String, as status: MigrationStatus
  ) throws -> LedgerChange {
    let folder = try folderIfAny()
    let name = try migrationName(name, in: folder, orLedger: .write)
    let (records, _, openSteps) = try recordsAndRunnerLedgers(of: [name], .rollbackPlan, .write)
    let record = records[name.text]
    var planner = ResolutionPlanner(name: name.text, status: status, record: record)
    planner.halfDone = openSteps[name.text, .rollback] ?? openSteps[name.text, .up]
    planner.hasFile = try folder?.entry(named: name) != nil
    planner.nearNames = try unknownNames([name], records, folder)[name.text] ?? []
    if let folder, record?.status != status {
      planner.verdict = try appliedVerdict(on: name, record?.status, in: folder)
    }
    var change = planner.plan()
    change.impediment = try database().writeImpediment
    return change
  }

  /// Says what recording a migration under another name would do; writes nothing and takes no lock.
  ///
  /// - Parameters:
  ///   - name: the recorded name, with or without `.sql`.
  ///   - newName: the name that its file has now, with or without `.sql`.
  ///   - force: `--force`: whatever the folder says.
  /// - Returns: the change; it says itself when it is refused or there is nothing to do.
  /// - Throws: ``ErrorReport`` when ledger or folder cannot be read, or the ledger not written.
  public func planRename(
    of name: String, to newName: String, force: Bool
  ) throws -> LedgerChange {
    // The file bears another name by now.
    let name = try migrationName(name, in: nil, orLedger: .write)
    let newName = try MigrationName.fromArgument(newName)
    let folder = try folderIfAny()
    let records = try records(of: [name, newName], .check, .write)
    let record = records[name.text]
    var planner = RenamePlanner(
      name: name.text, newName: newName.text, record: record,
      isNewNameRecorded: records[newName.text] != nil,
      newFile: fileState(of: newName, in: folder), force: force)
    planner.oldFile = try folder?.entry(named: name)?.path
    planner.nearNames = try unknownNames([name], records, folder)[name.text] ?? []
    planner.filesWithOldName = (record?.dependents ?? []).compactMap { dependent in
      guard case .read(let file) = fileState(of: MigrationName(dependent), in: folder),
        file.dependencies.contains(where: { $0.name == name.text })
      else { return nil }
      return file.path
    }
    var change = planner.plan()
    change.impediment = try database().writeImpediment
    return change
  }

  /// Says what deleting a migration's record would do; writes nothing and takes no lock.
  ///
  /// - Parameter name: the migration, with or without `.sql`.
  /// - Returns: the change; it says itself when it is refused.
  /// - Throws: ``ErrorReport`` when ledger or folder cannot be read, or the ledger not written.
  public func planForgetting(_ name: String) throws -> LedgerChange {
    let folder = try folderIfAny()
    let name = try migrationName(name, in: nil, orLedger: .write)
    let records = try records(of: [name], .rollbackPlan, .write)
    var planner = ForgetPlanner(name: name.text, record: records[name.text])
    planner.hasFile = try folder?.entry(named: name) != nil
    planner.nearNames = try unknownNames([name], records, folder)[name.text] ?? []
    var change = planner.plan()
    change.impediment = try database().writeImpediment
    return change
  }

  /// Carries a change out, in one transaction under the lock of all runners, together with its
  /// event; does nothing where there is nothing to do.
  ///
  /// - Parameters:
  ///   - change: what one of the planning methods gave, and someone agreed to.
  ///   - reason: `--reason`, kept with the event.
  /// - Throws: the change's refusal; ``ErrorReport`` of code `refused` where the record changed
  ///   meanwhile. Nothing was changed then, but for code `fateUnknown`.
  public func carryOut(_ change: LedgerChange, reason: String?) throws {
    if let obstacle = change.refusal ?? change.impediment { throw obstacle }
    guard !change.isNothingToDo else { return }
    let database = try livingDatabase()
    let calls = database.calls
    let run = newRun(reason: reason)
    let statement =
      switch change.kind {
      case .resolve(let status):
        try calls.resolve(change.name, as: status, seen: change.statusBefore, run: run)
      case .rename(let newName):
        try calls.rename(change.name, to: newName, run: run)
      case .forget:
        try calls.forget(change.name, seen: change.statusBefore, run: run)
      }
    let check = try database.lateCheck(.write).map { [$0] } ?? []
    try transaction(lock: (check + [calls.lock]).joined(separator: ";\n")) { [statement] }
  }

  /// What the database says about a file; nil without a file, and for one that cannot be read:
  /// applying or registering it will tell.
  private func appliedVerdict(
    on name: MigrationName, _ status: MigrationStatus?, in folder: MigrationDirectory
  ) throws -> AppliedVerdict? {
    let listing = try folder.listing()
    guard let entry = listing.entry(named: name) else { return nil }
    let reading = FolderReading(
      of: listing, wanted: [entry], statuses: status.map { [name.text: $0] } ?? [:])
    guard let candidate = try? reading.candidate(name) else { return nil }
    let findings = try RegistrationFindings(
      evidence: evidence(of: [candidate], requiring: .write))
    return findings.concerning([candidate]).first.map(AppliedVerdict.init)
  }
}
