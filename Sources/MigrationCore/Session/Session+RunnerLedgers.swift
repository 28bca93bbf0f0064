internal import LedgerSQL
internal import PostgresClient

extension Session {
  /// The ledger's rows of some migrations, what other runners' ledgers hold of them, and what is half
  /// done, in one round trip.
  ///
  /// - Parameters:
  ///   - names: the migrations.
  ///   - statement: ``LedgerStatement/check`` or ``LedgerStatement/rollbackPlan``.
  ///   - requirement: what is needed of the ledger.
  /// - Returns: the rows by name, the other ledgers that there are, and the open rows of the journal.
  /// - Throws: ``ErrorReport``.
  func recordsAndRunnerLedgers(
    of names: [MigrationName], _ statement: LedgerStatement, _ requirement: Database.Requirement
  ) throws -> (
    records: [String: LedgerRecord], runners: [RunnerLedgerFinding], openSteps: OpenSteps
  ) {
    let results = try database().read(requirement) { database in
      let texts = try database.quoteArray(names.map(\.text))
      let versions = try database.quoteArray(names.map { $0.supabaseVersion ?? "" })
      return [
        database.statement(.runnerRows, ["names": texts, "versions": versions]),
        database.statement(.openSteps),
        database.statement(statement, ["names": texts]),
      ]
    }
    return (
      try Self.records(in: results), Self.runnerLedgers(in: results),
      results.lazy.compactMap(OpenSteps.init).first ?? OpenSteps()
    )
  }

  /// What `runner_rows.sql` found.
  static func runnerLedgers(in results: [QueryResult]) -> [RunnerLedgerFinding] {
    let json = results.lazy.compactMap { result in
      result.columnIndex(named: "runner_rows").map { result.text(row: 0, column: $0) }
    }.first
    // Most databases have none, and the decoder costs a millisecond to wake.
    return json == "[]" ? [] : decodedJSON([RunnerLedgerFinding].self, from: json) ?? []
  }

  /// Whether a folder holds a migration of a name; false where it cannot be read, which is told
  /// elsewhere.
  func fileLookup(in folder: MigrationDirectory?) -> (String) -> Bool {
    { name in ((try? folder?.entry(named: MigrationName(name))) ?? nil) != nil }
  }
}
