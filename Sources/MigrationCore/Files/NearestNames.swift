/// Finds the names a mistyped one was probably meant to be.
package enum NearestNames {
  /// The candidates nearest to a name, nearest first.
  ///
  /// A candidate counts when it holds the name, or differs from it in at most a third of its
  /// characters (Damerau's distance: insertions, deletions, replacements, swapped neighbours).
  ///
  /// - Parameters:
  ///   - name: what was typed.
  ///   - candidates: what there is.
  ///   - limit: how many at most.
  /// - Returns: up to `limit` candidates.
  package static func of(
    _ name: String, among candidates: some Sequence<String>, limit: Int = 3
  ) -> [String] {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(200))
    guard !wanted.isEmpty else { return [] }
    var found: [(distance: Int, name: String)] = []
    for candidate in Set(candidates) {
      let folded = candidate.lowercased()
      if folded.contains(name.lowercased()) {
        found.append((0, candidate))
        continue
      }
      let scalars = Array(folded.unicodeScalars.prefix(200))
      let allowed = max(2, max(wanted.count, scalars.count) / 3)
      guard abs(scalars.count - wanted.count) <= allowed else { continue }
      let distance = editDistance(wanted, scalars)
      if distance <= allowed { found.append((distance, candidate)) }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return found.prefix(limit).map(\.name)
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two texts.
  package static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      current.reserveCapacity(right.count + 1)
      for column in 1...right.count {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
