import Foundation
import Testing
import TestSupport

/// Whatever dies, ledger and schema agree, and the program told the truth.
///
/// `TORTURE_SECONDS` makes each longer than 8 seconds, `TORTURE_ROUNDS` has what runs statement by
/// statement gone through more often than 6 times; `TORTURE_SEED` repeats the choices of a run, though not
/// its timing.
@Suite struct TortureTests {
  private let environment = ProcessInfo.processInfo.environment

  /// Goes through rounds until the time is up, or there were so many.
  private func torture(
    rounds most: Int = .max, _ begin: (_ seed: UInt64) throws -> any Ordeal
  ) throws {
    let seconds =
      environment["TORTURE_SECONDS"].flatMap(Double.init) ?? (most == .max ? 8 : 3_600)
    let seed = environment["TORTURE_SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
    var ordeal = try begin(seed)
    let end = Date(timeIntervalSinceNow: seconds)
    var rounds = 0
    while Date() < end, rounds < most {
      let lies = try ordeal.round()
      rounds += 1
      #expect(lies == [], "round \(rounds), TORTURE_SEED=\(seed)")
    }
    if environment["TORTURE_SECONDS"] != nil || environment["TORTURE_ROUNDS"] != nil {
      print("\(rounds) rounds, seed \(seed)")
      for (what, count) in ordeal.tally.sorted(by: { $0.key < $1.key }) { print(what, count) }
    }
    #expect(rounds > 0)
  }

  @Test func aRollbackIsWholeOrNotAtAll() throws {
    try torture { seed in try Torture(seed: seed) }
  }

  @Test func whatRunsStatementByStatementComesToTheRightEnd() throws {
    let standard = environment["TORTURE_SECONDS"] == nil ? 6 : Int.max
    let rounds = environment["TORTURE_ROUNDS"].flatMap(Int.init) ?? standard
    try torture(rounds: rounds) { seed in try StepwiseTorture(seed: seed) }
  }

  @Test func migrateAndRollbackOneByOneGoOnWhereTheyWereStopped() throws {
    try torture { seed in try RunTorture(seed: seed) }
  }
}
