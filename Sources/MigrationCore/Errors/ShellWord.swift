/// Commands of this program as hints show them: safe to paste, whatever the names in them.
package enum ShellWord {
  /// A command with a word that others chose, such as a migration's name.
  ///
  /// - Parameters:
  ///   - command: what stands before the word: `register`, or `init --operator`.
  ///   - word: the word.
  ///   - option: what stands behind the word: `--cascade`; nil for nothing.
  /// - Returns: `'migration-manager register NAME'`; without the outer quotes where the word needs
  ///   quotes of its own: pasted together they would undo each other.
  package static func command(
    _ command: String, _ word: String, option: String? = nil
  ) -> String {
    let quoted = quoted(word)
    var line = "migration-manager \(command)"
    // Behind "--" nothing is an option; an option's own value stands behind its equals sign.
    if !word.utf8.starts(with: "-".utf8) {
      line += " \(quoted)" + (option.map { " \($0)" } ?? "")
    } else if command.utf8.contains(0x2D) {
      line += "=\(quoted)"
    } else {
      line += (option.map { " \($0)" } ?? "") + " -- \(quoted)"
    }
    return quoted.utf8.elementsEqual(word.utf8) ? "'\(line)'" : line
  }

  /// A command with two such words.
  ///
  /// - Parameters:
  ///   - command: what stands before them.
  ///   - first: the first word.
  ///   - second: the second word.
  /// - Returns: as for one word.
  package static func command(_ command: String, _ first: String, _ second: String) -> String {
    let words = [quoted(first), quoted(second)]
    let joint = words.contains { $0.utf8.starts(with: "-".utf8) } ? " -- " : " "
    let line = "migration-manager \(command)\(joint)\(words.joined(separator: " "))"
    return words == [first, second] ? "'\(line)'" : line
  }

  /// A word as POSIX shells read it back (POSIX.1-2024, Shell Command Language, 2.2 "Quoting").
  ///
  /// - Parameter word: any text.
  /// - Returns: the word itself where no character of it means anything to a shell; else in single
  ///   quotes, or in dollar-single-quotes where it holds control characters, which would not
  ///   survive being shown and pasted.
  package static func quoted(_ word: String) -> String {
    let scalars = word.unicodeScalars
    if !word.isEmpty, scalars.allSatisfy(isPlain) { return word }
    if scalars.contains(where: isControl) {
      return "$'" + scalars.map(escaped).joined() + "'"
    }
    return "'" + scalars.map { $0 == "'" ? #"'\''"# : String($0) }.joined() + "'"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", ":", "@", "+", ",": true
    default: scalar.value >= 0x80 && scalar.properties.isAlphabetic
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// A character between dollar-single-quotes: a control by its bytes, in octal.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    if scalar == "'" || scalar == "\\" { return "\\\(scalar)" }
    guard isControl(scalar) else { return String(scalar) }
    return String(scalar).utf8.map { byte in
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }.joined()
  }
}
