import Platform

/// How wide text is on a terminal.
package enum DisplayWidth {
  /// The display cells of a text without control characters.
  ///
  /// - Returns: one for each ASCII character; for others what Unicode says, two for wide ones.
  package static func of(_ text: String) -> Int {
    Terminal.displayWidth(of: text)
  }

  /// A text shortened in its middle, so that its beginning and its end can still be told.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - width: the display cells there are.
  ///   - ellipsis: what stands for the part left out.
  /// - Returns: the text itself where it fits.
  package static func cut(_ text: String, to width: Int, ellipsis: String) -> String {
    guard of(text) > width else { return text }
    let available = max(0, width - of(ellipsis))
    let tail = fitting(text.reversed(), available / 2).reversed()
    let head = fitting(Array(text), available - of(String(tail)))
    return String(head) + ellipsis + String(tail)
  }

  private static func fitting(_ characters: [Character], _ width: Int) -> ArraySlice<Character> {
    var used = 0
    let end = characters.firstIndex { character in
      used += of(String(character))
      return used > width
    }
    return characters[..<(end ?? characters.endIndex)]
  }
}
