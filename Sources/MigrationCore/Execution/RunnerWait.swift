internal import Platform

/// Waits for another runner, without a transaction and so without holding anyone up.
struct RunnerWait {
  private let seconds: Int
  private var deadline: Int
  private var holder: LockHolder?
  private let observe: (SessionEvent) -> Void
  private var isAnnounced = false
  private var interval = 50

  /// Prepares to wait.
  ///
  /// - Parameters:
  ///   - seconds: how long for one transaction of another runner.
  ///   - observe: told once who is waited for.
  init(seconds: Int, observe: @escaping (SessionEvent) -> Void) {
    self.seconds = seconds
    deadline = MonotonicClock.nowMicroseconds + seconds * 1_000_000
    self.observe = observe
  }

  /// Waits a little before the lock is tried again.
  ///
  /// As long as the holder's transaction is another one each time, the others get on, and so does
  /// the waiting.
  ///
  /// - Parameters:
  ///   - report: why it was not got; names the holder.
  ///   - holder: who holds it; nil where that is not known.
  /// - Throws: `report` when the time is up; ``ErrorReport`` of code `interrupted` on a signal.
  mutating func waitForTurn(_ report: ErrorReport, holder: LockHolder?) throws {
    if let holder, let last = self.holder, !holder.isSameTransaction(as: last) {
      deadline = MonotonicClock.nowMicroseconds + seconds * 1_000_000
    }
    self.holder = holder ?? self.holder
    guard MonotonicClock.nowMicroseconds < deadline else { throw report }
    if !isAnnounced {
      isAnnounced = true
      observe(.note("waiting for another runner: " + report.details.joined(separator: ", ")))
    }
    try Self.pause(milliseconds: interval)
    interval = min(interval * 2, 500)
  }

  /// Sleeps in small steps, so that a signal ends it.
  static func pause(milliseconds: Int) throws {
    let end = MonotonicClock.nowMicroseconds + milliseconds * 1_000
    while true {
      if let signal = Interrupts.pending { throw ErrorReport(interruptedBy: signal) }
      let left = (end - MonotonicClock.nowMicroseconds) / 1_000
      guard left > 0 else { return }
      MonotonicClock.sleep(milliseconds: min(left, 50))
    }
  }
}
