internal import SQLParsing

/// A file that is to be registered, and what would tell that it was applied.
struct RegistrationCandidate {
  let file: MigrationFile
  let evidence: Evidence

  /// Reads a file, refuses what could never be rolled back, and looks what later files take away.
  ///
  /// - Parameters:
  ///   - entry: the file.
  ///   - later: what the files after it take away.
  ///   - observe: told of warnings.
  /// - Throws: ``ErrorReport`` with the place in the file.
  init(
    _ entry: MigrationFolder.Entry, later: LaterRemovals, observe: (SessionEvent) -> Void
  ) throws {
    let name = entry.name
    file = try MigrationFile.read(entry)
    if let sql = file.rollbackSQL, let origin = file.rollbackOrigin {
      let inspection = RollbackInspection(of: sql, origin: origin, name: name.text)
      if let refusal = inspection.refusals.first { throw refusal }
      for warning in inspection.warnings { observe(.warning(warning)) }
    }
    var evidence = Evidence(up: SQLParser.parse(SourceText(bytes: file.upSQL)))
    later.apply(to: &evidence, of: name)
    self.evidence = evidence
  }

  /// What the ledger is to record.
  ///
  /// - Parameters:
  ///   - decision: what was decided of it.
  ///   - seen: the status that it was decided by; nil without a row.
  ///   - connectionPath: the schemas of the connection's search path, for a file that sets none.
  ///   - force: whether `--force` was given.
  /// - Returns: the record.
  func record(
    _ decision: RegistrationPlanner.Decision, seen: MigrationStatus?, connectionPath: [String]?,
    force: Bool
  ) -> RegisteredMigration {
    let sums = file.checksums
    let section = file.declaration.section
    return RegisteredMigration(
      name: file.name.text, version: file.name.version, rollbackSQL: file.rollbackSQL,
      checksum: sums.file,
      metadata: RegisteredMigration.Metadata(
        upChecksum: sums.up, rollbackChecksum: sums.rollback, upCodeChecksum: sums.upCode,
        rollbackCodeChecksum: sums.rollbackCode, sectionStyle: section?.style.rawValue,
        sectionLine: section?.startLine,
        searchPath: (evidence.searchPath ?? connectionPath).map(Self.pathSetting),
        searchPathFromFile: evidence.searchPath != nil ? true : nil,
        irreversible: file.declaration.irreversible, evidence: decision.evidence,
        forced: decision.isForced),
      dependsOn: file.dependencies.map(\.name),
      seenStatus: seen?.rawValue ?? RegisteredMigration.noRow)
  }

  /// Schemas as a value of `search_path`: each in double quotes.
  private static func pathSetting(_ schemas: [String]) -> String {
    schemas.map { schema in
      let doubled = schema.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
      return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
    }.joined(separator: ", ")
  }
}
