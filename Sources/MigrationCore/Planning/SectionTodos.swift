internal import SQLParsing

/// The comments in rollback SQL that say that something of it is still to be written, as `template`
/// makes them.
struct SectionTodos {
  /// The offset of the first; nil where there is none.
  private(set) var firstOffset: Int?
  /// What the first says, on one line.
  private(set) var firstWords = ""
  /// How many there are.
  private(set) var count = 0

  /// Finds the comments whose first word is TODO, in any case.
  ///
  /// - Parameter text: the rollback SQL.
  init(in text: SourceText) {
    guard Self.word.mayMatch(text.bytes) else { return }
    var scanner = ScriptScanner(text.bytes)
    // Behind a quote that is left open there are no comments.
    while let token = try? scanner.next() {
      guard token.kind.isComment, let words = Self.words(of: text.text(in: token.range)) else {
        continue
      }
      if firstOffset == nil {
        firstOffset = token.range.lowerBound
        firstWords = words
      }
      count += 1
    }
  }

  /// What to know before the SQL runs; nil where nothing is to be written.
  ///
  /// - Parameters:
  ///   - origin: where the SQL stands.
  ///   - text: the SQL.
  /// - Returns: one line: the place and the words of the first, and how many more there are.
  func warning(from origin: SQLOrigin, in text: SourceText) -> String? {
    guard let firstOffset else { return nil }
    let place = origin.location(line: text.position(atByte: firstOffset).line, column: 1)
    return "\(place.file):\(place.line): the rollback SQL holds a TODO"
      + (firstWords.isEmpty ? "" : ": '\(firstWords)'")
      + (count > 1 ? ", and \(count - 1) more" : "")
  }

  private static let word = WordSearch(["todo"])
  /// How many characters of a comment are shown.
  private static let shownLength = 100

  /// The first line behind the word TODO; nil for any other comment.
  private static func words(of comment: String) -> String? {
    let isBlock = comment.hasPrefix("/*")
    var rest = Substring(isBlock ? String(comment.dropFirst(2).dropLast(2)) : comment)
      .drop { $0.isWhitespace || $0 == (isBlock ? "*" : "-") }
    guard rest.prefix(4).uppercased() == "TODO" else { return nil }
    rest = rest.dropFirst(4)
    if let next = rest.first, next.isLetter || next.isNumber || next == "_" { return nil }
    if rest.first == ":" { rest.removeFirst() }
    rest = rest.drop { $0.isWhitespace && !$0.isNewline }
    var line = rest.prefix { !$0.isNewline }
    while let last = line.last, last.isWhitespace { line.removeLast() }
    return line.count > shownLength ? line.prefix(shownLength) + "..." : String(line)
  }
}
