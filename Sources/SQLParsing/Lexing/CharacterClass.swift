/// The character classes of PostgreSQL's scanner (`scan.l`; manual, chapter 4.1 "Lexical
/// Structure"), on bytes: every byte of a character beyond ASCII counts as a letter.
extension UInt8 {
  /// `[ \t\n\r\f]`, and the vertical tab, which is white space since PostgreSQL 16.
  @inline(__always)
  var isSpace: Bool {
    self == UInt8(ascii: " ") || (self >= UInt8(ascii: "\t") && self <= UInt8(ascii: "\r"))
  }

  /// `[\n\r]`
  @inline(__always)
  var isNewline: Bool {
    self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r")
  }

  /// `[0-9]`
  @inline(__always)
  var isDigit: Bool {
    self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")
  }

  /// `ident_start`, also the first character of a dollar quote's tag.
  @inline(__always)
  var startsIdentifier: Bool {
    let lowercased = self | 0x20
    return (lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z"))
      || self == UInt8(ascii: "_") || self >= 0x80
  }

  /// `dolq_cont`: what a dollar quote's tag goes on with.
  @inline(__always)
  var continuesTag: Bool {
    startsIdentifier || isDigit
  }

  /// `ident_cont`
  @inline(__always)
  var continuesIdentifier: Bool {
    startsIdentifier || isDigit || self == UInt8(ascii: "$")
  }

  /// `op_chars`: what an operator of several characters is made of.
  @inline(__always)
  var isOperatorCharacter: Bool {
    switch self {
    case UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"),
      UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "`"),
      UInt8(ascii: "?"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"),
      UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "="):
      true
    default:
      false
    }
  }

  /// Whether an operator that contains this character may end in `+` or `-`.
  @inline(__always)
  var allowsTrailingSign: Bool {
    switch self {
    case UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"),
      UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "`"),
      UInt8(ascii: "?"), UInt8(ascii: "%"):
      true
    default:
      false
    }
  }
}

extension [UInt8] {
  /// Whether a word spells a key word, in any case.
  ///
  /// - Parameters:
  ///   - keyword: The key word in lower case, ASCII only.
  ///   - range: The word.
  /// - Returns: True if it does.
  func spells(_ keyword: String, at range: Range<Int>) -> Bool {
    guard range.count == keyword.utf8.count else { return false }
    var offset = range.lowerBound
    for letter in keyword.utf8 {
      guard self[offset] | 0x20 == letter else { return false }
      offset += 1
    }
    return true
  }
}
