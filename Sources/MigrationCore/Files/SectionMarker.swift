/// What a `--` comment that stands alone on its line says about rollbacks.
package enum SectionMarker: Equatable, Sendable {
  /// `-- ROLLBACK START`.
  case start
  /// `-- ROLLBACK END`.
  case end
  /// `-- ROLLBACK IRREVERSIBLE: why`; the words after the colon.
  case irreversible(why: String)
  /// Something that was probably meant as a marker, and is none.
  case nearMiss

  /// Reads the text of a comment.
  ///
  /// Markers take any case and any run of blanks, none too; text after them is ignored. Nil for a
  /// comment that has nothing to do with rollback sections.
  ///
  /// - Parameter comment: the comment from its two dashes to the end of its line.
  package init?(comment: String) {
    var rest = Substring(comment).dropFirst(2).drop(while: \.isBlank)
    let afterDashes = rest
    if rest.dropKeyword("ROLLBACK") {
      rest = rest.drop(while: \.isBlank)
      for (keyword, marker) in [("START", SectionMarker.start), ("END", .end)] {
        if rest.dropWholeWord(keyword) {
          self = marker
          return
        }
      }
      if rest.dropWholeWord("IRREVERSIBLE") {
        let why = rest.drop { $0.isBlank || $0 == ":" || $0 == "-" }
        self = .irreversible(why: String(why.trimmingTrailingBlanks()))
        return
      }
    }
    guard Self.isNearMiss(afterDashes) else { return nil }
    self = .nearMiss
  }

  /// Whether a comment looks like a marker of this or another tool.
  ///
  /// That is: a frame of punctuation around `ROLLBACK` and one of START, BEGIN, END, STOP and the
  /// like in either order; `ROLLBACK` alone or with a colon; `DOWN` alone or after the name of a
  /// tool that writes it so (`+goose Down`, `migrate:down`, `+migrate Down`).
  private static func isNearMiss(_ text: Substring) -> Bool {
    let words = text.uppercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    // A frame such as `-- --8<-- BEGIN ROLLBACK --8<--` leaves digits beside the words.
    let named = words.filter { !$0.allSatisfy(\.isNumber) }
    let bounds: Set<String> = [
      "START", "BEGIN", "END", "STOP", "FINISH", "SECTION", "STARTS", "BEGINS", "ENDS",
    ]
    if named.count <= 5, named.contains("ROLLBACK"), let first = named.first,
      first == "ROLLBACK" || bounds.contains(first), named.contains(where: bounds.contains)
    {
      return true
    }
    if named == ["ROLLBACK"] || named == ["DOWN"] || named == ["UNDO"] { return true }
    if let first = named.first, ["ROLLBACK", "DOWN", "UNDO"].contains(first) {
      let tail = text.drop { !$0.isLetter }.dropFirst(first.count).drop(while: \.isBlank)
      if tail.hasPrefix(":") { return true }
    }
    return named.count == 2 && ["GOOSE", "MIGRATE", "MIGRATION"].contains(named[0])
      && ["DOWN", "ROLLBACK"].contains(named[1])
  }
}

extension Character {
  /// A space or a tab, and the carriage return that CRLF leaves at the end of a line.
  fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\r" }
}

extension Substring {
  /// Drops a keyword in any case from the front; false, and nothing dropped, when it is not there.
  fileprivate mutating func dropKeyword(_ keyword: String) -> Bool {
    guard prefix(keyword.count).uppercased() == keyword else { return false }
    self = dropFirst(keyword.count)
    return true
  }

  /// Drops a keyword that ends there: not followed by a letter, a digit or an underscore.
  fileprivate mutating func dropWholeWord(_ keyword: String) -> Bool {
    var rest = self
    guard rest.dropKeyword(keyword) else { return false }
    if let next = rest.first, next.isLetter || next.isNumber || next == "_" { return false }
    self = rest
    return true
  }

  /// The text less the blanks at its end.
  fileprivate func trimmingTrailingBlanks() -> Substring {
    var rest = self
    while let last = rest.last, last.isBlank { rest = rest.dropLast() }
    return rest
  }
}
