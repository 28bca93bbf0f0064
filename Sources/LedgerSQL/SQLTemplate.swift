/// SQL with placeholders, `@name@`, and dollar quotes whose tags begin with `$ledger`.
struct SQLTemplate {
  /// The text with its placeholders.
  let text: String

  /// The text with every placeholder replaced, in one pass.
  ///
  /// What a value holds is never looked at again, so that a schema named `@run@` stays that. A `--`
  /// comment that speaks of a placeholder is left out: a line end in a value would end it. The
  /// tags of the dollar quotes are lengthened until no value holds them: a value could else end
  /// a quote in the middle of a function's body.
  ///
  /// - Parameter values: The replacement for each name, without the `@`. Names that are not there
  ///   are left as they stand: the text may hold a lone `@`.
  /// - Returns: SQL.
  func filled(with values: [String: String]) -> String {
    let tagStart = Self.tagStart
    var tag = tagStart
    while values.values.contains(where: { $0.utf8.contains(tag.utf8) }) { tag += "1" }

    var result = ""
    var rest = text[...]
    while let mark = rest.firstIndex(where: { $0 == "@" || $0 == "$" || $0 == "-" }) {
      result += rest[..<mark]
      rest = rest[mark...]
      if rest.hasPrefix("--") {
        let comment = rest.prefix { !$0.isNewline }
        if !comment.contains("@") { result += comment }
        rest = rest[comment.endIndex...]
      } else if rest.hasPrefix(tagStart) {
        result += tag
        rest = rest.dropFirst(tagStart.count)
      } else if let end = rest.dropFirst().firstIndex(of: "@"), rest.first == "@",
        let value = values[String(rest[rest.index(after: mark)..<end])]
      {
        result += value
        rest = rest[rest.index(after: end)...]
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }

  private static let tagStart = "$ledger"
}
