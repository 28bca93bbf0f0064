/// Text as people get to see it: what would command a terminal is written out.
///
/// Names, SQL and messages come from files and from databases that others write to. An escape
/// sequence in them could hide a part of the SQL that is being confirmed, a bidirectional control
/// show it in another order than it runs.
package enum VisibleText {
  /// Writes out what a terminal would obey.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - onOneLine: whether line ends and tabs are written out too, as in the cell of a table.
  /// - Returns: the text, with `\x1B` for a control character of ASCII and `\u{202E}` for one of
  ///   those beyond it or a bidirectional control (Unicode Standard Annex 9). Line ends, CR LF
  ///   among them, and tabs stay.
  package static func of(_ text: String, onOneLine: Bool = false) -> String {
    guard text.utf8.contains(where: { mayBegin($0, onOneLine) }) else { return text }
    var shown = ""
    var isReturnOpen = false
    for scalar in text.unicodeScalars {
      if isReturnOpen {
        shown += scalar == "\n" ? "\r" : written("\r")
        isReturnOpen = false
      }
      if scalar == "\r", !onOneLine {
        isReturnOpen = true
      } else if isObeyed(scalar) || onOneLine && scalar.value < 0x20 {
        shown += written(scalar)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return isReturnOpen ? shown + written("\r") : shown
  }

  /// What is written out of a text.
  ///
  /// - Parameter text: any text.
  /// - Returns: each character that terminals obey once, in the order of their first places, as
  ///   ``of(_:onOneLine:)`` writes it.
  package static func writtenOut(of text: String) -> [String] {
    guard text.utf8.contains(where: { mayBegin($0, false) }) else { return [] }
    var found: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    func add(_ scalar: Unicode.Scalar) {
      if !found.contains(scalar) { found.append(scalar) }
    }
    for scalar in text.unicodeScalars {
      if previous == "\r", scalar != "\n" { add("\r") }
      if scalar != "\r", isObeyed(scalar) { add(scalar) }
      previous = scalar
    }
    if previous == "\r" { add("\r") }
    return found.map(written)
  }

  private static func written(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    if scalar.value >= 0x80 { return "\\u{\(digits)}" }
    return "\\x" + (digits.count < 2 ? "0" : "") + digits
  }

  /// Whether a terminal does something else with a character than show it or end a line.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Whether a byte can be the first of such a character: most texts are passed by this alone.
  private static func mayBegin(_ byte: UInt8, _ onOneLine: Bool) -> Bool {
    switch byte {
    case 0x09, 0x0A: onOneLine
    case 0..<0x20, 0x7F, 0xC2, 0xD8, 0xE2: true
    default: false
    }
  }
}
