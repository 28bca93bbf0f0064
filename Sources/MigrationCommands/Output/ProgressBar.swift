/// A line on a terminal that says how far a long piece of work is, drawn again and again in place.
package struct ProgressBar {
  /// When the work began, by the monotonic clock; nil before.
  private var start: Int?
  /// When the line was drawn last.
  private var drawnAt: Int?

  /// What is over sooner needs no bar, in microseconds.
  private static let patience = 500_000
  /// How long a line stays at least, in microseconds.
  private static let interval = 100_000

  /// A bar that is not drawn yet.
  package init() {}

  /// The line for a state of the work.
  ///
  /// - Parameters:
  ///   - done: how many parts are done.
  ///   - total: how many there are.
  ///   - width: the columns of the terminal.
  ///   - usesUTF8: whether blocks can be drawn.
  ///   - now: the monotonic clock, in microseconds.
  /// - Returns: what to write to the terminal; nil while it is too early for another line.
  package mutating func line(
    done: Int, of total: Int, width: Int, usesUTF8: Bool, now: Int
  ) -> String? {
    let start = self.start ?? now
    self.start = start
    guard total > 0, now - start >= Self.patience, now - (drawnAt ?? start) >= Self.interval else {
      return nil
    }
    drawnAt = now
    let counts = " \(100 * done / total) % (\(done) of \(total))"
    let cells = max(0, min(40, width - counts.count - 3))
    let full = cells * done / total
    let (mark, blank) = usesUTF8 ? ("█", "░") : ("#", ".")
    let bar = String(repeating: mark, count: full) + String(repeating: blank, count: cells - full)
    return "\r[\(bar)]\(counts)\u{1B}[K"
  }

  /// What takes the line away again, and ends the work; nil where none is drawn.
  package mutating func erasure() -> String? {
    start = nil
    guard drawnAt != nil else { return nil }
    drawnAt = nil
    return "\r\u{1B}[K"
  }
}
