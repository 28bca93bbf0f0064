import MigrationCommands

/// Text for manual pages, in the language of `man(7)`.
package enum Roff {
  /// Text as it reads, whatever characters are in it.
  ///
  /// - Parameter text: one line.
  /// - Returns: the text with all that `roff` would interpret escaped (groff manual, 5.1.7
  ///   "Input Encodings", and `groff_char(7)`): dashes and quotes stay those of ASCII, which can be
  ///   copied, and the line does not begin with a control character.
  package static func text(_ text: String) -> String {
    let escaped = escaped(text)
    return text.hasPrefix(".") ? "\\&" + escaped : escaped
  }

  /// Running text on lines of at most 80 bytes; every sentence begins a line, so that all are set
  /// equally far apart.
  ///
  /// - Parameter words: sentences.
  /// - Returns: lines, each ended.
  package static func lines(_ words: String) -> String {
    var sentences = [""]
    for word in words.split(separator: " ") {
      sentences[sentences.count - 1] += (sentences.last == "" ? "" : " ") + word
      if word.hasSuffix(".") { sentences.append("") }
    }
    return sentences.filter { !$0.isEmpty }
      .flatMap { TextWrapping.lines(of: text($0), width: 78, firstWidth: 78) }
      .map { ($0.hasPrefix(".") ? "\\&" : "") + $0 + "\n" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.map { replacements[$0] ?? String($0) }.joined()
  }

  private static let replacements: [Character: String] = [
    "\\": "\\e", "-": "\\-", "'": "\\(aq", "\"": "\\(dq", "`": "\\(ga", "^": "\\(ha",
    "~": "\\(ti",
  ]

  /// How something is typed: what stands for a value in italics, other words in bold.
  ///
  /// - Parameter usage: such as `list [--limit N] [global options]`.
  /// - Returns: one line, which begins with a word or a bracket as they do.
  package static func synopsis(_ usage: String) -> String {
    var line = ""
    var word = ""
    func isOfWord(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "-" || character == "_"
    }
    func endWord() {
      guard !word.isEmpty else { return }
      let font =
        if ["global", "options", "arguments"].contains(word) {
          "R"
        } else if word.contains(where: \.isLowercase) || word.hasPrefix("-") {
          "B"
        } else {
          "I"
        }
      line += font == "R" ? word : "\\f\(font)\(escaped(word))\\fR"
      word = ""
    }
    for character in usage {
      if isOfWord(character) {
        word.append(character)
      } else {
        endWord()
        line += escaped(String(character))
      }
    }
    endWord()
    return line
  }

  /// A section's heading.
  static func section(_ title: String) -> String { ".SH \(quoted(title))\n" }

  /// A subsection's heading.
  static func subsection(_ title: String) -> String { ".SS \(quoted(title))\n" }

  /// A paragraph.
  static func paragraph(_ words: String) -> String { ".PP\n\(lines(words))" }

  /// A term and the text about it.
  ///
  /// - Parameters:
  ///   - term: one line, escaped already.
  ///   - words: the text.
  /// - Returns: lines, each ended.
  static func item(_ term: String, _ words: String) -> String { ".TP\n\(term)\n\(lines(words))" }

  /// Lines that are shown as they are.
  static func example(_ lines: [String]) -> String {
    ".PP\n.EX\n" + lines.map { text($0) + "\n" }.joined() + ".EE\n"
  }

  private static func quoted(_ words: String) -> String {
    words.contains(" ") ? "\"\(text(words))\"" : text(words)
  }
}
