import Foundation
import TestSupport

/// Rolls one migration back again and again while something goes wrong at a random moment, and
/// compares after each time what the program said with what is there.
struct Torture {
  /// What goes wrong.
  enum Trouble: String, CaseIterable {
    case none, interrupt, terminate, killClient, killBackend, cancelBackend, cut, abandonServer
    case cutAtQuery, cutHalfway, cutAtCommit, abandonAtQuery, crash
  }

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

  private let server: TestServer
  private let checkout: Checkout
  private let proxy: WireProxy
  private var generator: SplitMix

  /// What became of it, counted: `TROUBLE STATUS`.
  private(set) var tally: [String: Int] = [:]

  init(seed: UInt64) throws {
    // What was reported as committed must survive a crash even where the server is set so.
    server = try TestServer.start(settings: ["synchronous_commit=off", "log_min_messages=panic"])
    checkout = try Checkout([Self.migration], in: try ScratchDatabase.create(on: server))
    proxy = try WireProxy(to: server)
    generator = SplitMix(state: seed)
  }

  /// Goes through it once.
  ///
  /// - Returns: what was not true, in words; empty when all was.
  mutating func round() throws -> [String] {
    let database = checkout.database
    try database.psql(Self.fresh)
    let eventsBefore = try countDone()
    // A crash takes long to come back from.
    let pool = Trouble.allCases.filter { $0 != .crash || generator.next(below: 3) == 0 }
    let trouble = pool[generator.next(below: pool.count)]
    let sent = rollbacksSent
    let trap = trap(of: trouble)
    let programs = try (0...generator.next(below: 2)).map { _ in
      try checkout.start(
        ["rollback", Self.migration.name, "--yes", "--json", "--wait", "30s"],
        url: proxy.url(of: database))
    }
    if trap == nil { try disturb(programs, trouble, after: sent) }
    let results = try programs.map { try $0.waitUntilExit() }
    // What is still on its way arrives now, and what is left without a client is let go.
    trap?.release()
    if trap != nil { Thread.sleep(forTimeInterval: 0.02) }
    proxy.cut()
    try checkout.waitUntilNothingIsLeft()

    for result in results { tally["\(trouble) \(code(of: result))", default: 0] += 1 }
    return try lies(about: results, eventsBefore: eventsBefore).map { lie in
      "\(trouble): \(lie): " + results.map { "\($0)" }.joined(separator: "; ")
    }
  }

  /// Sets the trap of a trouble that comes at a message.
  private func trap(of trouble: Trouble) -> WireProxy.Trap? {
    switch trouble {
    case .cutAtQuery: proxy.set(.query(containing: "DROP TABLE"), .cut)
    case .cutHalfway: proxy.set(.query(containing: "DROP TABLE"), .cutHalfway)
    case .cutAtCommit: proxy.set(.commandComplete("COMMIT"), .cut)
    case .abandonAtQuery: proxy.set(.query(containing: "DROP TABLE"), .abandon)
    default: nil
    }
  }

  /// Makes any other trouble, at a random moment.
  private mutating func disturb(
    _ programs: [ChildProcess], _ trouble: Trouble, after sent: Int
  ) throws {
    let program = programs[generator.next(below: programs.count)]
    if generator.next(below: 4) > 0 {
      // The SQL itself takes about sixty milliseconds.
      try waitUntil("the rollback was under way") {
        rollbacksSent > sent || !programs.contains { $0.isRunning }
      }
      Thread.sleep(forTimeInterval: Double(generator.next(below: 80)) / 1000)
    } else {
      Thread.sleep(forTimeInterval: Double(generator.next(below: 120)) / 1000)
    }
    switch trouble {
    case .interrupt: program.send(signal: SIGINT)
    case .terminate: program.send(signal: SIGTERM)
    case .killClient: program.send(signal: SIGKILL)
    case .killBackend: try callForBackends("pg_terminate_backend")
    case .cancelBackend: try callForBackends("pg_cancel_backend")
    case .cut: proxy.cut()
    case .abandonServer: proxy.abandonServer()
    case .crash:
      server.stopImmediately()
      try server.restart()
    default: break
    }
  }

  /// How many rollbacks were sent to the server so far.
  private var rollbacksSent: Int { proxy.queries.count { $0.contains("DROP TABLE") } }

  private func callForBackends(_ function: String) throws {
    try checkout.database.psql(
      """
      SELECT \(function)(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'migration-manager'
      """)
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
      let isExcused = results.contains { ["killed", "fate_unknown"].contains(code(of: $0)) }
      if successes > 1 { lies.append("two programs did it") }
      if successes == 0 && !isExcused { lies.append("no exit status 0, but it is gone") }
    default:
      lies.append("ledger '\(status)', \(events) events, tables '\(tables)', column \(columns)")
    }
    return lies
  }

  /// How a program ended: `done`, `killed`, or the code of its error.
  private func code(of result: ProgramResult) -> String {
    if result.signal != nil { return "killed" }
    if result.status == 0 { return "done" }
    return (try? result.errorDocument().code) ?? "no document"
  }
}

/// A generator of random numbers that can be made to repeat itself (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func next(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
