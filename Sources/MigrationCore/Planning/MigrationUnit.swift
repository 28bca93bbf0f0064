internal import SQLParsing

/// A part of a migration that runs statement by statement: as a rule one statement, done as a whole
/// or not at all, and journalled by itself.
struct MigrationUnit: Equatable, Sendable {
  /// How it runs.
  enum Kind: Equatable, Sendable {
    /// In a transaction of its own, together with its row in the journal.
    case transactional
    /// Alone, outside any transaction of ours.
    case lone(LoneStatement)
  }

  /// A setting of the session that was made before it, and holds for it.
  struct Setting: Equatable, Sendable {
    /// What is set, in lower case: `search_path`, `role`.
    var name: String
    /// The statement that sets it, without `;`.
    var sql: String
    /// The line it stands on in the migration's SQL, counted from 1.
    var line: Int

    /// Whether it decides on which objects and with whose rights a statement works: another one
    /// makes the same words another statement.
    var changesMeaning: Bool { name == "search_path" || changesRole }

    /// Whether it decides with whose rights a statement works.
    var changesRole: Bool { name == "role" || name == "session_authorization" }
  }

  /// Its place among the others, counted from 1.
  var number: Int
  /// The line it begins on in the migration's SQL, counted from 1.
  var line: Int
  /// Where it stands in the migration's SQL, in bytes: from its first token to its last, with the
  /// data of a `COPY`; of a `BEGIN; ... COMMIT;` what stands between.
  var range: Range<Int>
  /// Which of the migration's statements it holds, the first being 0.
  var statements: Range<Int>
  /// What is sent: the text of ``range`` behind blanks for what stands before it on its line, so that
  /// columns hold.
  var sql: String
  /// How it runs.
  var kind: Kind
  /// The settings that hold for it, in the order in which they were made, each once.
  var settings: [Setting]
  /// SHA-256 of its tokens and of those settings that change its meaning: comments and white space do
  /// not count.
  var checksum: String
}

extension MigrationUnit {
  /// What it is where it runs alone; nil for one that runs in a transaction.
  var lone: LoneStatement? {
    if case .lone(let statement) = kind { statement } else { nil }
  }

  /// The same unit after the server said that it cannot run in a transaction block (SQLSTATE 25001):
  /// nothing of it was done.
  ///
  /// - Parameter tag: the tag of its statement.
  /// - Returns: one that runs alone; nil where it holds several statements, which cannot.
  func alone(tag: String) -> MigrationUnit? {
    guard statements.count == 1 else { return nil }
    var unit = self
    unit.kind = .lone(LoneStatement(refusedWithTag: tag))
    return unit
  }

  /// Where its own SQL stands, told by where the migration's does.
  ///
  /// - Parameter whole: where the migration's SQL stands.
  /// - Returns: the origin of ``sql``.
  func origin(in whole: SQLOrigin) -> SQLOrigin {
    switch whole {
    case .file(let path, let firstLine, let prefixes):
      .file(
        path: path, firstLine: firstLine + line - 1, prefixes: Array(prefixes.dropFirst(line - 1)))
    case .recorded(let name, let firstLine):
      .recorded(name: name, firstLine: firstLine + line - 1)
    }
  }

  /// Where it begins for a reader.
  ///
  /// - Parameter whole: where the migration's SQL stands.
  /// - Returns: file and line.
  func location(in whole: SQLOrigin) -> ErrorReport.Location {
    var location = whole.location(line: line, column: 1)
    location.column = nil
    return location
  }
}
