/// The `.env` file of the working directory: `KEY=VALUE` lines, quotes, `export`, `#` comments.
///
/// Values are taken as written; nothing is interpolated. Lines for other programs are passed over.
package enum DotEnv {
  /// One setting.
  package struct Entry: Equatable, Sendable {
    /// The variable's name.
    package let key: String
    /// Its value, unquoted.
    package let value: String
  }

  /// Whether a variable is ours or libpq's: all others in the file are none of our business.
  package static func isRelevant(_ key: String) -> Bool {
    ["DATABASE_URL", "SUPABASE_DB_URL", "MIGRATIONS_DIR", Configuration.environmentVariable]
      .contains(key)
      || (key.hasPrefix("PG") && key.count > 2 && key.allSatisfy { $0.isUppercase || $0.isNumber })
  }

  /// Reads the relevant settings of a file's text.
  ///
  /// - Parameters:
  ///   - text: the file.
  ///   - variable: one more that is relevant: the configuration file names it.
  /// - Returns: the settings in their order; of one that is given twice, the last.
  /// - Throws: ``ErrorReport`` of code `file` for a relevant line with an open quote.
  package static func entries(
    in text: String, with variable: String? = nil
  ) throws(ErrorReport) -> [Entry] {
    var entries: [Entry] = []
    for (index, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      var rest = line.drop(while: \.isWhitespace)
      if rest.hasPrefix("\u{FEFF}") { rest = rest.dropFirst() }
      if rest.hasPrefix("export "),
        let afterExport = rest.dropFirst(7).firstIndex(where: { $0 != " " })
      {
        rest = rest[afterExport...]
      }
      guard let equals = rest.firstIndex(of: "=") else { continue }
      let key = String(rest[..<equals]).trimmed
      guard isRelevant(key) || key == variable else { continue }
      guard let value = unquoted(rest[rest.index(after: equals)...]) else {
        throw ErrorReport(
          .file, "the value of \(key) has an open quote",
          hint: "close the quote",
          location: ErrorReport.Location(file: ".env", line: index + 1))
      }
      entries.removeAll { $0.key == key }
      entries.append(Entry(key: key, value: value))
    }
    return entries
  }

  /// A value without its quotes, or up to a comment; nil when a quote is left open.
  private static func unquoted(_ text: Substring) -> String? {
    let value = text.drop(while: \.isWhitespace)
    guard let quote = value.first, quote == "'" || quote == "\"" else {
      // A `#` begins a comment only after a blank: URLs may hold one.
      var end = value.startIndex
      while end < value.endIndex {
        if value[end] == "#",
          end == value.startIndex || value[value.index(before: end)].isWhitespace
        {
          break
        }
        end = value.index(after: end)
      }
      return String(value[..<end]).trimmed
    }
    var result = ""
    var isEscaped = false
    for character in value.dropFirst() {
      if isEscaped {
        result.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\", quote == "\"" {
        isEscaped = true
      } else if character == quote {
        return result
      } else {
        result.append(character)
      }
    }
    return nil
  }
}

extension String {
  /// The text less the white space at both ends.
  package var trimmed: String {
    var rest = drop(while: \.isWhitespace)
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }

  /// The text less a suffix, if it has it.
  package func droppingLast(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
