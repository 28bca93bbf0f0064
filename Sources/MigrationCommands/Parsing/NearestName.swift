/// Finds what was probably meant by a word that is not known.
package enum NearestName {
  /// The known word nearest to a mistyped one.
  ///
  /// - Parameters:
  ///   - word: what was typed.
  ///   - candidates: the known words.
  /// - Returns: the nearest by edit distance, if about a third of the letters at most differ; else
  ///   the only one that begins with the word; else nil.
  package static func of(_ word: String, among candidates: [String]) -> String? {
    let typed = word.lowercased()
    let near = candidates.map { (candidate: $0, distance: distance(typed, $0)) }
      .min { $0.distance < $1.distance }
    if let near, near.distance <= max(1, min(typed.count, near.candidate.count) / 3) {
      return near.candidate
    }
    let longer = candidates.filter { typed.count > 1 && $0.hasPrefix(typed) }
    return longer.count == 1 ? longer[0] : nil
  }

  /// How many letters must be added, removed, replaced or swapped with their neighbour to turn one
  /// word into another (optimal string alignment).
  ///
  /// - Returns: a number of letters, 0 for equal words.
  package static func distance(_ first: String, _ second: String) -> Int {
    let first = Array(first)
    let second = Array(second)
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for i in first.indices {
      var current = [i + 1]
      for j in second.indices {
        var cost = min(
          previous[j + 1] + 1, current[j] + 1, previous[j] + (first[i] == second[j] ? 0 : 1))
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[second.count]
  }
}
