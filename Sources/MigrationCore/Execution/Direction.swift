/// Which of a migration's two texts runs.
package enum Direction: String, Sendable {
  /// The up SQL: it is applied.
  case up
  /// The rollback SQL: it is undone.
  case rollback
}

extension Direction {
  /// The text, in words: `the up SQL`.
  var sql: String {
    switch self {
    case .up: "the up SQL"
    case .rollback: "the rollback SQL"
    }
  }

  /// What runs in the transaction, in words: `a migration`.
  var noun: String {
    switch self {
    case .up: "migration"
    case .rollback: "rollback"
    }
  }

  /// What the ledger's events call it.
  var operation: String {
    switch self {
    case .up: "migrate"
    case .rollback: "rollback"
    }
  }
}
