/// What a rollback does with the migration's row in another runner's ledger: `--runner-ledger`.
public enum RunnerLedgerAction: String, Sendable, CaseIterable {
  /// Supabase's row is deleted, Prisma's is marked as rolled back, in the rollback's transaction.
  case remove
  /// The row is left as it is.
  case keep
}

/// One row of another runner's ledger, and what a rollback does with it.
public struct RunnerLedgerStep: Equatable, Sendable {
  /// The runner.
  public var runner: RunnerLedger
  /// Its table, as SQL names it: `public._prisma_migrations`.
  public var table: String
  /// The table's schema, unquoted.
  public var schema: String
  /// How the row is called there: Supabase's version, Prisma's name of the migration.
  public var key: String
  /// What is done with it.
  public var action: RunnerLedgerAction
}

/// A row of another runner's ledger as `remove_runner_rows.sql` takes it.
struct RemovedRunnerRow: Encodable, Equatable {
  /// The runner, in ``RunnerLedger``'s words.
  var runner: String
  /// The table's schema.
  var schema: String
  /// The migration's name.
  var migration: String
  /// Supabase's version.
  var version: String

  /// Names a row.
  init(migration: String, _ step: RunnerLedgerStep) {
    runner = step.runner.rawValue
    schema = step.schema
    self.migration = migration
    version = step.key
  }
}
