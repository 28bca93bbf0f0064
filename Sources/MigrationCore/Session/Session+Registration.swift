internal import LedgerSQL
internal import PostgresClient
internal import SQLParsing

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
    let candidates = try distinct(names).map {
      try RegistrationCandidate(named: $0, in: folder, self)
    }
    let findings = try creatingLedger { try askDatabase(about: candidates) }
    try checkDependencies(of: candidates, in: folder, recorded: Set(findings.statuses.keys))

    let decisions = candidates.map { candidate in
      RegistrationPlanner.decide(
        candidate.file.name.text, findings.of(candidate), force: force)
    }
    let isRefused = decisions.contains { $0.refusal != nil }
    if !isRefused {
      let run = newRun(reason: reason)
      let calls = try database().calls
      let path = try database().facts?.searchPath
      let statements = try zip(candidates, decisions).map { candidate, decision in
        try calls.register(
          candidate.record(decision, connectionPath: path, force: force), run: run)
      }
      try transaction(lock: calls.lock) { statements }
    }
    return zip(candidates, decisions).map { candidate, decision in
      let file = candidate.file
      let isHeldUp = isRefused && decision.refusal == nil
      return RegistrationResult(
        name: file.name.text, outcome: isHeldUp ? .skipped : decision.outcome,
        hasRollbackSQL: file.rollbackSQL != nil, irreversible: file.declaration.irreversible,
        evidence: decision.evidence, missing: findings.of(candidate).missing,
        remarks: file.remarks + decision.remarks, error: decision.refusal)
    }
  }

  /// The names, each once, in their order.
  private func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Asks the catalog, the ledger and the Supabase CLI's ledger in one round trip.
  private func askDatabase(about candidates: [RegistrationCandidate]) throws -> RegistrationFindings
  {
    let database = try database()
    var questions: [CatalogQuestion] = []
    var ranges: [Range<Int>] = []
    for candidate in candidates {
      let first = questions.count
      for expected in candidate.evidence.objects {
        questions.append(CatalogQuestion(number: questions.count, expected))
      }
      ranges.append(first..<questions.count)
    }
    let names = candidates.flatMap { [$0.file.name.text] + $0.file.dependencies.map(\.name) }
    let versions = candidates.map(\.file.name.version).filter { !$0.isEmpty }
    let results = try database.read(.write) { database in
      [
        try database.statement(
          .supabaseVersions, ["versions": database.quoteArray(versions)]),
        try database.statement(.check, ["names": database.quoteArray(names)]),
        try database.statement(.evidence, ["objects": database.quote(encodedJSON(questions))]),
      ]
    }
    guard results.count >= 2, let evidence = results.last, let rows = results.dropLast().last else {
      throw ErrorReport(.internalError, "the server gave fewer results than it was asked for")
    }
    var findings = RegistrationFindings(candidates: candidates, ranges: ranges)
    for row in 0..<rows.rowCount {
      let record = try LedgerRecord(rows, row: row)
      findings.statuses[record.name] = record.status
    }
    findings.existing = Set(decodedJSON([Int].self, from: evidence.value(row: 0, column: 0)) ?? [])
    findings.supabaseVersions =
      decodedJSON([String].self, from: evidence.value(row: 0, column: 1)).map(Set.init)
    return findings
  }

  /// Refuses a dependency on a name that is no file and no row.
  private func checkDependencies(
    of candidates: [RegistrationCandidate], in folder: MigrationFolder, recorded: Set<String>
  ) throws {
    for candidate in candidates {
      for dependency in candidate.file.dependencies
      where !recorded.contains(dependency.name)
        && folder.entry(named: MigrationName(dependency.name)) == nil
      {
        let known = try recordedNames() + folder.entries.map(\.name.text)
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
