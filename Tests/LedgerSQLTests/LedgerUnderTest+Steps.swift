import LedgerSQL
import TestSupport

/// A run that goes statement by statement, as the program would.
struct SteppingRun {
  let ledger: LedgerUnderTest
  let name: String
  let direction: String
  let id: String

  static let first = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
  static let second = "7f9619ff-8b86-4d01-b42d-00cf4fc964ff"

  init(
    _ ledger: LedgerUnderTest, _ name: String, _ direction: String = "up", id: String = Self.first
  ) {
    self.ledger = ledger
    self.name = name
    self.direction = direction
    self.id = id
  }

  private var subject: String { "'\(id)', '\(name)', '\(direction)'" }

  /// SQL that takes the lease; the session that sends it is not its own.
  func begin(done: Int = 0, sql: String? = nil, isDirect: Bool = false) -> String {
    """
    SELECT LEDGER.migration_begin_steps(\(subject), \(done),
      \(sql.map { "encode(sha256(convert_to(\($0.quoted(with: "'")), 'UTF8')), 'hex')" } ?? "NULL"),
      \(isDirect), '{"os_user": "ada", "host": "engine"}')
    """
  }

  func keep(_ number: Int) -> String {
    "SELECT LEDGER.migration_keep_lease(\(subject), \(number))"
  }

  func start(_ number: Int, checksum: String = "c0ffee", observation: String = "NULL") -> String {
    "SELECT LEDGER.migration_start_step(\(subject), \(number), 3, '\(checksum)', \(observation))"
  }

  func finish(_ number: Int, checksum: String = "c0ffee") -> String {
    "SELECT LEDGER.migration_finish_step(\(subject), \(number), 3, '\(checksum)')"
  }

  func fail(_ number: Int, _ error: String, left: String = "NULL") -> String {
    "SELECT LEDGER.migration_fail_step(\(subject), \(number), 3, 'c0ffee', '\(error)', \(left))"
  }

  var end: String { "SELECT LEDGER.migration_end_steps(\(subject))" }

  var release: String { "SELECT LEDGER.migration_release_lease('\(id)')" }

  /// Begins, does the first statements, each in a transaction of its own, and gives the lease back.
  func stop(after count: Int, sql: String? = nil) throws {
    try ledger.run(begin(sql: sql))
    for number in 1..<count + 1 { try ledger.run("\(keep(number)); \(finish(number))") }
    try ledger.run(release)
  }
}

extension LedgerUnderTest {
  /// What `open_steps.sql` shows, without the times.
  func openSteps(as user: String = "postgres") throws -> String {
    let statement = LedgerSQL.statement(.openSteps, in: schema)
    let query = statement.split(separator: ";").first ?? ""
    return try send(
      """
      SELECT migration_name, direction, statement_no, statement_count, checksum,
        started_at_microseconds > 1000000 * (extract(epoch FROM now()) - 600),
        finished_at_microseconds >= started_at_microseconds, error, observation, left(run_id::text, 1)
      FROM (\(query)) AS shown;
      """, as: user)
  }
}
