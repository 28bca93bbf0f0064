import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, taken by a thread that waits for them, so that no code ever runs in
/// a signal handler. Those that the process was started to ignore stay ignored.
///
/// - Nothing is protected: the handler given to `install` prints and ends the process.
/// - A write is under way (`protected`): the signal is remembered in `pending`, and the statement
///   that runs on the server is asked to cancel. What then happened is the server's to say.
package enum Interrupts {
  private static let gate = InterruptGate()
  private static let idleHandler = Mutex<(@Sendable (InterruptSignal) -> Void)?>(nil)
  private static let repeatInterval = timespec(tv_sec: 0, tv_nsec: 200_000_000)

  /// Begins to take the signals. To be called once, first thing in `main`: threads that exist
  /// already would still be ended by them.
  ///
  /// - Parameter whenIdle: called on another thread for a signal while nothing is protected; should
  ///   print and end the process by `exitImmediately`. It must use nothing else of `Interrupts`.
  package static func install(whenIdle: @escaping @Sendable (InterruptSignal) -> Void) {
    _ = startThread(whenIdle: whenIdle)
  }

  /// Blocks the signals and starts the thread that takes them.
  ///
  /// - Parameter whenIdle: called for a signal while nothing is protected.
  /// - Returns: the thread; nil if there can be none.
  static func startThread(whenIdle: @escaping @Sendable (InterruptSignal) -> Void) -> pthread_t? {
    idleHandler.withLock { $0 = whenIdle }
    var signals = InterruptSignal.heeded
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)

    var thread = pthread_t()
    guard unsafe pthread_create(&thread, nil, { _ in Interrupts.takeSignals() }, nil) == 0 else {
      // Without the thread nobody would take them: let them end the process as they always did.
      unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      return nil
    }
    pthread_detach(thread)
    return thread
  }

  private static func takeSignals() -> Never {
    var signals = InterruptSignal.heeded
    var interval = repeatInterval
    var shouldRepeat = false
    while true {
      let number =
        unsafe shouldRepeat
        ? sigtimedwait(&signals, nil, &interval) : sigwaitinfo(&signals, nil)
      if let signal = InterruptSignal(number: number) {
        shouldRepeat = gate.receive(signal) { signal, cancel in
          if let cancel { run(cancel, forAtMost: 1000) }
          idleHandler.withLock { $0 }?(signal)
        }
      } else if shouldRepeat {
        shouldRepeat = gate.repeatCancel()
      }
    }
  }

  /// Gives an action a little time: a cancel request to a server that does not answer must not keep
  /// the process from ending.
  private static func run(_ action: @escaping @Sendable () -> Void, forAtMost milliseconds: Int) {
    let task = BackgroundTask(body: action)
    let context = unsafe Unmanaged.passRetained(task).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        let task = unsafe Unmanaged<BackgroundTask>.fromOpaque(context).takeRetainedValue()
        task.body()
        task.isFinished.withLock { $0 = true }
        return nil
      }, context)
    guard status == 0 else {
      unsafe Unmanaged<BackgroundTask>.fromOpaque(context).release()
      return
    }
    pthread_detach(thread)
    let deadline = MonotonicClock.nowMicroseconds + milliseconds * 1000
    while !task.isFinished.withLock({ $0 }), MonotonicClock.nowMicroseconds < deadline {
      MonotonicClock.sleep(milliseconds: 2)
    }
  }

  private final class BackgroundTask: Sendable {
    let body: @Sendable () -> Void
    let isFinished = Mutex(false)

    init(body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  /// Runs work that must not be cut off in the middle, such as a transaction that writes. May be
  /// nested.
  ///
  /// - Parameter body: the work.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  package static func protected<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try gate.protected(body)
  }

  /// Protects all that is still to come, up to the end of the process: the outcome is known, and a
  /// signal that comes while it is printed must not make the exit status say otherwise. Call it
  /// within `protected`, so that no moment lies between.
  package static func settle() {
    gate.settle()
  }

  /// Runs a statement on a server so that a signal cancels it.
  ///
  /// The request is repeated while the statement runs on, and never sent after it has ended.
  ///
  /// - Parameters:
  ///   - action: asks the server to cancel; called on another thread, perhaps several times. It
  ///     must use nothing of `Interrupts`.
  ///   - body: runs the statement.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; `InterruptedError`, without running it, if a signal is pending.
  package static func withCancelAction<Result>(
    _ action: @escaping @Sendable () -> Void, body: () throws -> Result
  ) throws -> Result {
    try gate.withCancelAction(action, body: body)
  }

  /// The first signal that arrived while work was protected; nil if none did.
  package static var pending: InterruptSignal? { gate.pending }
}
