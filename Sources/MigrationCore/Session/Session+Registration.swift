internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

extension RegistrationFindings {
  /// Reads what `evidence.sql` found.
  ///
  /// - Parameter results: of a query string that ends with it.
  /// - Throws: ``ErrorReport`` when the server gave no such result.
  init(evidence results: [QueryResult]) throws {
    guard let evidence = results.last, evidence.rowCount == 1, evidence.columnCount == 2 else {
      throw ErrorReport(.internalError, "the server gave fewer results than it was asked for")
    }
    // Digits parted by other characters: a JSON decoder is slow for thousands of them.
    existing = Set(
      evidence.text(row: 0, column: 0).utf8
        .split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        .compactMap { Int(Substring($0)) })
    runners = RunnerLedgers(json: evidence.value(row: 0, column: 1))
  }
}

extension Session {
  /// Records migrations that another runner applied, or refreshes their records.
  ///
  /// All are recorded in one transaction, or none: one that was not applied stops the others.
  ///
  /// - Parameters:
  ///   - names: names, with or without `.sql`.
  ///   - force: record what the catalog says was not applied; kept with the event.
  ///   - reason: `--reason`, kept with the event.
  /// - Returns: what became of each, in the order given; those that are fine are `skipped` when
  ///   another was refused.
  /// - Throws: ``ErrorReport`` for files that are missing or malformed, and for the database.
  public func register(_ names: [String], force: Bool, reason: String?) throws
    -> [RegistrationResult]
  {
    let folder = try folder()
    let entries = try distinct(
      names.map { try migrationName($0, in: folder, orLedger: nil) }
    ).map { name in
      guard let entry = try folder.entry(named: name) else {
        throw try noSuchFile(name, in: folder)
      }
      return entry
    }
    let listing = try folder.listing()
    for entry in entries where listing.entry(named: entry.name) == nil {
      // No regular file: reading it says what it is.
      _ = try MigrationFile.read(entry)
      throw try noSuchFile(entry.name, in: folder)
    }
    let candidates = try read(entries, in: listing)
    let drafts = ConcurrentMap.map(candidates, RegistrationDraft.init)
    for draft in drafts {
      if let refusal = draft.refusal { throw refusal }
      for warning in draft.warnings { observe(.warning(warning)) }
    }
    let answer = try askDatabase(about: candidates)
    try checkDependencies(of: candidates, in: folder, answer)
    let findings = zip(answer.concerning(candidates), zip(candidates, drafts)).map {
      var findings = $0
      let record = answer.records[$1.0.file.name.text]
      findings.isChanged = record?.differsInUpSQL(from: $1.1.checksums) ?? false
      return findings
    }
    let decisions = zip(candidates, findings).map { candidate, findings in
      RegistrationPlanner.decide(
        candidate.file.name.text, findings, force: force, isLive: candidate.file.isLive)
    }
    let isRefused = decisions.contains { $0.refusal != nil }
    var recorded: [String: MigrationOutcome] = [:]
    if !isRefused {
      if !answer.hasLedger { try createLedgerUnasked() }
      let path = try database().facts?.schemas
      recorded = try record(
        zip(zip(candidates, drafts), zip(decisions, findings)).map { file, found in
          file.1.record(of: file.0, found.0, seen: found.1.status, connectionPath: path)
        }, reason: reason)
    }
    return zip(candidates, zip(decisions, findings)).map { candidate, found in
      let decision = found.0
      let file = candidate.file
      let isHeldUp = isRefused && decision.refusal == nil
      return RegistrationResult(
        name: file.name.text,
        outcome: isHeldUp ? .skipped : recorded[file.name.text] ?? decision.outcome,
        hasRollbackSQL: file.rollbackSQL != nil, irreversible: file.declaration.irreversible,
        evidence: decision.evidence, missing: decision.missing,
        remarks: file.remarks + decision.remarks,
        error: decision.refusal)
    }
  }

  /// Records all in one transaction, in the order of their versions.
  ///
  /// - Returns: by name, what the ledger says it did: another session may have been faster.
  private func record(
    _ migrations: [RegisteredMigration], reason: String?
  ) throws -> [String: MigrationOutcome] {
    let run = newRun(reason: reason)
    let calls = try database().calls
    let migrations = migrations.sorted { MigrationName($0.name) < MigrationName($1.name) }
    let statements = try migrations.map { try calls.register($0, run: run) }
    let results = try transaction(lock: calls.lock) { statements }
    let outcomes = results.compactMap { result in
      result.columnIndex(named: "migration_register").flatMap {
        MigrationOutcome(rawValue: result.text(row: 0, column: $0))
      }
    }
    return Dictionary(
      zip(migrations.map(\.name), outcomes), uniquingKeysWith: { first, _ in first })
  }

  /// The names, each once, in their order.
  private func distinct(_ names: [MigrationName]) -> [MigrationName] {
    var seen: Set<MigrationName> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Reads files, and weighs their evidence by what the other files of the folder do.
  private func read(
    _ entries: [MigrationFolder.Entry], in folder: MigrationFolder
  ) throws -> [RegistrationCandidate] {
    let reading = FolderReading(of: folder, wanted: Set(entries))
    return try entries.map { try reading.candidate($0.name) }
  }

  /// Asks the database. Where there is no ledger yet, none is made: a refusal must not leave one.
  private func askDatabase(about candidates: [RegistrationCandidate]) throws -> RegistrationFindings
  {
    do {
      return try ask(about: candidates, hasLedger: true)
    } catch let report as ErrorReport {
      switch report.sqlState.flatMap(LedgerState.init(rawValue:)) {
      case .absent: return try ask(about: candidates, hasLedger: false)
      case .incomplete:
        try ensureLedger()
        return try ask(about: candidates, hasLedger: true)
      default: throw report
      }
    }
  }

  /// Asks the catalog, the ledger and the ledgers of other runners in one round trip.
  private func ask(
    about candidates: [RegistrationCandidate], hasLedger: Bool
  ) throws -> RegistrationFindings {
    let names = candidates.flatMap { [$0.file.name.text] + $0.file.dependencies.map(\.name) }
    let results = try evidence(of: candidates, requiring: hasLedger ? .write : .create) {
      hasLedger
        ? [
          $0.statement(.openSteps), try $0.statement(.check, ["names": $0.quoteArray(names)]),
        ] : []
    }
    var findings = try RegistrationFindings(evidence: results)
    findings.hasLedger = hasLedger
    findings.openSteps = results.lazy.compactMap(OpenSteps.init).first ?? OpenSteps()
    if hasLedger, let rows = results.dropLast().last {
      for row in 0..<rows.rowCount {
        let record = try LedgerRecord(rows, row: row)
        findings.statuses[record.name] = record.status
        findings.records[record.name] = record
      }
    }
    return findings
  }

  /// Asks which of their objects exist, and what the ledgers of other runners say.
  ///
  /// - Parameters:
  ///   - candidates: the files.
  ///   - requirement: what is needed of our own ledger.
  ///   - statements: what else to ask in the same round trip.
  /// - Returns: the results; the last is that of `evidence.sql`, those before it of `statements`.
  /// - Throws: ``ErrorReport``.
  func evidence(
    of candidates: [RegistrationCandidate], requiring requirement: Database.Requirement,
    _ statements: (Database) throws -> [String] = { _ in [] }
  ) throws -> [QueryResult] {
    let questions = candidates.flatMap(\.evidence.objects).flatMap { expected in
      expected.names.map { (expected, $0) }
    }.enumerated().map { CatalogQuestion(number: $0.offset, $0.element.0, named: $0.element.1) }
    let files = candidates.map(\.file.name)
    return try database().read(requirement) { database in
      let ledgers = try database.statement(
        .runnerLedgers,
        [
          "versions": database.quoteArray(files.compactMap(\.supabaseVersion)),
          "names": database.quoteArray(files.map(\.text)),
        ])
      let objects = try database.quote(joining: encodedJSON(arrayOf: questions))
      return try [ledgers] + statements(database)
        + [database.statement(.evidence, ["objects": objects])]
    }
  }

  /// Refuses a dependency on a name that is no file and no row.
  private func checkDependencies(
    of candidates: [RegistrationCandidate], in folder: MigrationDirectory,
    _ answer: RegistrationFindings
  ) throws {
    for candidate in candidates {
      for dependency in candidate.file.dependencies
      where try answer.statuses[dependency.name] == nil
        && folder.entry(named: MigrationName(dependency.name)) == nil
      {
        let known =
          try (answer.hasLedger ? recordedNames() : []) + folder.listing().entries.map(\.name.text)
        let near = NearestNames.of(dependency.name, among: known)
        throw ErrorReport(
          .file, "depends on '\(dependency.name)', which is no file and not recorded",
          details: near.map { "did you mean '\($0)'?" },
          hint: "mend the 'Depends on:' line",
          location: ErrorReport.Location(file: candidate.file.path, line: dependency.line))
      }
    }
  }
}
