/// A `url` of the configuration file: a connection string, or the name of a variable that holds one.
package enum ConfiguredURL: Equatable, Sendable {
  /// The connection string itself.
  case literal(String)
  /// `$NAME` or `${NAME}`: the variable that holds it.
  case variable(String)

  /// Tells the two apart.
  ///
  /// - Parameter text: the value in the file; nil is made of one where a variable is named, but not
  ///   as the whole value.
  package init?(_ text: String) {
    if text.hasPrefix("$") {
      var name = text.dropFirst()
      if name.hasPrefix("{"), name.hasSuffix("}") { name = name.dropFirst().dropLast() }
      guard Self.isName(name) else { return nil }
      self = .variable(String(name))
    } else if text.contains("${") {
      return nil
    } else {
      self = .literal(text)
    }
  }

  /// The variable that is named; nil for a connection string.
  package var variable: String? {
    if case .variable(let name) = self { name } else { nil }
  }

  /// Whether it is a connection string with a `$` before a capital letter or `_`, which looks like a
  /// variable's name within it and is taken as it stands.
  package var seemsToNameVariable: Bool {
    guard case .literal(let text) = self else { return false }
    return zip(text.unicodeScalars, text.unicodeScalars.dropFirst()).contains { sign, next in
      sign == "$" && (next == "_" || ("A"..."Z").contains(next))
    }
  }

  /// Whether a text can be a variable's name (POSIX.1-2017, 8.1 "Environment Variable Definition").
  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy {
      $0 == "_" || ("A"..."Z").contains($0) || ("a"..."z").contains($0) || ("0"..."9").contains($0)
    }
  }
}
