import Foundation
import TestSupport

/// What is gone through again and again, with trouble of a kind.
protocol Ordeal {
  /// What became of it, counted by what happened.
  var tally: [String: Int] { get }

  /// Goes through it once.
  ///
  /// - Returns: what was not true, in words; empty when all was.
  mutating func round() throws -> [String]
}

/// Runs the program on a server of its own while something goes wrong at a random moment.
struct Troublemaker {
  /// What goes wrong.
  enum Trouble: String, CaseIterable {
    case none, interrupt, terminate, killClient, killBackend, cancelBackend, cut, abandonServer
    case cutAtQuery, cutHalfway, cutAtCommit, abandonAtQuery, crash
  }

  /// Where the program works.
  let database: ScratchDatabase
  private let server: TestServer
  private let proxy: WireProxy
  private var generator: SplitMix

  /// Starts a server.
  ///
  /// - Parameter seed: decides what goes wrong, and when.
  /// - Throws: what a test server throws that does not start.
  init(seed: UInt64) throws {
    // What was reported as committed must survive a crash even where the server is set so.
    server = try TestServer.start(settings: ["synchronous_commit=off", "log_min_messages=panic"])
    database = try ScratchDatabase.create(on: server)
    proxy = try WireProxy(to: server)
    generator = SplitMix(state: seed)
  }

  /// A number from 0 on, below `bound`.
  mutating func choose(below bound: Int) -> Int { generator.next(below: bound) }

  /// Runs programs to their end, with some trouble, and waits until nothing of them is left.
  ///
  /// - Parameters:
  ///   - arguments: the command line of each.
  ///   - checkout: where they run.
  ///   - most: how many there are at most.
  ///   - text: stands in the query strings that matter.
  /// - Returns: what went wrong, and how they ended.
  /// - Throws: ``TestSupportError`` when one cannot be started or takes too long.
  mutating func run(
    _ arguments: [String], in checkout: Checkout, upTo most: Int, sending text: String
  ) throws -> (trouble: Trouble, results: [ProgramResult]) {
    // A crash takes long to come back from.
    let pool = Trouble.allCases.filter { $0 != .crash || generator.next(below: 3) == 0 }
    let trouble = pool[generator.next(below: pool.count)]
    let sent = countQueries(with: text)
    let trap = trap(of: trouble, at: text)
    let programs = try (0...generator.next(below: most)).map { _ in
      try checkout.start(arguments, url: proxy.url(of: database))
    }
    if trap == nil {
      try disturb(programs, trouble) { [proxy] in
        proxy.queries.count { $0.contains(text) } > sent
      }
    }
    let results = try programs.map { try $0.waitUntilExit() }
    // What is still on its way arrives now, and what is left without a client is let go.
    trap?.release()
    if trap != nil { Thread.sleep(forTimeInterval: 0.02) }
    proxy.cut()
    try checkout.waitUntilNothingIsLeft()
    return (trouble, results)
  }

  private func countQueries(with text: String) -> Int {
    proxy.queries.count { $0.contains(text) }
  }

  /// Sets the trap of a trouble that comes at a message.
  private func trap(of trouble: Trouble, at text: String) -> WireProxy.Trap? {
    switch trouble {
    case .cutAtQuery: proxy.set(.query(containing: text), .cut)
    case .cutHalfway: proxy.set(.query(containing: text), .cutHalfway)
    case .cutAtCommit: proxy.set(.commandComplete("COMMIT"), .cut)
    case .abandonAtQuery: proxy.set(.query(containing: text), .abandon)
    default: nil
    }
  }

  /// Makes any other trouble, at a random moment.
  private mutating func disturb(
    _ programs: [ChildProcess], _ trouble: Trouble, onceSent isSent: () -> Bool
  ) throws {
    let program = programs[generator.next(below: programs.count)]
    if generator.next(below: 4) > 0 {
      // The SQL itself takes about sixty milliseconds.
      try waitUntil("the program was under way") {
        isSent() || !programs.contains { $0.isRunning }
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

  private func callForBackends(_ function: String) throws {
    try database.psql(
      """
      SELECT \(function)(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'migration-manager'
      """)
  }
}

extension ProgramResult {
  /// How a program that was given `--json` ended: `done`, `killed`, or the code of its error, which
  /// may be that of a migration.
  var ending: String {
    if signal != nil { return "killed" }
    if status == 0 { return "done" }
    struct Document: Decodable {
      struct Failure: Decodable { var code: String }
      struct Migration: Decodable { var error: Failure? }
      var error: Failure?
      var migrations: [Migration]?
    }
    let document = try? document(Document.self)
    let error = document?.error ?? document?.migrations?.compactMap(\.error).first
    return error?.code ?? "no document"
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
