import Glibc
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

  @Test("What is begun goes on, and is whole when it is waited for", arguments: [0, 1, 1_000])
  func begun(count: Int) {
    let work = ConcurrentMap.begin(Array(0..<count)) { -$0 }
    #expect(work.results() == (0..<count).map { -$0 })
  }

  @Test("What is let go of ends early, and no thread outlives it")
  func abandoned() {
    let running = Atomic<Int>(0)
    let calls = Atomic<Int>(0)
    do {
      let work = ConcurrentMap.begin(Array(0..<100_000)) { item in
        running.add(1, ordering: .sequentiallyConsistent)
        defer { running.subtract(1, ordering: .sequentiallyConsistent) }
        calls.add(1, ordering: .relaxed)
        // All of it would take minutes, however slow the machine is.
        usleep(1_000)
        return item
      }
      withExtendedLifetime(work) {}
    }
    #expect(running.load(ordering: .sequentiallyConsistent) == 0)
    #expect(calls.load(ordering: .relaxed) < 100_000)
  }

  @Test("One piece of work goes on beside the calling thread, and is whole when it is waited for")
  func single() {
    let work = ConcurrentMap.begin { [1, 2, 3] }
    #expect(work.results() == [[1, 2, 3]])
    // It was handed over.
    #expect(work.results() == [])
  }

  @Test("Results are freed with the array that they were handed over in, or with the work")
  func freed() {
    let counter = Counter()
    let handedOver = ConcurrentMap.map(Array(0..<1_000)) { _ in Counted(by: counter) }
    #expect(counter.living == 1_000)
    do {
      let abandoned = ConcurrentMap.begin(Array(0..<1_000)) { _ in Counted(by: counter) }
      withExtendedLifetime(abandoned) {}
    }
    #expect(counter.living == 1_000)
    withExtendedLifetime(handedOver) {}
  }
}

/// How many results there are.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var living: Int { count.load(ordering: .sequentiallyConsistent) }

  func add(_ number: Int) { count.add(number, ordering: .sequentiallyConsistent) }
}

/// A result that is counted as long as it lives.
private final class Counted: Sendable {
  private let counter: Counter

  init(by counter: Counter) {
    self.counter = counter
    counter.add(1)
  }

  deinit { counter.add(-1) }
}
