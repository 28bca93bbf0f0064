internal import PostgresClient

/// What the ledger holds of one migration.
struct LedgerRecord: Equatable, Sendable {
  /// The parts of the `metadata` column that this program reads.
  struct Metadata: Equatable, Sendable {
    var upChecksum: String?
    var rollbackChecksum: String?
    var upCodeChecksum: String?
    var rollbackCodeChecksum: String?
    var searchPath: String?
    /// How the rollback SQL runs.
    var rollbackMode = TransactionMode.single
    var irreversible: String?
    /// Whether `register` or `sync` made the record: another runner, or a hand, applied it.
    var isRegistered = false
  }

  var name: String
  var status: MigrationStatus
  var canRollback: Bool
  var reason: String
  var dependents: [String]
  var checksum: String?
  var metadata: Metadata
  /// Only where the query asked for it.
  var rollbackSQL: String?
  /// What made the last rollback fail, of one that is `failed`; only where the query asked for it.
  var failure: String?
}

extension LedgerRecord {
  /// Reads a row of `check.sql` or `rollback_plan.sql`.
  ///
  /// - Throws: ``ErrorReport`` of code `ledger` when the row is not one that this program wrote.
  init(_ result: QueryResult, row: Int) throws {
    name = result.text(row: row, column: 0)
    guard let status = MigrationStatus(rawValue: result.text(row: row, column: 1)) else {
      throw ErrorReport(
        .ledger,
        "the ledger gives '\(name)' the unknown status '\(result.text(row: row, column: 1))'",
        hint: "use the version of migration-manager that wrote it")
    }
    self.status = status
    canRollback = result.text(row: row, column: 2) == "t"
    reason = result.text(row: row, column: 3)
    // Most have none, and the decoder costs a millisecond to wake.
    let names = result.value(row: row, column: 4)
    dependents = names == "[]" ? [] : decodedJSON([String].self, from: names) ?? []
    checksum = result.value(row: row, column: 5)
    metadata = Metadata(
      upChecksum: result.value(row: row, column: 6),
      rollbackChecksum: result.value(row: row, column: 7),
      upCodeChecksum: result.value(row: row, column: 8),
      rollbackCodeChecksum: result.value(row: row, column: 9),
      searchPath: result.value(row: row, column: 10),
      irreversible: result.value(row: row, column: 11),
      isRegistered: result.text(row: row, column: 12) == "t")
    metadata.rollbackMode = TransactionMode(recorded: result.value(row: row, column: 13))
    guard result.columnCount > 15 else { return }
    rollbackSQL = result.value(row: row, column: 14)
    failure = result.value(row: row, column: 15)
  }

  /// The recorded checksums; nil where none was recorded.
  var checksums: FileChecksums? {
    checksum.map {
      FileChecksums(
        file: $0, up: metadata.upChecksum, rollback: metadata.rollbackChecksum,
        upCode: metadata.upCodeChecksum, rollbackCode: metadata.rollbackCodeChecksum,
        rollbackMode: metadata.rollbackMode)
    }
  }

  /// Whether a file's up SQL is another than the recorded one; false where none was recorded.
  func differsInUpSQL(from file: FileChecksums) -> Bool {
    metadata.upCodeChecksum != nil && drift(of: file) == .up
  }

  /// How a file differs from this record.
  func drift(of file: FileChecksums) -> Drift? {
    checksums.flatMap { FileChecksums.drift(of: file, from: $0) }
  }
}
