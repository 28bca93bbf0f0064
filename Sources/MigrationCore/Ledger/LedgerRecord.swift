internal import PostgresClient

/// What the ledger holds of one migration.
struct LedgerRecord: Equatable, Sendable {
  /// The parts of the `metadata` column that this program reads.
  struct Metadata: Decodable, Equatable, Sendable {
    var upChecksum: String?
    var rollbackChecksum: String?
    var upCodeChecksum: String?
    var rollbackCodeChecksum: String?
    var searchPath: String?
    var irreversible: String?

    enum CodingKeys: String, CodingKey {
      case upChecksum = "up_checksum"
      case rollbackChecksum = "rollback_checksum"
      case upCodeChecksum = "up_code_checksum"
      case rollbackCodeChecksum = "rollback_code_checksum"
      case searchPath = "search_path"
      case irreversible
    }
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
    dependents = decodedJSON([String].self, from: result.value(row: row, column: 4)) ?? []
    checksum = result.value(row: row, column: 5)
    metadata =
      decodedJSON(Metadata.self, from: result.value(row: row, column: 6)) ?? Metadata()
    rollbackSQL = result.columnCount > 7 ? result.value(row: row, column: 7) : nil
  }

  /// The recorded checksums; nil where none was recorded.
  var checksums: FileChecksums? {
    checksum.map {
      FileChecksums(
        file: $0, up: metadata.upChecksum, rollback: metadata.rollbackChecksum,
        upCode: metadata.upCodeChecksum, rollbackCode: metadata.rollbackCodeChecksum)
    }
  }

  /// How a file differs from this record.
  func drift(of file: FileChecksums) -> Drift? {
    checksums.flatMap { FileChecksums.drift(of: file, from: $0) }
  }
}
