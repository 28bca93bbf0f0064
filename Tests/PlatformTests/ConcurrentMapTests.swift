import Platform
import Synchronization
import Testing

@Suite("Work on many items at once")
struct ConcurrentMapTests {
  @Test("Results stand in the order of their items", arguments: [0, 1, 40, 1_000])
  func order(count: Int) {
    let calls = Atomic<Int>(0)
    var told: [Int] = []
    let results = ConcurrentMap.map(Array(0..<count), progress: { told.append($0) }) { item in
      calls.add(1, ordering: .relaxed)
      // Uneven work: later items would overtake.
      return (0..<(item % 7 == 0 ? 5_000 : 5)).reduce(item) { sum, _ in sum }
    }
    #expect(results == Array(0..<count))
    #expect(calls.load(ordering: .relaxed) == count)
    #expect(told == told.sorted())
    #expect(told.allSatisfy { (0..<max(count, 1)).contains($0) })
  }
}
