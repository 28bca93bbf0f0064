internal import SQLParsing

/// A migration or a rollback that runs statement by statement: pure data, which ``StepwiseRunner``
/// carries out.
struct StepwiseWork {
  /// The migration.
  var name: String
  /// Which of its texts runs.
  var direction: Direction
  /// The whole text.
  var sql: String
  /// What parsing found in it.
  var inspection: SQLInspection
  /// Its statements, in their order.
  var units: [MigrationUnit]
  /// Where it stands, for positions.
  var origin: SQLOrigin
  /// The search path that it runs under; nil means the connection's.
  var searchPath: String?
  /// SHA-256 of recorded rollback SQL, as it was shown; nil for up SQL.
  var sqlChecksum: String?
  /// Statements that raise where it must not run, sent with the first transaction.
  var guards: [String]
  /// The statement that removes rows of other runners' ledgers; nil where they stay.
  var removal: String?
  /// The statements that record what was done, the last before the last COMMIT.
  var records: [String]
  /// What a person said, and of which statement; nil where nobody was asked.
  var told: (answer: UnseenAnswer, question: UnseenStatement)?

  /// Which statement a unit is, for titles and words.
  ///
  /// - Parameters:
  ///   - number: counted from 1.
  ///   - isFinal: whether the migration is recorded in the same transaction.
  /// - Returns: the position.
  func position(_ number: Int, isFinal: Bool = false) -> StatementPosition {
    StatementPosition(
      migration: name, direction: direction, number: number, count: units.count, isFinal: isFinal)
  }

  /// One unit as a step of a transaction: of the whole text no more is sent, so that every place in it
  /// means what it does in the file.
  func step(_ unit: MigrationUnit) -> TransactionStep {
    let statements = inspection.statements
    let next =
      unit.statements.upperBound < statements.count
      ? statements[unit.statements.upperBound].lowerBound : inspection.text.bytes.count
    var step = TransactionStep(
      name, sql, inspection.restricted(to: unit.range.lowerBound..<next), origin: origin,
      searchPath: searchPath)
    step.settings = unit.settings.map(\.sql)
    return step
  }

  /// What a unit is where it runs alone, also one whose text did not tell that it must.
  func lone(_ unit: MigrationUnit) -> LoneStatement {
    unit.lone
      ?? LoneStatement(
        refusedWithTag: SQLParser.parse(SourceText(unit.sql)).statements.first?.tag ?? "")
  }

  /// What a person said of a statement whose end nobody saw; nil where that was asked of another one, or
  /// of none.
  func answer(about unit: MigrationUnit) -> UnseenAnswer? {
    guard let told, told.question.migration == name, told.question.number == unit.number,
      told.question.checksum == unit.checksum
    else { return nil }
    return told.answer
  }

  /// A unit for people: `line 12: CREATE INDEX ...`.
  func words(for unit: MigrationUnit) -> String {
    "line \(unit.location(in: origin).line)"
      + (inspection.shownStatement(unit.statements.lowerBound).map { ": \($0)" } ?? "")
  }
}

/// What a person says of a statement whose end nobody saw.
public enum UnseenAnswer: String, Sendable, CaseIterable {
  /// It was carried out: the next one is next.
  case done
  /// It was not: it runs again.
  case again
}
