/// What `rollback` and `register` print with `--json`.
struct Outcomes: Decodable {
  struct Migration: Decodable {
    var name: String
    var outcome: String
    var sql: String?
    var durationMilliseconds: Double?
    var error: ErrorDocument.Content?

    enum CodingKeys: String, CodingKey {
      case name, outcome, sql, error
      case durationMilliseconds = "duration_ms"
    }
  }
  var migrations: [Migration]
  var isDryRun: Bool
  /// The first migration's error once more; absent without one.
  var error: ErrorDocument.Content?

  enum CodingKeys: String, CodingKey {
    case migrations, error
    case isDryRun = "dry_run"
  }
}

/// What `check` prints with `--json`.
struct Checks: Decodable {
  struct Migration: Decodable {
    var name: String
    var canRollback: Bool
    var reason: String
    var dependents: [String]
    var status: String?
    var drift: String?
    var irreversible: String?
    var fileMissing: Bool

    enum CodingKeys: String, CodingKey {
      case name, reason, dependents, status, drift, irreversible
      case canRollback = "can_rollback"
      case fileMissing = "file_missing"
    }
  }
  var migrations: [Migration]
}

/// What `rollback` says with `--json` of other runners' ledgers.
struct RunnerLedgerOutcomes: Decodable {
  struct Ledger: Decodable, Equatable {
    var runner: String
    var table: String
    var key: String
    var action: String
  }
  struct Migration: Decodable {
    var outcome: String
    var runnerLedgers: [Ledger]

    enum CodingKeys: String, CodingKey {
      case outcome
      case runnerLedgers = "runner_ledgers"
    }
  }
  var migrations: [Migration]
}
