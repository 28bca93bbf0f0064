extension Session {
  /// The migration that a word of the command line means: the one of that name, else the only one that
  /// has it for its version.
  ///
  /// - Parameters:
  ///   - argument: a name, with or without `.sql`, or a version as the name has it.
  ///   - folder: the folder; nil without one.
  ///   - requirement: what the command needs of the ledger, whose names count too; nil leaves the
  ///     database alone.
  /// - Returns: the migration; a version that nothing has is left as it is.
  /// - Throws: ``ErrorReport``: of code `usage` for what can be no name, of code `refused` for the
  ///   version of several.
  func migrationName(
    _ argument: String, in folder: MigrationDirectory?, orLedger requirement: Database.Requirement?
  ) throws -> MigrationName {
    let name = try MigrationName.fromArgument(argument)
    guard name.version == name.text, try folder?.entry(named: name) == nil else { return name }
    let recorded = try requirement.map { try recordedNames($0) } ?? []
    let files = try folder?.listing().entries.map(\.name.text) ?? []
    let bearers = Set(recorded + files).filter { MigrationName($0).version == name.text }.sorted()
    if bearers.contains(name.text) { return name }
    guard let bearer = bearers.first else { return name }
    guard bearers.count == 1 else {
      throw ErrorReport(
        .refused, "\(bearers.count) migrations have the version '\(name.text)'",
        details: bearers.prefix(8).map { "'\($0)'" }, hint: "give the name of the one that you mean"
      )
    }
    observe(.note("'\(name.text)' is '\(bearer)'"))
    return MigrationName(bearer)
  }
}
