/// Breaks text into lines at blanks.
package enum TextWrapping {
  /// Breaks text into lines that fit, as far as its words allow.
  ///
  /// - Parameters:
  ///   - text: words with single blanks between them.
  ///   - width: the display cells of a line.
  ///   - firstWidth: those of the first line, where it differs.
  /// - Returns: at least one line; a word wider than a line stands alone, whole.
  package static func lines(of text: String, width: Int, firstWidth: Int? = nil) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let cells = DisplayWidth.of(String(word))
      let available = lines.isEmpty ? firstWidth ?? width : width
      if !line.isEmpty, used + 1 + cells > available {
        lines.append(line)
        line = String(word)
        used = cells
      } else if line.isEmpty {
        line = String(word)
        used = cells
      } else {
        line += " \(word)"
        used += 1 + cells
      }
    }
    lines.append(line)
    return lines
  }
}
