internal import PostgresClient

/// What the journal holds of the migrations that are half applied, and of the rollbacks that are half
/// done.
struct OpenSteps: Equatable, Sendable {
  /// One that is half done.
  struct Run: Equatable, Sendable {
    /// The migration.
    var name: String
    /// Whether it is half applied, or half rolled back.
    var direction: Direction
    /// How many statements it had when the last one of them was begun.
    var count: Int
    /// Its rows, in their order.
    var rows: [JournalRow]
    /// Whether a run seems to be at it now.
    var isAtWork = false

    /// How many statements are done.
    var done: Int { rows.count { $0.isFinished } }

    /// How far it got.
    var progress: StatementProgress {
      StatementProgress(
        done: done, count: count, error: rows.lazy.compactMap(\.error).last, isAtWork: isAtWork)
    }

    /// In words: `half applied (2 of 5 statements)`.
    var words: String {
      "half \(direction == .up ? "applied" : "rolled back") (\(done) of \(count) statements)"
    }
  }

  /// Those that are half done, by name.
  private(set) var runs: [Run] = []

  /// The rollback that is half done; nil for none.
  var rollback: Run? { runs.first { $0.direction == .rollback } }

  /// The migration's own, in one direction; nil for none.
  subscript(name: String, direction: Direction) -> Run? {
    runs.first { $0.name == name && $0.direction == direction }
  }

  /// The rows of a migration in one direction; none where it is not half done.
  func rows(of name: String, _ direction: Direction) -> [JournalRow] {
    self[name, direction]?.rows ?? []
  }
}

extension OpenSteps {
  /// Reads the rows of `open_steps.sql`; nil for any other result.
  init?(_ result: QueryResult) {
    guard result.columnIndex(named: "statement_count") != nil else { return nil }
    for row in 0..<result.rowCount {
      let name = result.text(row: row, column: 0)
      guard let direction = Direction(rawValue: result.text(row: row, column: 1)) else { continue }
      let count = Int(result.text(row: row, column: 3)) ?? 0
      let step = JournalRow(
        number: Int(result.text(row: row, column: 2)) ?? 0, count: count,
        checksum: result.text(row: row, column: 4), run: result.text(row: row, column: 9),
        isFinished: result.value(row: row, column: 6) != nil,
        error: result.value(row: row, column: 7),
        observation: Observation(json: result.value(row: row, column: 8)))
      if runs.last?.name == name, runs.last?.direction == direction {
        runs[runs.count - 1].rows.append(step)
        runs[runs.count - 1].count = count
      } else {
        runs.append(
          Run(
            name: name, direction: direction, count: count, rows: [step],
            isAtWork: result.text(row: row, column: 10) == "t"))
      }
    }
  }
}

/// How far a migration or a rollback that runs statement by statement got.
public struct StatementProgress: Hashable, Sendable {
  /// How many statements are done.
  public var done: Int
  /// How many there are.
  public var count: Int
  /// Why it stopped; nil where nobody saw that, or it did not.
  public var error: String?
  /// Whether a run seems to be at it now.
  public var isAtWork = false

  /// The statement that is next, counted from 1; the last one where all are done and only the record
  /// is missing.
  public var next: Int { min(done + 1, max(count, 1)) }

  /// Describes how far something got.
  public init(done: Int, count: Int, error: String? = nil, isAtWork: Bool = false) {
    self.done = done
    self.count = count
    self.error = error
    self.isAtWork = isAtWork
  }

  /// In words: `stopped at statement 3 of 5: relation "x" does not exist`; `at statement 3 of 5` of one
  /// that goes on.
  package var words: String {
    if isAtWork { return "at statement \(next) of \(count)" }
    return "stopped at statement \(next) of \(count)"
      + (error.map { ": \($0.split(whereSeparator: \.isNewline).first ?? "")" } ?? "")
  }
}
