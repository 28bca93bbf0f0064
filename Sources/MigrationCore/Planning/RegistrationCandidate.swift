internal import SQLParsing

/// A file that may be registered, and what would tell that it was applied.
struct RegistrationCandidate: Sendable {
  /// What never changes of it. A class: thousands of candidates go from hand to hand, and each copy
  /// would count every reference in it.
  private final class Content: Sendable {
    let file: MigrationFile
    let checksums: FileChecksums
    let effects: FileEffects
    let refusal: ErrorReport?
    let warnings: [String]

    init(_ file: MigrationFile, _ effects: FileEffects, _ inspection: SQLInspection?) {
      self.file = file
      self.effects = effects
      checksums = file.checksums
      refusal = inspection?.refusals.first
      warnings = inspection?.warnings ?? []
    }
  }

  private let content: Content
  /// What the catalog holds if it was applied.
  private(set) var evidence: Evidence

  /// The file.
  var file: MigrationFile { content.file }
  /// Its checksums.
  var checksums: FileChecksums { content.checksums }
  /// What its up SQL does.
  var effects: FileEffects { content.effects }
  /// What could never be rolled back; nil where nothing stands against it.
  var refusal: ErrorReport? { content.refusal }
  /// What to know of its rollback SQL.
  var warnings: [String] { content.warnings }

  /// Reads a file.
  ///
  /// - Parameter entry: the file.
  /// - Throws: ``ErrorReport`` with the place in the file where it cannot be read or is malformed.
  init(_ entry: MigrationFolder.Entry) throws {
    let file = try MigrationFile.read(entry)
    let inspection = file.rollbackSQL.flatMap { sql in
      file.rollbackOrigin.map {
        SQLInspection(of: sql, .rollback, origin: $0, name: file.name.text)
      }
    }
    let up = SQLParser.parse(SourceText(bytes: file.upSQL))
    content = Content(file, FileEffects(up.statements), inspection)
    evidence = Evidence(up: up)
  }

  /// Leaves out of the evidence what later migrations take away, and marks what earlier ones create
  /// too, or later ones that came before it.
  mutating func apply(
    _ earlier: EarlierCreations, _ later: LaterRemovals,
    cameBefore: (MigrationName) -> Bool
  ) {
    later.apply(to: &evidence, of: file.name)
    earlier.apply(to: &evidence, of: file.name, cameBefore: cameBefore)
  }

  /// What the ledger is to record.
  ///
  /// - Parameters:
  ///   - decision: what was decided of it.
  ///   - seen: the status that it was decided by; nil without a row.
  ///   - connectionPath: the schemas of the connection's search path, for a file that sets none.
  /// - Returns: the record.
  func record(
    _ decision: RegistrationPlanner.Decision, seen: MigrationStatus?, connectionPath: [String]?
  ) -> RegisteredMigration {
    var record = RegisteredMigration(
      file, checksums, searchPath: evidence.searchPath ?? connectionPath,
      setsPath: evidence.searchPath != nil)
    record.metadata.evidence = decision.evidence
    record.metadata.forced = decision.isForced
    record.metadata.assumed = decision.isAssumed ? true : nil
    record.seenStatus = seen?.rawValue ?? RegisteredMigration.noRow
    return record
  }
}

extension RegisteredMigration {
  /// What a file says of itself.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - checksums: its checksums.
  ///   - searchPath: the schemas that its SQL runs under.
  ///   - setsPath: whether the file sets them itself.
  init(
    _ file: MigrationFile, _ checksums: FileChecksums, searchPath: [String]?, setsPath: Bool
  ) {
    let section = file.declaration.section
    self.init(
      name: file.name.text, version: file.name.version, rollbackSQL: file.rollbackSQL,
      checksum: checksums.file,
      metadata: Metadata(
        upChecksum: checksums.up, rollbackChecksum: checksums.rollback,
        upCodeChecksum: checksums.upCode, rollbackCodeChecksum: checksums.rollbackCode,
        sectionStyle: section?.style.rawValue,
        sectionLine: section.flatMap { $0.style == .file ? nil : $0.startLine },
        searchPath: searchPath.map(Self.pathSetting), searchPathFromFile: setsPath ? true : nil,
        irreversible: file.declaration.irreversible, reverts: file.reverts),
      dependsOn: file.dependencies.map(\.name))
  }

  /// Schemas as a value of `search_path`: each in double quotes.
  private static func pathSetting(_ schemas: [String]) -> String {
    schemas.map { schema in
      let parts = schema.split(separator: "\"", omittingEmptySubsequences: false)
      return "\"" + parts.joined(separator: "\"\"") + "\""
    }.joined(separator: ", ")
  }
}
