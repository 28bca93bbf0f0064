internal import LedgerSQL
internal import PostgresClient

extension Session {
  /// The applied migrations (or those of every status), newest first.
  ///
  /// - Parameters:
  ///   - limit: how many at most; nil for all. Totals ignore it.
  ///   - everyStatus: whether to take those that are not applied too.
  /// - Returns: the rows and the totals.
  /// - Throws: ``ErrorReport``.
  public func list(limit: Int?, everyStatus: Bool) throws -> MigrationList {
    let results = try database().read(.read) { database in
      let values = Self.listValues(limit: limit, everyStatus: everyStatus)
      let rows = database.statement(.list, values)
      return [database.statement(.openSteps)]
        + (limit == nil ? [rows] : [database.statement(.listTotals, values), rows])
    }
    for run in results.lazy.compactMap(OpenSteps.init).first?.runs ?? [] {
      observe(.note("'\(run.name)' is \(run.words): \(run.progress.words)"))
    }
    guard let rows = results.last else {
      return MigrationList(migrations: [], total: 0, rollbackable: 0)
    }
    let migrations = try (0..<rows.rowCount).map { try MigrationSummary(rows, row: $0) }
    if limit != nil, let totals = results.dropLast().last, totals.rowCount == 1 {
      return MigrationList(
        migrations: migrations, total: Int(totals.text(row: 0, column: 0)) ?? 0,
        rollbackable: Int(totals.text(row: 0, column: 1)) ?? 0)
    }
    return MigrationList(
      migrations: migrations, total: migrations.count,
      rollbackable: migrations.count { $0.canRollback })
  }

  /// Only the names, newest first: an index serves it.
  ///
  /// - Parameters:
  ///   - limit: how many at most; nil for all.
  ///   - everyStatus: whether to take those that are not applied too.
  /// - Returns: the names.
  /// - Throws: ``ErrorReport``.
  public func names(limit: Int?, everyStatus: Bool) throws -> [String] {
    let results = try database().read(.read) { database in
      [database.statement(.listNames, Self.listValues(limit: limit, everyStatus: everyStatus))]
    }
    guard let rows = results.last else { return [] }
    return (0..<rows.rowCount).map { rows.text(row: $0, column: 0) }
  }

  /// The names of the migrations in the folder, newest first, for completing a command line: the
  /// database is not asked.
  ///
  /// - Returns: the names; none where there is no folder or it cannot be read. A name that holds
  ///   control characters is left out: it could not be told apart from a line's end.
  public func namesInFolder() -> [String] {
    // Who presses TAB gets names or nothing; the command itself will say what is wrong.
    guard let folder = try? folderIfAny(), let listing = try? folder.listing() else { return [] }
    return listing.entries.reversed().map { $0.name.text }.filter { name in
      name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
  }

  private static func listValues(limit: Int?, everyStatus: Bool) -> [String: String] {
    ["every_status": everyStatus ? "true" : "false", "limit": limit.map(String.init) ?? "NULL"]
  }

  /// Whether each named migration can be rolled back.
  ///
  /// - Parameter names: names, with or without `.sql`.
  /// - Returns: an answer each, in the order given.
  /// - Throws: ``ErrorReport`` when the ledger or the folder cannot be read.
  public func check(_ names: [String]) throws -> [RollbackCheck] {
    let folder = try folderIfAny()
    let names = try names.map { try migrationName($0, in: folder, orLedger: .read) }
    let (records, runners, openSteps) = try recordsAndRunnerLedgers(of: names, .check, .read)
    let known = try unknownNames(names, records, folder)
    let chains = try dependentsChains(of: records)
    return names.map { name in
      RollbackStepPlanner(
        name: name.text, record: records[name.text], file: fileState(of: name, in: folder),
        nearNames: known[name.text] ?? [], chain: chains[name.text] ?? DependentsChain(),
        runnerLedgers: runners,
        isFile: fileLookup(in: folder), openSteps: openSteps
      ).check()
    }
  }

  /// Exactly that SQL of a migration: from its file, or for a rollback whose file is gone, from the
  /// ledger.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - which: up or rollback SQL.
  /// - Returns: the bytes.
  /// - Throws: ``ErrorReport`` of code `refused` when there is no such SQL.
  public func show(_ name: String, _ which: ShownSQL) throws -> [UInt8] {
    let folder = try folderIfAny()
    var name = try migrationName(name, in: folder, orLedger: nil)
    if which == .rollback, try folder?.entry(named: name) == nil {
      name = try migrationName(name.text, in: folder, orLedger: .read)
    }
    guard let entry = try folder?.entry(named: name) else {
      if which == .rollback, let sql = try recordedRollback(of: name) {
        observe(.note("the file of '\(name.text)' is not in the folder: this is the recorded SQL"))
        return Self.withFinalNewline(Array(sql.utf8))
      }
      throw try noSuchFile(name, in: folder)
    }
    let file = try MigrationFile.read(entry)
    for remark in file.remarks { observe(.warning(remark)) }
    switch which {
    case .up:
      if let miss = file.undoOutsideMarkers {
        throw ErrorReport(
          .refused, "'\(miss.text)' is not a rollback marker: what follows it would run too",
          hint: "write '-- ROLLBACK START' and '-- ROLLBACK END', each alone on a line",
          location: ErrorReport.Location(file: entry.path, line: miss.line))
      }
      return file.upSQL
    case .rollback:
      guard let sql = file.rollbackSQL else {
        throw ErrorReport(
          .refused, "'\(entry.path)' has no rollback SQL",
          details: file.declaration.irreversible.map { ["irreversible: \($0)"] } ?? [],
          hint: file.declaration.irreversible == nil
            ? entry.rollbackPath.map { "write it into '\($0)'" }
              ?? "add it between '-- ROLLBACK START' and '-- ROLLBACK END'" : nil)
      }
      return Self.withFinalNewline(Array(sql.utf8))
    }
  }

  /// The recorded rollback SQL; nil without a row, or when no ledger can be asked.
  private func recordedRollback(of name: MigrationName) throws -> String? {
    try records(of: [name], .rollbackPlan, .read)[name.text]?.rollbackSQL
  }

  private static func withFinalNewline(_ bytes: [UInt8]) -> [UInt8] {
    bytes.last == UInt8(ascii: "\n") ? bytes : bytes + [UInt8(ascii: "\n")]
  }

  /// The ledger's rows of some migrations.
  func records(
    of names: [MigrationName], _ statement: LedgerStatement, _ requirement: Database.Requirement
  ) throws -> [String: LedgerRecord] {
    let results = try database().read(requirement) { database in
      [try database.statement(statement, ["names": database.quoteArray(names.map(\.text))])]
    }
    return try Self.records(in: results)
  }

  /// The ledger's rows in the last of some results, by name.
  static func records(in results: [QueryResult]) throws -> [String: LedgerRecord] {
    guard let rows = results.last else { return [:] }
    var records: [String: LedgerRecord] = [:]
    for row in 0..<rows.rowCount {
      let record = try LedgerRecord(rows, row: row)
      records[record.name] = record
    }
    return records
  }

  /// For each migration with dependents, all that must be rolled back before it, newest first.
  ///
  /// Only asked where the answer is no: it costs a round trip of its own.
  func dependentsChains(of records: [String: LedgerRecord]) throws -> [String: DependentsChain] {
    let blocked = records.values.filter { $0.status == .applied && !$0.dependents.isEmpty }
    guard !blocked.isEmpty else { return [:] }
    let results = try database().read(.read) { database in
      let names = try database.quoteArray(blocked.map(\.name))
      return [database.statement(.dependentsChain, ["names": names])]
    }
    guard let rows = results.last else { return [:] }
    return Dictionary(
      (0..<rows.rowCount).map { row in
        func names(_ column: Int) -> [String] {
          decodedJSON([String].self, from: rows.value(row: row, column: column)) ?? []
        }
        return (rows.text(row: row, column: 0), DependentsChain(names: names(1), stuck: names(2)))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// For each name without a row, the names that it may have meant.
  func unknownNames(
    _ names: [MigrationName], _ records: [String: LedgerRecord], _ folder: MigrationDirectory?
  ) throws -> [String: [String]] {
    let unknown = try names.filter {
      try records[$0.text] == nil && folder?.entry(named: $0) == nil
    }
    guard !unknown.isEmpty else { return [:] }
    let candidates = try recordedNames() + (folder?.listing().entries.map(\.name.text) ?? [])
    return Dictionary(
      unknown.map { ($0.text, NearestNames.of($0.text, among: candidates)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Every name in the ledger.
  ///
  /// - Parameter requirement: what the command needs of it.
  /// - Returns: the names.
  /// - Throws: ``ErrorReport`` when it cannot be read.
  func recordedNames(_ requirement: Database.Requirement = .read) throws -> [String] {
    let results = try database().read(requirement) { [$0.statement(.allNames)] }
    guard let rows = results.last else { return [] }
    return (0..<rows.rowCount).map { rows.text(row: $0, column: 0) }
  }

  /// The file's side of a rollback.
  func fileState(of name: MigrationName, in folder: MigrationDirectory?)
    -> RollbackStepPlanner.FileState
  {
    do {
      guard let entry = try folder?.entry(named: name) else { return .missing }
      return .read(try MigrationFile.read(entry))
    } catch {
      return .unreadable(Self.report(error, reading: name))
    }
  }

  /// Why the file of a migration cannot be read.
  static func report(_ error: any Error, reading name: MigrationName) -> ErrorReport {
    error as? ErrorReport
      ?? ErrorReport(.file, "cannot read the file of '\(name.text)': \(error)")
  }

  /// A name that is no file.
  func noSuchFile(_ name: MigrationName, in folder: MigrationDirectory?) throws -> ErrorReport {
    let listing = try folder?.listing()
    if let path = listing?.scripts[name.text] {
      return ErrorReport(
        .file, "'\(path)' is taken for no migration: its name begins with no version",
        hint: "rename it so that it begins with one, as the others here do")
    }
    let near = NearestNames.of(name.text, among: listing?.entries.map(\.name.text) ?? [])
    let hint = folder.map { _ in
      "neither \(name.text).sql nor \(name.text)/\(FileRole.migrationScripts[0]) is there: "
        + "check the name"
    }
    return ErrorReport(
      .file, "no migration '\(name.text)' in '\(folder?.path ?? ".")'",
      details: near.map { "did you mean '\($0)'?" },
      hint: near.isEmpty ? hint ?? "name the folder with --dir" : nil)
  }
}

extension MigrationSummary {
  /// Reads a row of `list.sql`.
  fileprivate init(_ rows: QueryResult, row: Int) throws {
    name = rows.text(row: row, column: 0)
    version = rows.text(row: row, column: 1)
    let word = rows.text(row: row, column: 2)
    guard let status = MigrationStatus(rawValue: word) else {
      throw ErrorReport(
        .ledger, "the ledger gives '\(name)' the unknown status '\(word)'",
        hint: "use the version of migration-manager that wrote it")
    }
    self.status = status
    appliedAt = rows.value(row: row, column: 3).flatMap { Int64($0) }
    canRollback = rows.text(row: row, column: 4) == "t"
    hasRollbackSQL = rows.text(row: row, column: 5) == "t"
    reason = rows.text(row: row, column: 6)
    dependents = decodedJSON([String].self, from: rows.value(row: row, column: 7)) ?? []
  }
}
