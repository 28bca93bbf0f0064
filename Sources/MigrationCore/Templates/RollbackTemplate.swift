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
      : steps.flatMap(\.lines)
  }

  /// The rollback SQL as it will be read back from the section; nil where there are only TODOs.
  package var rollbackSQL: String? {
    let hasSQL = steps.contains { if case .sql = $0 { true } else { false } }
    return hasSQL ? body.joined(separator: "\n") : nil
  }

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

extension RollbackTemplate.Step {
  /// The step as text; every line that is no SQL is a `--` comment.
  fileprivate var lines: [String] {
    switch self {
    case .sql(let sql, let remark):
      return ["\(sql);" + (remark.map { "  -- \($0.onOneLine)" } ?? "")]
    case .todo(let todo):
      let first = "-- TODO: \(todo.statement) (line \(todo.line)): \(todo.reason)"
      return [first.onOneLine] + (todo.suggestion.map { ["--   \($0)".onOneLine] } ?? [])
    }
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
