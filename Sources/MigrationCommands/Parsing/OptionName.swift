/// The options, each by the word that is typed after `--`.
package enum OptionName: String, Sendable, CaseIterable {
  /// The environment of the configuration file.
  case environment = "env"
  /// The configuration file.
  case configuration = "config"
  /// Connection string or URI of the database.
  case databaseURL = "database-url"
  /// The migrations folder.
  case directory = "dir"
  /// The ledger's schema.
  case schema
  /// How long a statement waits for a lock.
  case lockTimeout = "lock-timeout"
  /// How often a rollback that met a lock is tried again.
  case lockRetries = "lock-retries"
  /// How long to wait for another run.
  case wait
  /// How long a statement may run.
  case statementTimeout = "statement-timeout"
  /// How long connecting may take.
  case connectTimeout = "connect-timeout"
  /// How long to go on trying while a server is still starting.
  case connectWait = "connect-wait"
  /// One JSON document on standard output.
  case json
  /// No progress, notes and hints.
  case quiet
  /// More about what happens.
  case verbose
  /// The help page.
  case help
  /// The versions of the program and its libraries.
  case version

  /// A role that gets reading rights.
  case reader
  /// A role that gets writing rights.
  case `operator`
  /// Drop the ledger.
  case drop
  /// Only the names.
  case names
  /// At most so many.
  case limit
  /// Every status.
  case all
  /// The newest so many.
  case last
  /// What stands on it, too.
  case cascade
  /// A transaction for each.
  case each
  /// The up SQL.
  case up
  /// The rollback SQL.
  case rollback
  /// Say what would happen, and stop.
  case dryRun = "dry-run"
  /// Yes to the question.
  case yes
  /// The database's name, to the question.
  case confirm
  /// Why, for the audit trail.
  case reason
  /// Run the recorded SQL although the file differs.
  case useRecorded = "use-recorded"
  /// What to do with rows in other runners' ledgers.
  case runnerLedger = "runner-ledger"
  /// Set the status `applied`.
  case applied
  /// Set the status `rolled_back`.
  case rolledBack = "rolled-back"
  /// Record although objects are missing.
  case force
  /// Take older files for applied where nothing tells.
  case assumeAppliedBefore = "assume-applied-before"
  /// Put the section into the file.
  case write
  /// Comment the section out.
  case commented
  /// Record again what was rolled back and is applied again.
  case reapplied
  /// Tell by the exit status.
  case exitCode = "exit-code"
  /// How far to go.
  case to
  /// Apply also what comes before a migration that others applied.
  case allowOutOfOrder = "allow-out-of-order"
  /// Refuse what comes before an applied migration.
  case strictOrder = "strict-order"

  /// What became of a statement whose end nobody saw.
  case unseen

  /// The option as typed: `--dry-run`.
  package var spelling: String { "--\(rawValue)" }
}
