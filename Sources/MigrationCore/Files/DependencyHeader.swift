/// One name after `-- Depends on:` and where it stands.
package struct DeclaredDependency: Hashable, Sendable {
  /// The name, less `.sql`.
  package let name: String
  /// The line it stands on, counted from 1.
  package let line: Int
}

/// Reads the `-- Depends on:` lines of a file's header.
///
/// Accepted, since real files write all of these: `a.sql`, `a`, several on a line parted by commas
/// or blanks, several such lines, a list on the lines below, remarks after a name or in brackets.
package enum DependencyHeader {
  /// The names that a header declares, each once, in their order.
  ///
  /// - Parameter comments: the `--` comments before the first statement: text from the dashes on,
  ///   and line.
  /// - Returns: the names and their lines.
  package static func dependencies(in comments: [(text: String, line: Int)])
    -> [DeclaredDependency]
  {
    var found: [DeclaredDependency] = []
    var previousLine = 0
    /// Whether the list goes on below: it ended in a comma, or began below its keyword.
    var isOpen = false
    var beganBelow = false
    for (text, line) in comments {
      let body = text.drop { $0 == "-" }
      let list: Substring
      if let rest = afterKeyword(body) {
        list = rest
        beganBelow = rest.allSatisfy(\.isWhitespace)
      } else if isOpen, line == previousLine + 1, isContinuation(body) {
        list = body.drop { $0 == "-" || $0 == "*" || $0.isWhitespace }
      } else {
        isOpen = false
        continue
      }
      for name in namesInList(list) where !found.contains(where: { $0.name == name }) {
        found.append(DeclaredDependency(name: name, line: line))
      }
      isOpen = beganBelow || topLevelItems(list).last?.allSatisfy(\.isWhitespace) ?? false
      previousLine = line
    }
    return found
  }

  /// What follows `Depends on:` in any case; nil when the comment does not begin so.
  private static func afterKeyword(_ comment: Substring) -> Substring? {
    // Most comments begin with other letters, which bytes tell; of others than ASCII's, what follows.
    let start = comment.utf8.drop { $0 == UInt8(ascii: " ") }.prefix(7)
    if start.allSatisfy({ (0x21...0x7E).contains($0) }),
      !start.lazy.map({ $0 | 0x20 }).elementsEqual("depends".utf8)
    {
      return nil
    }
    guard let colon = comment.firstIndex(of: ":") else { return nil }
    let words = comment[..<colon].split(whereSeparator: \.isWhitespace)
    guard words.map({ $0.lowercased() }) == ["depends", "on"] else { return nil }
    return comment[comment.index(after: colon)...]
  }

  /// Whether a comment may go on with the list above it: indented by more than a blank, or a bullet.
  private static func isContinuation(_ body: Substring) -> Bool {
    let trimmed = body.drop(while: \.isWhitespace)
    guard !trimmed.isEmpty else { return false }
    return body.hasPrefix("  ") || body.hasPrefix("\t") || trimmed.hasPrefix("- ")
      || trimmed.hasPrefix("* ")
  }

  /// The names in a list; brackets and the words after a name are remarks.
  private static func namesInList(_ list: Substring) -> [String] {
    var names: [String] = []
    for item in topLevelItems(list) {
      let words = item.split(whereSeparator: \.isWhitespace)
      for (index, word) in words.enumerated() {
        let bare = word.trimming { "\"'`,;.".contains($0) }
        let name = MigrationName.withoutSuffix(String(bare))
        // The first word of an item is a name; a later one only when it is unmistakably a file.
        guard !name.isEmpty, index == 0 || bare.hasSuffix(".sql") || looksLikeVersion(name[...])
        else {
          continue
        }
        if ["none", "nothing", "n/a", "-", "and"].contains(name.lowercased()) { continue }
        names.append(name)
      }
    }
    return names
  }

  /// Splits at commas outside brackets, and drops what stands in brackets (an open one to the end).
  private static func topLevelItems(_ list: Substring) -> [String] {
    var items = [""]
    var depth = 0
    for character in list {
      switch character {
      case "(", "[": depth += 1
      case ")", "]": depth = max(0, depth - 1)
      case "," where depth == 0, ";" where depth == 0: items.append("")
      default: if depth == 0 { items[items.count - 1].append(character) }
      }
    }
    return items
  }

  /// Digits and then a separator, as versions begin: at least two before `_`, four before `-`,
  /// which follows numbers in prose too (`30-day`).
  private static func looksLikeVersion(_ word: Substring) -> Bool {
    let digits = word.prefix { $0.isASCII && $0.isNumber }
    switch word.dropFirst(digits.count).first {
    case "_": return digits.count >= 2
    case "-": return digits.count >= 4
    default: return false
    }
  }
}

extension Substring {
  /// The text less the characters at both ends that satisfy a condition.
  fileprivate func trimming(_ isDropped: (Character) -> Bool) -> Substring {
    var rest = drop(while: isDropped)
    while let last = rest.last, isDropped(last) { rest = rest.dropLast() }
    return rest
  }
}
