import MigrationCore

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
    let letters = Array(typed.unicodeScalars)
    let near = candidates.map { candidate in
      (
        candidate: candidate,
        distance: NearestNames.editDistance(letters, Array(candidate.unicodeScalars))
      )
    }.min { left, right in
      // Of two as near, the one that goes on as it was begun.
      (left.distance, left.candidate.hasPrefix(typed) ? 0 : 1)
        < (right.distance, right.candidate.hasPrefix(typed) ? 0 : 1)
    }
    if let near, near.distance <= max(1, min(typed.count, near.candidate.count) / 3) {
      return near.candidate
    }
    let longer = candidates.filter { typed.count > 1 && $0.hasPrefix(typed) }
    return longer.count == 1 ? longer[0] : nil
  }
}
