import Foundation
import Testing
import TestSupport

/// Whatever dies, ledger and schema agree, and the program told the truth.
///
/// `TORTURE_SECONDS` makes each longer than 8 seconds; `TORTURE_SEED` repeats the choices of a run,
/// though not its timing.
@Suite struct TortureTests {
  private let environment = ProcessInfo.processInfo.environment

  /// Goes through rounds until the time is up.
  private func torture(
    _ begin: (_ seed: UInt64) throws -> any Ordeal
  ) throws {
    let seconds = environment["TORTURE_SECONDS"].flatMap(Double.init) ?? 8
    let seed = environment["TORTURE_SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
    var ordeal = try begin(seed)
    let end = Date(timeIntervalSinceNow: seconds)
    var rounds = 0
    while Date() < end {
      let lies = try ordeal.round()
      rounds += 1
      #expect(lies == [], "round \(rounds), TORTURE_SEED=\(seed)")
    }
    if environment["TORTURE_SECONDS"] != nil {
      print("\(rounds) rounds, seed \(seed)")
      for (what, count) in ordeal.tally.sorted(by: { $0.key < $1.key }) { print(what, count) }
    }
    #expect(rounds > 0)
  }

  @Test func aRollbackIsWholeOrNotAtAll() throws {
    try torture { seed in try Torture(seed: seed) }
  }

  @Test func migrateAndRollbackOneByOneGoOnWhereTheyWereStopped() throws {
    try torture { seed in try RunTorture(seed: seed) }
  }
}
