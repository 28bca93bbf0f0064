/// Finds the names a mistyped one was probably meant to be.
package enum NearestNames {
  /// The candidates nearest to a name, nearest first.
  ///
  /// A candidate counts when it holds the name, or differs from it in at most a third of its
  /// characters (Damerau's distance: insertions, deletions, replacements, swapped neighbours); when
  /// as many of its words in a row do; or when its version is the one that was typed, but for zeros
  /// in front or a slip.
  ///
  /// - Parameters:
  ///   - name: what was typed.
  ///   - candidates: what there is.
  ///   - limit: how many at most.
  /// - Returns: up to `limit` candidates.
  package static func of(
    _ name: String, among candidates: some Sequence<String>, limit: Int = 3
  ) -> [String] {
    guard !name.isEmpty else { return [] }
    let wanted = Wanted(name)
    var found: [(distance: Int, name: String)] = []
    for candidate in Set(candidates) {
      if let distance = wanted.distance(to: candidate) { found.append((distance, candidate)) }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return found.prefix(limit).map(\.name)
  }

  /// What was typed, taken apart once.
  private struct Wanted {
    private let folded: String
    private let scalars: [Unicode.Scalar]
    private let words: [Substring]
    /// It, where it is a version and no more.
    private let version: MigrationName?

    init(_ name: String) {
      folded = name.lowercased()
      scalars = Array(folded.unicodeScalars.prefix(200))
      words = Self.words(of: folded)
      let name = MigrationName(folded)
      version = name.version == name.text ? name : nil
    }

    /// How far a candidate is from it; nil where that is too far.
    func distance(to candidate: String) -> Int? {
      if let version { return distance(ofVersion: version, to: MigrationName(candidate)) }
      let other = candidate.lowercased()
      // One letter or two stand in nearly every name.
      if scalars.count > 2, other.contains(folded) { return 0 }
      let whole = Array(other.unicodeScalars.prefix(200))
      let allowed = max(2, max(scalars.count, whole.count) / 3)
      if abs(whole.count - scalars.count) <= allowed {
        let distance = editDistance(scalars, whole)
        if distance <= allowed { return distance }
      }
      return distance(toWordsOf: other)
    }

    /// The distance to the nearest words in a row, as many as were typed.
    private func distance(toWordsOf other: String) -> Int? {
      let allowed = scalars.count / 4
      let others = Self.words(of: other)
      guard allowed > 0, !words.isEmpty, words.count <= others.count else { return nil }
      let typed = Array(words.joined(separator: "_").unicodeScalars.prefix(200))
      return (0...others.count - words.count).compactMap { start in
        let run = others[start..<start + words.count].joined(separator: "_").unicodeScalars
        guard abs(run.count - typed.count) <= allowed else { return nil }
        let distance = editDistance(typed, Array(run))
        return distance <= allowed ? distance : nil
      }.min()
    }

    /// Of a version the digits count: one that only holds them somewhere is another.
    private func distance(ofVersion version: MigrationName, to candidate: MigrationName) -> Int? {
      if candidate.version.isEmpty { return nil }
      if !version.isNewer(than: candidate), !candidate.isNewer(than: version) { return 0 }
      guard scalars.count > 3 else { return nil }
      if candidate.version.hasPrefix(folded) { return 1 }
      let others = Array(candidate.version.unicodeScalars.prefix(200))
      guard scalars.count > 7, abs(others.count - scalars.count) < 3 else { return nil }
      let distance = editDistance(scalars, others)
      return distance < 3 ? 1 + distance : nil
    }

    /// The parts of a name between its separators.
    private static func words(of text: String) -> [Substring] {
      text.split { !$0.isLetter && !$0.isNumber }
    }
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
