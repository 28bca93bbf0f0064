import Glibc

/// Time that only goes forward, for durations and waiting.
package enum MonotonicClock {
  /// Microseconds since some fixed point; only differences mean anything.
  package static var nowMicroseconds: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }

  /// Waits, the whole time even if signals arrive.
  ///
  /// - Parameter milliseconds: how long; nothing happens for 0 or less.
  package static func sleep(milliseconds: Int) {
    guard milliseconds > 0 else { return }
    let end = nowMicroseconds + milliseconds * 1000
    var deadline = timespec(tv_sec: end / 1_000_000, tv_nsec: end % 1_000_000 * 1000)
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nil) == EINTR {}
  }
}
