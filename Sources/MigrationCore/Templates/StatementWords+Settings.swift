internal import SQLParsing

extension StatementWords {
  /// What brings the defaults back of what is set for a function, role, database, view or index: the
  /// words behind its name.
  ///
  /// Nil where there is no such command, as for tables, which may be given more in one statement.
  var settingReset: String? {
    guard let set = tokens.firstIndex(where: { isWord($0, "set") }) else { return nil }
    switch statement.tag {
    case "ALTER VIEW", "ALTER MATERIALIZED VIEW", "ALTER INDEX", "ALTER TABLESPACE":
      let options = options(after: set)
      return options.isEmpty ? nil : "RESET (\(options.joined(separator: ", ")))"
    case "ALTER FUNCTION", "ALTER PROCEDURE", "ALTER ROUTINE", "ALTER ROLE", "ALTER DATABASE":
      return parameter(after: set).map { "\(database(before: set))RESET \($0)" }
    default:
      return nil
    }
  }

  /// The names between parentheses, each less its value; none where there are no parentheses.
  private func options(after set: Int) -> [String] {
    var options: [String] = []
    var depth = 0
    var index = set + 1
    while index < tokens.count {
      let symbol = written(tokens[index])
      if symbol == "(" { depth += 1 }
      if symbol == ")" { depth -= 1 }
      if depth == 0 { break }
      index += 1
      if depth == 1, symbol == "(" || symbol == "," {
        let name = dottedName(from: index)
        options.append(name.text)
        index = name.end
      }
    }
    return options
  }

  /// The name before `=`, `TO` or `FROM CURRENT`; nil for the forms of `SET` that name none.
  private func parameter(after set: Int) -> String? {
    if set + 2 < tokens.count, isWord(tokens[set + 1], "time"), isWord(tokens[set + 2], "zone") {
      return "TIME ZONE"
    }
    let name = dottedName(from: set + 1)
    guard name.end < tokens.count else { return nil }
    let next = tokens[name.end]
    return written(next) == "=" || isWord(next, "to") || isWord(next, "from") ? name.text : nil
  }

  /// `IN DATABASE NAME `, where that stands before; else nothing.
  private func database(before set: Int) -> String {
    guard set >= 3, isWord(tokens[set - 3], "in"), isWord(tokens[set - 2], "database") else {
      return ""
    }
    return "IN DATABASE \(written(tokens[set - 1])) "
  }

  /// A name with its dots, and the place of the token behind it.
  private func dottedName(from start: Int) -> (text: String, end: Int) {
    guard start < tokens.count else { return ("", start) }
    var text = written(tokens[start])
    var index = start + 1
    while index + 1 < tokens.count, written(tokens[index]) == "." {
      text += "." + written(tokens[index + 1])
      index += 2
    }
    return (text, index)
  }
}
