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
    let threads = min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), items.count / itemsPerThread) - 1
    return Work(items, threads: threads, transform)
  }

  /// Begins one piece of work on a thread of its own while the calling thread does something else.
  ///
  /// - Parameter work: the work.
  /// - Returns: what was begun; its only result is that of `work`.
  package static func begin<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result
  ) -> Work<Int, Result> {
    Work([0], threads: 1) { _ in work() }
  }

  /// Work that goes on in the background.
  package final class Work<Item: Sendable, Result: Sendable> {
    private let errand: Errand<Item, Result>
    private var threads: [pthread_t]

    fileprivate init(
      _ items: [Item], threads count: Int, _ transform: @escaping @Sendable (Item) -> Result
    ) {
      let errand = Errand(items, transform)
      self.errand = errand
      threads = (0..<max(count, 0)).compactMap { _ in start(errand) }
    }

    deinit {
      let taken = errand.stop()
      join()
      errand.discard(taken)
    }

    /// Waits until all is done; the calling thread does its share of what is left.
    ///
    /// - Parameter progress: told on the calling thread, now and then, how many are done.
    /// - Returns: the results, in the order of the items; they are handed over, so that a second call
    ///   gives none.
    package func results(progress: (Int) -> Void = { _ in }) -> [Result] {
      errand.run(progress)
      join()
      return errand.results()
    }

    private func join() {
      for thread in threads { pthread_join(thread, nil) }
      threadCount.subtract(threads.count, ordering: .relaxed)
      threads = []
    }
  }

  /// Whether there are threads that were begun here and not waited for yet.
  package static var hasThreads: Bool { threadCount.load(ordering: .relaxed) > 0 }

  private static let threadCount = Atomic<Int>(0)

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
    if status == 0 {
      threadCount.add(1, ordering: .relaxed)
      return thread
    }
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
    private let slots: Slots<Result>
    private let next = Atomic<Int>(0)

    init(_ items: [Item], _ transform: @escaping @Sendable (Item) -> Result) {
      self.items = items
      self.transform = transform
      slots = Slots(count: items.count)
    }

    /// Takes one item after the other until all are taken.
    override func run(_ progress: (Int) -> Void) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { break }
        progress(index)
        slots.fill(index, with: transform(items[index]))
      }
    }

    /// Lets nobody take another item.
    ///
    /// - Returns: how many were taken up, from the first on. Each is finished before its thread ends.
    func stop() -> Int { next.exchange(items.count, ordering: .relaxed) }

    /// Drops the results of so many items, the first ones.
    func discard(_ taken: Int) { slots.limit(to: taken) }

    /// The results, once; to be asked for when no thread works on them any more.
    func results() -> [Result] { slots.takeAll() }
  }

  /// Room for the results, each put in its place by the thread that made it and moved out at the end:
  /// thousands of results are not worth copying, reference by reference, on one thread.
  ///
  /// Safe where an index is given to one thread alone (`Errand.next`), and the other two methods are
  /// called on the thread that joined all others.
  @safe
  private final class Slots<Result> {
    private let places: UnsafeMutableBufferPointer<Result>
    /// How many are filled when all threads have ended, from the first on.
    private var filled: Int

    init(count: Int) {
      unsafe places = .allocate(capacity: count)
      filled = count
    }

    deinit {
      unsafe places.extracting(..<filled).deinitialize()
      unsafe places.deallocate()
    }

    func fill(_ index: Int, with result: consuming Result) {
      unsafe places.initializeElement(at: index, to: result)
    }

    func limit(to count: Int) { filled = min(filled, count) }

    func takeAll() -> [Result] {
      let count = filled
      filled = 0
      return unsafe [Result](unsafeUninitializedCapacity: count) { results, resultCount in
        resultCount = unsafe results.moveInitialize(fromContentsOf: places.extracting(..<count))
      }
    }
  }
}
