internal import SQLParsing

/// A file that may be registered, and what would tell that it was applied.
struct RegistrationCandidate: Sendable {
  /// What never changes of it. A class: thousands of candidates go from hand to hand, and each copy
  /// would count every reference in it.
  private final class Content: Sendable {
    let file: MigrationFile
    let effects: FileEffects

    init(_ file: MigrationFile, _ effects: FileEffects) {
      self.file = file
      self.effects = effects
    }
  }

  private let content: Content
  /// What the catalog holds if it was applied.
  private(set) var evidence: Evidence

  /// The file.
  var file: MigrationFile { content.file }
  /// What its up SQL does.
  var effects: FileEffects { content.effects }

  /// Reads a file.
  ///
  /// - Parameter entry: the file.
  /// - Throws: ``ErrorReport`` with the place in the file where it cannot be read or is malformed.
  init(_ entry: MigrationFolder.Entry) throws {
    let file = try MigrationFile.read(entry)
    let up = SQLParser.parse(SourceText(bytes: file.upSQL))
    content = Content(file, FileEffects(up.statements))
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
}

/// What is known of a file before anybody looks for evidence: of thousands it is made while the
/// server does. A class, as it goes from hand to hand with its candidate.
final class RegistrationDraft: Sendable {
  /// The file's checksums.
  let checksums: FileChecksums
  /// What could never be rolled back; nil where nothing stands against it.
  let refusal: ErrorReport?
  /// What to know of its rollback SQL.
  let warnings: [String]

  /// Digests a file, and looks through its rollback SQL.
  ///
  /// - Parameter candidate: the file.
  init(_ candidate: RegistrationCandidate) {
    let file = candidate.file
    let inspection = file.rollbackSQL.flatMap { sql in
      file.rollbackOrigin.map {
        SQLInspection(
          of: sql, .rollback, mode: file.rollbackMode, origin: $0, name: file.name.text)
      }
    }
    checksums = file.checksums
    refusal = inspection?.refusals.first
    warnings = inspection?.warnings ?? []
  }

  /// What the ledger is to record.
  ///
  /// - Parameters:
  ///   - candidate: the file.
  ///   - decision: what was decided of it.
  ///   - seen: the status that it was decided by; nil without a row.
  ///   - connectionPath: the schemas of the connection's search path, for a file that sets none.
  /// - Returns: the record.
  func record(
    of candidate: RegistrationCandidate, _ decision: RegistrationPlanner.Decision,
    seen: MigrationStatus?, connectionPath: [String]?
  ) -> RegisteredMigration {
    let ownPath = candidate.evidence.searchPath
    var record = RegisteredMigration(
      candidate.file, checksums, searchPath: ownPath ?? connectionPath, setsPath: ownPath != nil)
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
        upTransaction: file.upMode.recorded,
        rollbackTransaction: file.rollbackSQL == nil ? nil : file.rollbackMode.recorded,
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
