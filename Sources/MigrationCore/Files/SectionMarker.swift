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

  /// What follows `ROLLBACK START` on its line.
  ///
  /// - Parameter comment: such a marker, from its two dashes to the end of its line.
  /// - Returns: all of it, blanks too.
  static func words(behindStartIn comment: String) -> Substring {
    var rest = Substring(comment).dropFirst(2).drop(while: \.isBlank)
    guard rest.dropKeyword("ROLLBACK") else { return "" }
    rest = rest.drop(while: \.isBlank)
    return rest.dropKeyword("START") ? rest : ""
  }

  /// Whether a comment can be a marker or a near miss: a cheap look at its first word.
  ///
  /// - Parameter bytes: the comment.
  /// - Returns: false when it begins like neither.
  static func mayStand(in bytes: ArraySlice<UInt8>) -> Bool {
    var start = bytes.startIndex
    while start < bytes.endIndex {
      // What is not ASCII may be a letter or a dash: the careful look will tell.
      if bytes[start] >= 0x80 { return true }
      let end = bytes[start...].firstIndex { !isWordByte($0) } ?? bytes.endIndex
      let word = bytes[start..<end]
      if word.contains(where: { $0 >= UInt8(ascii: "A") }) {
        if firstWords.contains(where: { begins(word, with: $0) }) { return true }
        // `-- Migration: NAME` stands in most files: only with one of two words behind it is it like
        // a marker.
        return toolNames.contains { begins(word, with: $0) }
          && bytes[end...].indices.contains { place in
            undoWords.contains { begins(bytes[place...], with: $0) }
          }
      }
      start = max(end, start + 1)
    }
    return false
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte | 0x20 {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte >= UInt8(ascii: "A")
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte >= UInt8(ascii: "0")
    default: false
    }
  }

  /// How the first word of a marker or near miss begins, misspelt or not.
  private static let firstWords = [
    "rollb", "rolb", "rolla", "start", "begin", "end", "stop", "finish", "section", "down", "undo",
  ].map { Array($0.utf8) }
  /// The tools whose name stands before a marker of theirs, see ``isNearMiss(_:)``, and what follows.
  private static let toolNames = ["goose", "migrat"].map { Array($0.utf8) }
  private static let undoWords = ["down", "rollback"].map { Array($0.utf8) }

  private static func begins(_ bytes: ArraySlice<UInt8>, with lowered: [UInt8]) -> Bool {
    bytes.lazy.map { $0 | 0x20 }.starts(with: lowered)
  }

  /// Whether a comment looks like a marker of this or another tool.
  ///
  /// That is: a frame of punctuation around `ROLLBACK` and one of START, BEGIN, END, STOP and the
  /// like in either order; `ROLLBACK` alone or with a colon; `DOWN` alone or after the name of a
  /// tool that writes it so (`+goose Down`, `migrate:down`, `+migrate Down`); up to three words
  /// that are a marker but for a typing error or two.
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
    if (1...3).contains(named.count), isMisspelt(named.joined()) { return true }
    if named == ["ROLLBACK"] || named == ["DOWN"] || named == ["UNDO"] { return true }
    if let first = named.first, ["ROLLBACK", "DOWN", "UNDO"].contains(first) {
      let tail = text.drop { !$0.isLetter }.dropFirst(first.count).drop(while: \.isBlank)
      if tail.hasPrefix(":") { return true }
    }
    return named.count == 2 && ["GOOSE", "MIGRATE", "MIGRATION"].contains(named[0])
      && ["DOWN", "ROLLBACK"].contains(named[1])
  }

  /// Whether letters are those of a marker but for one or two typing errors.
  private static func isMisspelt(_ letters: String) -> Bool {
    ["ROLLBACKSTART", "ROLLBACKBEGIN", "ROLLBACKEND"].contains { marker in
      NearestNames.editDistance(Array(letters.unicodeScalars), Array(marker.unicodeScalars)) <= 2
    }
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
