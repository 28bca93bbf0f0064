/// The symbols of the output, or their ASCII forms where the locale is not UTF-8.
package struct Symbols: Equatable, Sendable {
  /// What stands before a line, and says what kind of line it is.
  package enum Icon: String, Sendable {
    /// A list follows.
    case list = "📋"
    /// Something is looked at.
    case search = "🔍"
    /// Something is recorded.
    case record = "📝"
    /// Something is brought up to date.
    case refresh = "🔄"
    /// Something to be careful about.
    case warning = "⚠️"
    /// What to do next.
    case hint = "💡"
  }

  /// Whether the locale is UTF-8.
  package let usesUTF8: Bool

  /// The symbols for a locale.
  package init(usesUTF8: Bool) { self.usesUTF8 = usesUTF8 }

  /// What a horizontal rule is made of.
  package var rule: String { usesUTF8 ? "─" : "-" }

  /// What stands for a part left out.
  package var ellipsis: String { usesUTF8 ? "…" : "..." }

  /// Yes or no, standing alone.
  package func mark(_ isYes: Bool) -> String {
    switch (usesUTF8, isYes) {
    case (true, true): "✅"
    case (true, false): "❌"
    case (false, true): "yes"
    case (false, false): "no"
    }
  }

  /// Yes or no before words that say it too; in ASCII the words alone.
  package func mark(_ isYes: Bool, _ words: String) -> String {
    usesUTF8 ? "\(mark(isYes)) \(words)" : words
  }

  /// An icon with the blank after it; in ASCII `! ` for a warning, `hint: ` for a hint, and
  /// nothing for the others.
  package func prefix(_ icon: Icon) -> String {
    if usesUTF8 { return icon.rawValue + " " }
    return switch icon {
    case .warning: "! "
    case .hint: "hint: "
    case .list, .search, .record, .refresh: ""
    }
  }
}
