import Glibc
import Synchronization

/// Work on many items that do not depend on each other, on all processors at once.
package enum ConcurrentMap {
  /// Transforms items; the calling thread works too.
  ///
  /// - Parameters:
  ///   - items: what to transform.
  ///   - progress: told on the calling thread, now and then, how many are done.
  ///   - transform: the work on one item, called on several threads.
  /// - Returns: the results, in the order of the items.
  package static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], progress: (Int) -> Void = { _ in },
    _ transform: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    begin(items, transform).results(progress: progress)
  }

  /// Begins to transform items while the calling thread does something else, such as waiting for the
  /// server.
  ///
  /// - Parameters:
  ///   - items: what to transform.
  ///   - transform: the work on one item, called on several threads.
  /// - Returns: the work that was begun. What is not taken up when it is let go of is not done.
  package static func begin<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @escaping @Sendable (Item) -> Result
  ) -> Work<Item, Result> {
    Work(items, transform)
  }

  /// Work that goes on in the background, on all processors but the calling thread's.
  package final class Work<Item: Sendable, Result: Sendable> {
    private let errand: Errand<Item, Result>
    private var threads: [pthread_t]

    fileprivate init(_ items: [Item], _ transform: @escaping @Sendable (Item) -> Result) {
      let errand = Errand(items, transform)
      let count = min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), items.count / itemsPerThread) - 1
      self.errand = errand
      threads = (0..<max(count, 0)).compactMap { _ in start(errand) }
    }

    deinit {
      errand.stop()
      join()
    }

    /// Waits until all is done; the calling thread does its share of what is left.
    ///
    /// - Parameter progress: told on the calling thread, now and then, how many are done.
    /// - Returns: the results, in the order of the items.
    package func results(progress: (Int) -> Void = { _ in }) -> [Result] {
      errand.run(progress)
      join()
      return errand.results()
    }

    private func join() {
      for thread in threads { pthread_join(thread, nil) }
      threads = []
    }
  }

  /// For fewer than this a thread costs more than it saves.
  private static let itemsPerThread = 32

  private static func start(_ errand: AnyErrand) -> pthread_t? {
    let context = unsafe Unmanaged.passRetained(errand)
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<AnyErrand>.fromOpaque(context).takeRetainedValue().run { _ in }
        }
        return nil
      }, context.toOpaque())
    if status == 0 { return thread }
    // Without the thread the others do its share.
    unsafe context.release()
    return nil
  }

  /// What a thread is given: it knows how to run the work, not what comes out.
  private class AnyErrand {
    func run(_ progress: (Int) -> Void) {}
  }

  private final class Errand<Item: Sendable, Result: Sendable>: AnyErrand {
    private let items: [Item]
    private let transform: @Sendable (Item) -> Result
    private let next = Atomic<Int>(0)
    private let finished = Mutex<[(index: Int, result: Result)]>([])

    init(_ items: [Item], _ transform: @escaping @Sendable (Item) -> Result) {
      self.items = items
      self.transform = transform
    }

    /// Takes one item after the other until all are taken.
    override func run(_ progress: (Int) -> Void) {
      var own: [(index: Int, result: Result)] = []
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { break }
        progress(index)
        own.append((index, transform(items[index])))
      }
      finished.withLock { $0 += own }
    }

    /// Lets nobody take another item.
    func stop() { next.store(items.count, ordering: .relaxed) }

    func results() -> [Result] {
      var results: [Result?] = Array(repeating: nil, count: items.count)
      finished.withLock { finished in
        for (index, result) in finished { results[index] = result }
      }
      return results.compactMap(\.self)
    }
  }
}
