import Foundation
import Testing
import TestSupport

/// Whatever dies, ledger and schema agree, and the exit status told the truth.
///
/// `TORTURE_SECONDS` makes it longer than 20 seconds; `TORTURE_SEED` repeats the choices of a run,
/// though not its timing.
@Suite struct TortureTests {
  @Test func nothingIsLostAndNothingIsUntrue() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["TORTURE_SECONDS"].flatMap(Double.init) ?? 20
    let seed = environment["TORTURE_SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
    var torture = try Torture(seed: seed)
    let end = Date(timeIntervalSinceNow: seconds)
    var rounds = 0
    while Date() < end {
      let lies = try torture.round()
      rounds += 1
      #expect(lies == [], "round \(rounds), TORTURE_SEED=\(seed)")
    }
    if environment["TORTURE_SECONDS"] != nil {
      print("\(rounds) rounds, seed \(seed)")
      for (what, count) in torture.tally.sorted(by: { $0.key < $1.key }) { print(what, count) }
    }
    #expect(rounds > 0)
  }
}
