import Foundation

extension Duration {
  /// This duration in whole milliseconds, as `poll` takes it.
  var milliseconds: Int32 {
    Int32(clamping: components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
  }

  /// The time this far ahead.
  var fromNow: Date { Date(timeIntervalSinceNow: Double(milliseconds) / 1000) }
}

/// Asks again and again until `condition` holds: for what another process does and does not announce.
///
/// - Throws: ``TestSupportError`` naming `what` if `deadline` passes first, and what `condition` throws.
package func waitUntil(
  _ what: String, deadline: Duration = .seconds(60), _ condition: () throws -> Bool
) throws {
  let limit = deadline.fromNow
  while try !condition() {
    guard Date() < limit else { throw TestSupportError("waited in vain until \(what)") }
    Thread.sleep(forTimeInterval: 0.01)
  }
}
