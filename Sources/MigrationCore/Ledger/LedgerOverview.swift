internal import Platform
internal import PostgresClient

/// A row of the ledger, as far as it matters to what is applied next.
struct RecordedMigration: Equatable, Sendable {
  /// The migration's name.
  var name: String
  /// Its status.
  var status: MigrationStatus
  /// SHA-256 of its file; nil in a row that a hand has written.
  var checksum: String?
  /// SHA-256 of the rollback SQL where that stood in a file of its own; empty where that file held
  /// none, nil where there was no such file.
  var rollbackFileChecksum: String?
  /// Whether `register` or `sync` made the record: another runner, or a hand, applied it.
  var isRegistered = false
  /// When and by whom it was rolled back, if it was.
  var rollback: PastRollback?

  /// Whether what it made is in the database: a failed rollback changed nothing.
  var stands: Bool { status != .rolledBack }

  /// Whether `migrate` applied it, be it rolled back since.
  var isByMigrate: Bool { checksum != nil && !isRegistered }

  /// Whether nothing of its file was ever recorded: `resolve` made it, to say that it was not applied.
  var isBare: Bool { !stands && checksum == nil }
}

/// When a migration was rolled back, and by whom; or who said so with `resolve`.
public struct PastRollback: Equatable, Sendable {
  /// When, in microseconds since 1970; nil where that was not recorded.
  public var at: Int64?
  /// The role that did it; nil where that was not recorded.
  public var by: String?
  /// Whether no rollback ran: `resolve` set the status.
  public var isResolved = false

  /// Names what is known.
  public init(at: Int64? = nil, by: String? = nil, isResolved: Bool = false) {
    self.at = at
    self.by = by
    self.isResolved = isResolved
  }

  /// Such as `rolled back 2025-01-20 14:30 by ada`, in the local time zone.
  package var words: String {
    (isResolved ? "resolved as rolled back" : "rolled back")
      + (at.map { " " + LocalTime.format(microsecondsSince1970: Int($0)) } ?? "")
      + (by.map { " by \($0)" } ?? "")
  }
}

/// What the ledger says of all migrations, read in one round trip.
struct LedgerOverview: Equatable, Sendable {
  /// The rows in the order of application.
  let rows: [RecordedMigration]
  /// Why the last try to apply one failed, of those that are not applied since; empty where nobody
  /// asked for it.
  var lastErrors: [String: String] = [:]
  /// Whether another runner keeps a ledger in the same database.
  var hasOtherRunner = false
  /// The tables that go by the names of other runners' ledgers, whether those are looked into or not.
  var runnerTables: [String] = []
  /// Whether the database holds a table, view or the like that is not the ledger's.
  var holdsRelations = false
  /// What is half applied or half rolled back.
  var openSteps = OpenSteps()
  /// Whether there is no ledger of ours yet.
  var isAbsent = false
  private let places: [String: Int]

  /// Takes rows in the order of application.
  init(_ rows: [RecordedMigration]) {
    self.rows = rows
    places = Dictionary(
      rows.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The row of a migration; nil without one.
  subscript(name: MigrationName) -> RecordedMigration? { self[name.text] }

  /// The row of a migration; nil without one.
  subscript(name: String) -> RecordedMigration? { places[name].map { rows[$0] } }

  /// Whether a file without a row may be applied all the same: others applied some of what stands
  /// here, keep a list of their own, or may have made what a database holds that this ledger is new to.
  var isShared: Bool { hasOtherRunner || hasRegisteredRows || (isBlank && holdsRelations) }

  /// Whether nothing was ever recorded as applied, nor begun to be.
  var isBlank: Bool { rows.allSatisfy(\.isBare) && openSteps.runs.isEmpty }

  /// The newest by version of what `migrate` applied; nil where it applied nothing.
  var newestByMigrate: MigrationName? {
    rows.lazy.filter(\.isByMigrate).map { MigrationName($0.name) }.max()
  }

  /// The migrations that stand and have no file.
  ///
  /// - Parameter files: the migrations of the folder.
  /// - Returns: their rows, in the order of application.
  func missing(from files: some Sequence<MigrationName>) -> [RecordedMigration] {
    let names = Set(files.lazy.map(\.text))
    return rows.filter { $0.stands && !names.contains($0.name) }
  }

  /// Whether `register` or `sync` made some of the records.
  var hasRegisteredRows: Bool { rows.contains(where: \.isRegistered) }

  /// The migration that was applied last of those that stand.
  var newest: String? { rows.last(where: \.stands)?.name }

  /// The statuses by name.
  var statuses: [String: MigrationStatus] {
    Dictionary(rows.map { ($0.name, $0.status) }, uniquingKeysWith: { first, _ in first })
  }
}

extension LedgerOverview {
  /// Reads the results of `migration_states.sql`, `apply_failures.sql`, `open_steps.sql` and
  /// `runner_presence.sql`, told apart by their columns.
  ///
  /// - Parameter results: of a query string with the last of them at least.
  /// - Throws: ``ErrorReport`` of code `ledger` for a status that this program does not know.
  init(results: [QueryResult]) throws {
    var rows: [RecordedMigration] = []
    var lastErrors: [String: String] = [:]
    var presence: (hasOtherRunner: Bool, holdsRelations: Bool, tables: [String]) = (
      false, false, []
    )
    var openSteps = OpenSteps()
    for result in results {
      if let steps = OpenSteps(result) {
        openSteps = steps
      } else if result.columnIndex(named: "is_registered") != nil {
        rows = try (0..<result.rowCount).map { try RecordedMigration(result, row: $0) }
      } else if result.columnIndex(named: "last_error") != nil {
        for row in 0..<result.rowCount {
          lastErrors[result.text(row: row, column: 0)] = result.text(row: row, column: 1)
        }
      } else if let column = result.columnIndex(named: "has_other_runner") {
        let tables = result.value(row: 0, column: column + 2)
        presence = (
          result.text(row: 0, column: column) == "t",
          result.text(row: 0, column: column + 1) == "t",
          // Most databases have none, and the decoder costs a millisecond to wake.
          tables == "[]" ? [] : decodedJSON([String].self, from: tables) ?? []
        )
      }
    }
    self.init(rows)
    self.lastErrors = lastErrors
    self.openSteps = openSteps
    hasOtherRunner = presence.hasOtherRunner
    holdsRelations = presence.holdsRelations
    runnerTables = presence.tables
  }
}

extension RecordedMigration {
  /// Reads a row of `migration_states.sql`.
  fileprivate init(_ result: QueryResult, row: Int) throws {
    name = result.text(row: row, column: 0)
    let word = result.text(row: row, column: 1)
    guard let status = MigrationStatus(rawValue: word) else {
      throw ErrorReport(
        .ledger, "the ledger gives '\(name)' the unknown status '\(word)'",
        hint: "use the version of migration-manager that wrote it")
    }
    self.status = status
    checksum = result.value(row: row, column: 2)
    rollbackFileChecksum = result.value(row: row, column: 3)
    isRegistered = result.text(row: row, column: 4) == "t"
    if status == .rolledBack {
      rollback = PastRollback(
        at: result.value(row: row, column: 5).flatMap { Int64($0) },
        by: result.value(row: row, column: 6),
        isResolved: result.text(row: row, column: 7) == "t")
    }
  }
}
