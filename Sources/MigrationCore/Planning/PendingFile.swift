internal import Platform
internal import SQLParsing

/// A file that is to be applied, read and looked through before anything runs.
struct PendingFile: Sendable {
  /// The file.
  let file: MigrationFile
  /// The up SQL as it is sent.
  let sql: String
  /// What parsing found in it.
  let inspection: SQLInspection
  /// What stands against applying it.
  let refusals: [ErrorReport]
  /// A syntax error in its rollback SQL; nil where there is none.
  let rollbackSyntaxError: ErrorReport?
  /// What to look at.
  let warnings: [String]
  /// What needs no action.
  let notes: [String]
  /// Its checksums.
  let checksums: FileChecksums
  private let ownPath: [String]?

  /// Whether it runs statement by statement.
  var runsStepwise: Bool { file.upMode == .none }

  /// What it is cut into where it does; else none.
  var units: [MigrationUnit] { inspection.units }

  /// Where the up SQL stands.
  var origin: SQLOrigin { Self.origin(of: file) }

  private static func origin(of file: MigrationFile) -> SQLOrigin {
    .file(path: file.path, firstLine: 1, prefixes: [])
  }

  /// Reads a file.
  ///
  /// - Parameter entry: the file.
  /// - Throws: ``ErrorReport`` with the place in the file where it cannot be read or is malformed.
  init(_ entry: MigrationFolder.Entry) throws {
    try self.init(MigrationFile.read(entry))
  }

  /// Looks through a file.
  ///
  /// - Parameter file: the file.
  init(_ file: MigrationFile) {
    self.file = file
    checksums = file.checksums
    let up = file.upSQL
    let origin = Self.origin(of: file)
    let name = file.name.text
    var sql = String(decoding: up, as: UTF8.self)
    var inspection = SQLInspection(of: sql, .up, mode: file.upMode, origin: origin, name: name)
    var notes: [String] = []
    if file.upMode == .single, !inspection.refusals.isEmpty,
      let bare = Self.withoutTransaction(inspection.text)
    {
      sql = bare
      inspection = SQLInspection(of: sql, .up, origin: origin, name: name)
      notes.append(
        "'\(file.path)': the transaction around all of it is left out: it gets one of its own")
    }
    self.sql = sql
    self.inspection = inspection
    self.notes = notes
    let rollback = file.rollbackSQL.flatMap { sql in
      file.rollbackOrigin.map {
        SQLInspection(of: sql, .rollback, mode: file.rollbackMode, origin: $0, name: name)
      }
    }
    var refusals = file.undoOutsideMarkers.map { [Self.refusal($0, in: file)] } ?? []
    var warnings = file.undoOutsideMarkers == nil ? file.remarks : []
    if inspection.isEmpty, refusals.isEmpty {
      if let todo = Self.todo(in: file, inspection.text) {
        refusals.append(todo)
      } else {
        warnings.append("'\(file.path)' holds no SQL: applying it changes nothing")
      }
    }
    self.refusals = refusals + inspection.refusals + (rollback?.refusals ?? [])
    self.warnings = warnings + inspection.warnings + (rollback?.warningsOfUse ?? [])
    rollbackSyntaxError = rollback?.syntaxError
    ownPath =
      Self.pathWords.mayMatch(up)
      ? Evidence(up: SQLParser.parse(SourceText(bytes: up))).searchPath : nil
  }

  /// One of these stands in every statement that sets the path.
  private static let pathWords = WordSearch(["search_path"])

  /// SQL without the `BEGIN; ... COMMIT;` around all of it; nil where there is none.
  private static func withoutTransaction(_ text: SourceText) -> String? {
    TransactionWrapping.removed(from: text, SQLParser.parse(text).statements).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Why a file is not applied that is as `create` wrote it: once it is applied, what is written into
  /// it later never would be.
  private static func todo(in file: MigrationFile, _ up: SourceText) -> ErrorReport? {
    SectionTodos(in: up).firstOffset.map { offset in
      ErrorReport(
        .refused, "'\(file.name.text)' is not written yet: its up SQL is a TODO",
        hint: "write the change into the file, or delete it",
        location: ErrorReport.Location(
          file: file.path, line: up.position(atByte: offset).line))
    }
  }

  private static func refusal(
    _ miss: RollbackDeclaration.NearMiss, in file: MigrationFile
  ) -> ErrorReport {
    ErrorReport(
      .refused, "'\(miss.text)' is not a rollback marker: what follows it would run too",
      hint: "write '-- ROLLBACK START' and '-- ROLLBACK END', each alone on a line",
      location: ErrorReport.Location(file: file.path, line: miss.line))
  }

  /// What the ledger is to record once it is applied: no evidence, since none is needed, and a search
  /// path only where the file sets one itself.
  var record: RegisteredMigration {
    RegisteredMigration(file, checksums, searchPath: ownPath, setsPath: ownPath != nil)
  }
}

extension PendingFile {
  /// Reads files, on all processors.
  ///
  /// - Parameters:
  ///   - entries: the files.
  ///   - progress: told how many are read.
  /// - Returns: each file, or why it cannot be read.
  static func read(
    _ entries: [MigrationFolder.Entry], progress: (Int) -> Void
  ) -> [MigrationName: Result<PendingFile, ErrorReport>] {
    let files = ConcurrentMap.map(entries, progress: progress) { entry in
      do {
        return Result<PendingFile, ErrorReport>.success(try PendingFile(entry))
      } catch let report as ErrorReport {
        return .failure(report)
      } catch {
        return .failure(ErrorReport(.file, "cannot read '\(entry.path)': \(error)"))
      }
    }
    return Dictionary(
      zip(entries.map(\.name), files), uniquingKeysWith: { first, _ in first })
  }
}
