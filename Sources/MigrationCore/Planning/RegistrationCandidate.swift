internal import SQLParsing

/// A file that is to be registered, and what would tell that it was applied.
struct RegistrationCandidate {
  let file: MigrationFile
  let evidence: Evidence

  /// Reads a file, refuses what could never be rolled back, and looks what later files take away.
  init(named argument: String, in folder: MigrationFolder, _ session: Session) throws {
    let name = try MigrationName.fromArgument(argument)
    guard let entry = folder.entry(named: name) else { throw session.noSuchFile(name, in: folder) }
    file = try MigrationFile.read(entry)
    if let sql = file.rollbackSQL, let origin = file.rollbackOrigin {
      let inspection = RollbackInspection(of: sql, origin: origin, name: name.text)
      if let refusal = inspection.refusals.first { throw refusal }
      for warning in inspection.warnings { session.observe(.warning(warning)) }
    }
    var evidence = Evidence(up: SQLParser.parse(SourceText(bytes: file.upSQL)))
    for later in folder.entries(after: name) where !evidence.objects.isEmpty {
      // A later file that cannot be read is that file's trouble, told when it is registered.
      guard let other = try? MigrationFile.read(later) else { continue }
      let text = String(decoding: other.text.bytes, as: UTF8.self).lowercased()
      guard evidence.mayBeTouched(byLowercased: text) else { continue }
      evidence.apply(later: SQLParser.parse(SourceText(bytes: other.upSQL)))
    }
    self.evidence = evidence
  }

  /// What the ledger is to record.
  ///
  /// - Parameters:
  ///   - decision: what was decided of it.
  ///   - connectionPath: the search path of a file that sets none.
  ///   - force: whether `--force` was given.
  /// - Returns: the record.
  func record(_ decision: RegistrationPlanner.Decision, connectionPath: String?, force: Bool)
    -> RegisteredMigration
  {
    let sums = file.checksums
    let section = file.declaration.section
    return RegisteredMigration(
      name: file.name.text, version: file.name.version, rollbackSQL: file.rollbackSQL,
      checksum: sums.file,
      metadata: RegisteredMigration.Metadata(
        upChecksum: sums.up, rollbackChecksum: sums.rollback, upCodeChecksum: sums.upCode,
        rollbackCodeChecksum: sums.rollbackCode, sectionStyle: section?.style.rawValue,
        sectionLine: section?.startLine,
        searchPath: evidence.searchPath.map(Self.pathSetting) ?? connectionPath,
        irreversible: file.declaration.irreversible, evidence: decision.evidence,
        forced: force && decision.evidence.hasPrefix("forced")),
      dependsOn: file.dependencies.map(\.name))
  }

  /// Schemas as a value of `search_path`: each in double quotes.
  private static func pathSetting(_ schemas: [String]) -> String {
    schemas.map { schema in
      "\""
        + schema.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
    }.joined(separator: ", ")
  }
}
