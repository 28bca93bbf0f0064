import MigrationCore

/// What one command alone says of a migration in its document.
enum OutcomeDetails {
  /// What told `register` whether it was applied, and what was not there.
  case register(evidence: String, missing: [String])
  /// What `sync` found.
  case sync(SynchronizedMigration)
  /// What `rollback` does with its rows in other runners' ledgers.
  case rollback([RunnerLedgerStep])
  /// What `resolve`, `rename` and `forget` change.
  case ledgerChange(LedgerChange)

  /// Writes the members into the migration's object.
  func write(to json: inout JSONWriter) {
    switch self {
    case .register(let evidence, let missing):
      json.member("evidence", evidence)
      json.member("missing", missing)
    case .sync(let migration):
      json.member("evidence", migration.evidence)
      json.member("missing", migration.missing)
      json.member("contradicted", migration.contradicted.map(\.rawValue))
      json.member("status", migration.status?.rawValue)
    case .rollback(let steps):
      json.member("runner_ledgers", steps.map(RunnerLedgerPayload.init))
    case .ledgerChange(let change):
      json.member("status_before", change.statusBefore?.rawValue)
      json.member("status_after", change.statusAfter?.rawValue)
      if case .rename(let newName) = change.kind { json.member("new_name", newName) }
    }
  }
}

/// A row of another runner's ledger.
private struct RunnerLedgerPayload: JSONValue {
  let step: RunnerLedgerStep

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("runner", step.runner.rawValue)
      json.member("table", step.table)
      json.member("key", step.key)
      json.member("action", step.action.rawValue)
    }
  }
}
