import Foundation
import TestSupport

/// Applies several migrations, or rolls them back one by one, again and again while something goes
/// wrong at a random moment, and compares after each time what the program said with what is there.
struct RunTorture: Ordeal {
  private static let count = 6
  private static let names = (1...count).map { "2025010\($0)_step" }

  private let checkout: Checkout
  private var troublemaker: Troublemaker
  /// Whether the next run goes forward.
  private var isForward = true
  private var appliedBefore: [String] = []

  /// What became of it, counted: `COMMAND TROUBLE ENDING`.
  private(set) var tally: [String: Int] = [:]

  init(seed: UInt64) throws {
    troublemaker = try Troublemaker(seed: seed)
    checkout = try Checkout(in: troublemaker.database)
    for (index, name) in Self.names.enumerated() {
      let migration = SampleMigration(
        name: name,
        up: """
          CREATE TABLE first_\(index) (id int PRIMARY KEY);
          SELECT pg_sleep(0.01);
          CREATE TABLE second_\(index) (id int REFERENCES first_\(index));
          """,
        rollback: """
          DROP TABLE second_\(index);
          SELECT pg_sleep(0.01);
          DROP TABLE first_\(index);
          """)
      try checkout.folder.write(migration.text, to: migration.fileName)
    }
  }

  /// Goes through it once.
  ///
  /// - Returns: what was not true, in words; empty when all was.
  mutating func round() throws -> [String] {
    let command =
      isForward
      ? ["migrate", "--json", "--wait", "30s"]
      : ["rollback", "--all", "--each", "--yes", "--json", "--wait", "30s"]
    let place = troublemaker.choose(below: Self.count)
    let before = try countDone()
    let (trouble, results) = try troublemaker.run(
      command, in: checkout, upTo: 3, sending: "TABLE second_\(place)")
    let lies = try lies(about: results, eventsBefore: before)
    for result in results {
      tally["\(command[0]) \(trouble) \(result.ending)", default: 0] += 1
    }
    // Goes on in the same direction until all is done, at times; the other way, at times.
    let isDone = appliedBefore.count == (isForward ? Self.count : 0)
    if isDone || troublemaker.choose(below: 4) == 0 { isForward.toggle() }
    return lies.map { lie in
      "\(trouble): \(lie): " + results.map { "\($0)" }.joined(separator: "; ")
    }
  }

  /// What the program should not have said, or the server should not have done.
  private mutating func lies(
    about results: [ProgramResult], eventsBefore: Int
  ) throws -> [String] {
    let database = checkout.database
    let applied = try list(
      """
      SELECT migration_name FROM migration_history WHERE status = 'applied'
      ORDER BY (metadata ->> 'sequence')::numeric
      """)
    let others = try database.psql(
      "SELECT count(*) FROM migration_history WHERE status NOT IN ('applied', 'rolled_back')")
    let tables = try list(
      """
      SELECT relname FROM pg_class
      WHERE relkind = 'r' AND relname ~ '^(first|second)_' ORDER BY relname
      """)
    let events = try countDone() - eventsBefore
    let changes = Set(applied).symmetricDifference(appliedBefore)
    var lies: [String] = []
    let indices = applied.compactMap { Self.names.firstIndex(of: $0) }
    if applied != Array(Self.names.prefix(applied.count)) {
      lies.append("not in order: \(applied)")
    }
    if others != "0" { lies.append("\(others) rows have another status") }
    if tables != (indices.map { "first_\($0)" } + indices.map { "second_\($0)" }).sorted() {
      lies.append("ledger \(applied), tables \(tables)")
    }
    if events != changes.count { lies.append("\(events) events of \(changes.count) changes") }
    let goal = isForward ? Self.count : 0
    if results.contains(where: { $0.status == 0 }), applied.count != goal {
      lies.append("exit status 0, but not all is done: \(applied)")
    }
    // Each says what it did itself, unless it cannot.
    let told = results.flatMap { $0.changed }
    if Set(told).count != told.count { lies.append("told twice: \(told)") }
    for name in told where !changes.contains(name) { lies.append("told, but not done: \(name)") }
    let isExcused = results.contains { ["killed", "fate_unknown"].contains($0.ending) }
    if !isExcused, told.count != changes.count {
      lies.append("done, but not told: \(changes.subtracting(told).sorted())")
    }
    appliedBefore = applied
    return lies
  }

  private func list(_ sql: String) throws -> [String] {
    try checkout.database.psql(sql).split(separator: "\n").map(String.init)
  }

  private func countDone() throws -> Int {
    Int(
      try checkout.database.psql(
        """
        SELECT count(*) FROM migration_events
        WHERE operation IN ('migrate', 'rollback') AND outcome IN ('applied', 'done')
        """)) ?? -1
  }
}

extension ProgramResult {
  /// Which migrations it says to have applied or rolled back.
  fileprivate var changed: [String] {
    struct Outcomes: Decodable {
      struct Migration: Decodable {
        var name: String
        var outcome: String
      }
      var migrations: [Migration]?
    }
    let migrations = (try? document(Outcomes.self))?.migrations ?? []
    return migrations.filter { ["applied", "rolled_back"].contains($0.outcome) }.map(\.name)
  }
}
