package import SQLParsing

/// Rollback SQL suggested for a migration, from the text of its up SQL alone.
///
/// Every statement of the file is undone by a step, is named in a TODO, or needs nothing: it changes
/// nothing that stays, or what it changes goes with an object that another step drops.
package struct RollbackTemplate: Equatable, Sendable {
  /// What stands on a line of the section, or on some.
  package enum Step: Equatable, Sendable {
    /// A statement without its `;`, and what to know of it.
    case sql(String, remark: String?)
    /// What the author must write.
    case todo(TemplateTodo)
  }

  /// In the order in which they run: the last statement of the file is undone first.
  package let steps: [Step]

  /// Suggests the undo of a script.
  ///
  /// - Parameters:
  ///   - up: the parsed up SQL, its needs found.
  ///   - text: the text that was parsed.
  ///   - earlier: what the migrations before it define, where that is known.
  package init(up: ParsedSQL, text: SourceText, earlier: EarlierMigrations = EarlierMigrations()) {
    var reader = TemplateReader(up: up, text: text, earlier: earlier)
    steps = reader.read()
  }

  /// What the author must write, in the order of the file.
  package var todos: [TemplateTodo] {
    steps.reversed().compactMap { if case .todo(let todo) = $0 { todo } else { nil } }
  }

  /// The lines between the markers.
  package var body: [String] {
    steps.isEmpty
      ? ["-- TODO: nothing in this file needs to be undone, as far as its text tells"]
      : runs.flatMap(lines)
  }

  /// The steps, those TODOs together that follow each other and differ in their lines alone.
  private var runs: [[Step]] {
    var runs: [[Step]] = []
    for step in steps {
      if case .todo(let todo) = step, case .todo(let last)? = runs.last?.last, todo.isLike(last) {
        runs[runs.count - 1].append(step)
      } else {
        runs.append([step])
      }
    }
    return runs
  }

  /// Steps as text; every line that is no SQL is a `--` comment.
  private func lines(of run: [Step]) -> [String] {
    switch run.first {
    case nil:
      return []
    case .sql(let sql, let remark):
      return ["\(sql);" + (remark.map { "  -- \($0.onOneLine)" } ?? "")]
    case .todo(let todo):
      let places = run.reversed().compactMap { step -> String? in
        if case .todo(let todo) = step { String(todo.line) } else { nil }
      }
      let shown = places.count > 6 ? places.prefix(5) : places[...]
      let more = places.count > shown.count ? " and \(places.count - shown.count) more" : ""
      let place = (places.count == 1 ? "line " : "lines ") + shown.joined(separator: ", ") + more
      let first = "-- TODO: \(todo.statement) (\(place)): \(todo.reason)"
      return [first.onOneLine] + (todo.suggestion.map { ["--   \($0)".onOneLine] } ?? [])
    }
  }

  /// The rollback SQL as it will be read back from the section; nil where there are only TODOs.
  package var rollbackSQL: String? {
    let hasSQL = steps.contains { if case .sql = $0 { true } else { false } }
    return hasSQL ? body.joined(separator: "\n") : nil
  }

  /// The lines of a file that holds only the rollback SQL; each ends in `\n`.
  package var script: String { body.map { $0 + "\n" }.joined() }

  /// The section, ready to stand in a migration file.
  ///
  /// - Parameter isCommented: whether to hide it from runners that execute the whole file.
  /// - Returns: lines that end in `\n`.
  package func section(isCommented: Bool) -> String {
    let lines =
      isCommented
      ? body.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        .map { "-- \($0)" } : body
    return (["-- ROLLBACK START"] + lines + ["-- ROLLBACK END"]).map { $0 + "\n" }.joined()
  }
}

/// A statement that cannot be undone from the text alone.
package struct TemplateTodo: Equatable, Sendable {
  /// The line of the file on which the statement begins, counted from 1.
  package let line: Int
  /// The statement: its command and what it names, such as `DROP TABLE orders`.
  package let statement: String
  /// Why its undo cannot be told, in one line.
  package let reason: String
  /// What may be the undo, and when.
  package let suggestion: String?
}

extension TemplateTodo {
  /// Whether it says the same of another statement.
  fileprivate func isLike(_ other: TemplateTodo) -> Bool {
    statement == other.statement && reason == other.reason && suggestion == other.suggestion
  }
}

extension String {
  /// The text without line ends and other control characters, which would end a comment.
  fileprivate var onOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
