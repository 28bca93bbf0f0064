import Foundation
import TestSupport

/// Rolls one migration back again and again while something goes wrong at a random moment, and
/// compares after each time what the program said with what is there.
struct Torture: Ordeal {
  private static let migration = SampleMigration(
    name: "20250101_many",
    up: """
      CREATE TABLE first (id int PRIMARY KEY);
      CREATE TABLE second (id int REFERENCES first);
      CREATE TABLE third (id int, note text);
      """,
    rollback: """
      DROP TABLE second;
      SELECT pg_sleep(0.02);
      ALTER TABLE third DROP COLUMN note;
      SELECT pg_sleep(0.02);
      DROP TABLE first;
      SELECT pg_sleep(0.02);
      DROP TABLE third;
      """)
  /// Forgets the last time. Kept by the server even if it crashes right afterwards.
  private static let fresh = """
    SET synchronous_commit = on; BEGIN; DROP TABLE IF EXISTS first, second, third; \(migration.up)
    UPDATE migration_history SET status = 'applied', rollback_at = NULL, notes = NULL; COMMIT
    """

  private let checkout: Checkout
  private var troublemaker: Troublemaker

  /// What became of it, counted: `TROUBLE STATUS`.
  private(set) var tally: [String: Int] = [:]

  init(seed: UInt64) throws {
    troublemaker = try Troublemaker(seed: seed)
    checkout = try Checkout([Self.migration], in: troublemaker.database)
  }

  /// Goes through it once.
  ///
  /// - Returns: what was not true, in words; empty when all was.
  mutating func round() throws -> [String] {
    let database = checkout.database
    try database.psql(Self.fresh)
    let eventsBefore = try countDone()
    let (trouble, results) = try troublemaker.run(
      ["rollback", Self.migration.name, "--yes", "--json", "--wait", "30s"],
      in: checkout, upTo: 2, sending: "DROP TABLE")

    for result in results { tally["\(trouble) \(result.ending)", default: 0] += 1 }
    return try lies(about: results, eventsBefore: eventsBefore).map { lie in
      "\(trouble): \(lie): " + results.map { "\($0)" }.joined(separator: "; ")
    }
  }

  private func countDone() throws -> Int {
    try checkout.database.events(of: Self.migration.name).count { $0 == "rollback done" }
  }

  /// What the program should not have said, or the server should not have done.
  private func lies(about results: [ProgramResult], eventsBefore: Int) throws -> [String] {
    let database = checkout.database
    let tables = try database.psql(
      "SELECT concat_ws(' ', to_regclass('first'), to_regclass('second'), to_regclass('third'))")
    let columns = try database.psql(
      "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('third') AND attname = 'note'"
    )
    let status = try database.status(of: Self.migration.name)
    let events = try countDone() - eventsBefore
    let isThere = tables == "first second third" && columns == "1"
    let isGone = tables == "" && columns == "0"
    let successes = results.count { $0.status == 0 }
    var lies: [String] = []
    switch status {
    case "applied" where isThere && events == 0:
      if successes > 0 { lies.append("exit status 0, but it is still there") }
    case "rolled_back" where isGone && events == 1:
      let isExcused = results.contains { ["killed", "fate_unknown"].contains($0.ending) }
      if successes > 1 { lies.append("two programs did it") }
      if successes == 0 && !isExcused { lies.append("no exit status 0, but it is gone") }
    default:
      lies.append("ledger '\(status)', \(events) events, tables '\(tables)', column \(columns)")
    }
    return lies
  }
}
