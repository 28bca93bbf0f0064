internal import LedgerSQL
internal import PostgresClient

/// One event of the audit trail.
public struct HistoryEvent: Equatable, Sendable {
  /// When it was written, in microseconds since 1970.
  public var occurredAt: Int64
  /// The invocation that wrote it, a uuid.
  public var runID: String
  /// The migration's name at the time; nil for an event that concerns none.
  public var migration: String?
  /// What was done, such as `rollback`.
  public var operation: String
  /// What came of it, such as `done` or `fail`.
  public var outcome: String
  /// The role that wrote it.
  public var role: String
  /// The operating system's user, as the client told.
  public var osUser: String?
  /// The client's machine, as it told.
  public var host: String?
  /// The version of the program.
  public var toolVersion: String?
  /// How long its transaction had lasted, in microseconds.
  public var durationMicroseconds: Int64?
  /// SHA-256 of the file that was recorded.
  public var checksum: String?
  /// SHA-256 of its up SQL.
  public var upChecksum: String?
  /// What went wrong.
  public var error: String?
  /// `--reason`.
  public var reason: String?
  /// Further facts, as a JSON object.
  public var details: String?
  /// The name that the migration had before, where it got another one.
  public var oldName: String?
  /// Its status before and afterwards, where the event tells.
  public var statusBefore: String?
  /// Its status afterwards.
  public var statusAfter: String?
}

/// The answer of `history`.
public struct MigrationTrail: Equatable, Sendable {
  /// Newest first.
  public var events: [HistoryEvent]
  /// Whether there are older ones that the limit left out.
  public var hasMore: Bool
}

extension Session {
  /// What the audit trail holds, newest first.
  ///
  /// - Parameters:
  ///   - name: a migration, with or without `.sql`, whose earlier names count too; nil for all events.
  ///   - limit: how many at most; nil for all.
  /// - Returns: the events.
  /// - Throws: ``ErrorReport``: of code `refused` for a name that is in neither trail, ledger nor
  ///   folder.
  public func history(of name: String?, limit: Int?) throws -> MigrationTrail {
    let name = try name.map { try migrationName($0, in: folderIfAny(), orLedger: .read) }
    let results = try database().read(.read) { database in
      let values = [
        "name": try name.map { try database.quote($0.text) } ?? "NULL",
        // One more than is shown tells whether there are more.
        "limit": limit.map { String($0 == .max ? $0 : $0 + 1) } ?? "NULL",
      ]
      return [database.statement(.history, values)]
    }
    guard let rows = results.last else { return MigrationTrail(events: [], hasMore: false) }
    if let name, rows.rowCount == 0 { try requireKnown(name) }
    let shown = min(rows.rowCount, limit ?? .max)
    return MigrationTrail(
      events: (0..<shown).map { HistoryEvent(rows, row: $0) }, hasMore: shown < rows.rowCount)
  }

  /// Refuses a name that is neither recorded nor a file.
  private func requireKnown(_ name: MigrationName) throws {
    let folder = try folderIfAny()
    guard try folder?.entry(named: name) == nil else { return }
    let recorded = try recordedNames()
    guard !recorded.contains(name.text) else { return }
    let files = try folder?.listing().entries.map(\.name.text) ?? []
    throw ErrorReport.notInLedger(
      name.text, nearNames: NearestNames.of(name.text, among: recorded + files))
  }
}

extension HistoryEvent {
  /// Reads a row of `history.sql`.
  fileprivate init(_ rows: QueryResult, row: Int) {
    struct Details: Decodable {
      var oldName: String?
      var statusBefore: String?
      var statusAfter: String?

      enum CodingKeys: String, CodingKey {
        case oldName = "old_name"
        case statusBefore = "status_before"
        case statusAfter = "status_after"
      }
    }
    occurredAt = Int64(rows.text(row: row, column: 0)) ?? 0
    runID = rows.text(row: row, column: 1)
    migration = rows.value(row: row, column: 2)
    operation = rows.text(row: row, column: 3)
    outcome = rows.text(row: row, column: 4)
    role = rows.text(row: row, column: 5)
    osUser = rows.value(row: row, column: 6)
    host = rows.value(row: row, column: 7)
    toolVersion = rows.value(row: row, column: 8)
    durationMicroseconds = rows.value(row: row, column: 9).flatMap { Int64($0) }
    checksum = rows.value(row: row, column: 10)
    upChecksum = rows.value(row: row, column: 11)
    error = rows.value(row: row, column: 12)
    reason = rows.value(row: row, column: 13)
    details = rows.value(row: row, column: 14)
    let told = decodedJSON(Details.self, from: details)
    oldName = told?.oldName
    statusBefore = told?.statusBefore
    statusAfter = told?.statusAfter
  }
}
