internal import MigrationCore

/// Every option, in the order in which help lists them.
package enum OptionTable {
  /// The table: parsing, help and the reference page read it.
  package static let all: [OptionSpecification] = commandOptions + globalOptions

  /// The row of an option.
  ///
  /// - Parameter name: the option; every one has a row, which a test sees to.
  /// - Returns: its row, or nil.
  package static func specification(of name: OptionName) -> OptionSpecification? {
    all.first { $0.name == name }
  }

  /// The options that belong to one command, without the global ones.
  ///
  /// - Parameter command: the command.
  /// - Returns: its rows in the table's order.
  package static func options(of command: CommandName) -> [OptionSpecification] {
    commandOptions.filter { $0.isAccepted(by: command) }
  }

  /// The options that stand with every command.
  package static let globalOptions: [OptionSpecification] = [
    OptionSpecification(
      .environment, .environment("NAME"), standard: "MIGRATION_MANAGER_ENV, else none",
      help: "the environment of the configuration file; its url comes before DATABASE_URL"),
    OptionSpecification(
      .configuration, .file("FILE"), standard: "migration-manager.json, where it is here",
      help: "the configuration file"),
    OptionSpecification(
      .databaseURL, .text("URL"),
      standard: "the environment's of the configuration file, else DATABASE_URL, else "
        + "SUPABASE_DB_URL, else the file's own, else libpq's own PG* variables",
      help: "the database, as a URI or a libpq connection string"),
    OptionSpecification(
      .directory, .folder("DIR"),
      standard:
        "MIGRATIONS_DIR, else the configuration file's, else the first there is of migrations, "
        + "supabase/migrations, prisma/migrations, db/migrations",
      help: "the migrations folder"),
    OptionSpecification(
      .schema, .text("NAME"), standard: "public, or migration_manager beside Prisma",
      help: "the schema that holds the ledger"),
    OptionSpecification(
      .lockTimeout, .duration(bareUnit: .milliseconds), standard: "2s",
      help: "how long a statement waits for a lock; 0 waits for ever"),
    OptionSpecification(
      .lockRetries, .integer("N", minimum: 0), standard: "2",
      help: "how often a migration or a rollback that met a lock is tried again"),
    OptionSpecification(
      .wait, .duration(bareUnit: .seconds), standard: "60s",
      help: "how long to wait for another run on the same ledger"),
    OptionSpecification(
      .statementTimeout, .duration(bareUnit: .milliseconds), standard: "the server's setting",
      help: "how long a statement may run; 0 means for ever"),
    OptionSpecification(
      .connectTimeout, .duration(bareUnit: .seconds),
      standard: "what the URL or PGCONNECT_TIMEOUT says, else 10s",
      help: "how long connecting may take"),
    OptionSpecification(
      .connectWait, .duration(bareUnit: .seconds), standard: "0",
      help: "how long to go on trying while the server is still starting"),
    OptionSpecification(
      .json, help: "print one JSON document on standard output, and nothing else there"),
    OptionSpecification(
      .quiet, short: "q", help: "leave out progress, notes and hints"),
    OptionSpecification(
      .verbose, short: "v", help: "say more: the database, times, SQLSTATEs"),
    OptionSpecification(.help, short: "h", help: "show help, for the command if there is one"),
    OptionSpecification(.version, help: "show the versions of the program and its libraries"),
  ]

  private static let commandOptions: [OptionSpecification] = [
    OptionSpecification(
      .reader, .text("ROLE"), scope: .commands([.initialize]), isRepeatable: true,
      help: "give a role what the commands that read need, without the SQL texts; repeatable"),
    OptionSpecification(
      .operator, .text("ROLE"), scope: .commands([.initialize]), isRepeatable: true,
      help: "give a role the right to write the ledger; repeatable"),
    OptionSpecification(
      .drop, scope: .commands([.initialize]),
      help: "drop the ledger, the audit trail with it; shows what, and asks"),
    OptionSpecification(
      .names, scope: .commands([.list, .synchronize]),
      help: "print only the names, one a line, newest first"),
    OptionSpecification(
      .limit, .integer("N", minimum: 1), scope: .commands([.list, .history]), standard: "no limit",
      help: "show at most so many, the newest; the totals of list still count all"),
    OptionSpecification(
      .to, .migration("NAME|VERSION"), scope: .commands([.migrate, .rollback]),
      help:
        "migrate: the last one to apply, of a version the last file that has it; rollback: roll "
        + "back all that was applied after this one, which stays, as do all that have the version"),
    OptionSpecification(
      .last, .integer("N", minimum: 1), scope: .commands([.rollback]),
      help: "roll back the newest so many"),
    OptionSpecification(
      .all, scope: .commands([.list, .rollback]),
      help: "list: show migrations of every status, not only the applied ones; rollback: roll all "
        + "of them back"),
    OptionSpecification(
      .cascade, scope: .commands([.rollback]),
      help: "roll back all that depends on them as well"),
    OptionSpecification(
      .each, scope: .commands([.rollback]),
      help: "give each a transaction of its own, and stop at the first that fails"),
    OptionSpecification(
      .up, scope: .commands([.show]),
      help: "print the up SQL: the file with its rollback section blanked out"),
    OptionSpecification(
      .rollback, scope: .commands([.show]), help: "print the rollback SQL, uncommented"),
    OptionSpecification(
      .applied, scope: .commands([.resolve]),
      help: "record that it stands in the database"),
    OptionSpecification(
      .rolledBack, scope: .commands([.resolve]),
      help: "record that nothing of it stands in the database"),
    OptionSpecification(
      .dryRun, short: "n",
      scope: .commands([.rollback, .migrate, .synchronize, .resolve, .rename, .forget]),
      help: "show what would happen, and stop: nothing is written, no lock is taken"),
    OptionSpecification(
      .yes, short: "y", scope: .commands([.rollback, .initialize, .resolve, .forget]),
      help: "do not ask; too little where the configuration file says protected"),
    OptionSpecification(
      .confirm, .text("DATABASE"), scope: .commands([.rollback, .initialize, .resolve, .forget]),
      help: "do not ask, and go on only if the database has this name"),
    OptionSpecification(
      .reason, .text("TEXT"),
      scope: .commands([.rollback, .migrate, .register, .synchronize, .resolve, .rename, .forget]),
      help: "why, for the audit trail"),
    OptionSpecification(
      .allowOutOfOrder, scope: .commands([.migrate]),
      help: "apply what comes before an applied migration also where others applied some"),
    OptionSpecification(
      .strictOrder, scope: .commands([.migrate]),
      help: "refuse what comes before an applied migration"),
    OptionSpecification(
      .useRecorded, scope: .commands([.rollback]),
      help: "go on with the recorded rollback SQL although the file's differs"),
    OptionSpecification(
      .runnerLedger, .choice(RunnerLedgerAction.allCases.map(\.rawValue)),
      scope: .commands([.rollback]), standard: "keep, with a warning",
      help: "take it off the ledger of Supabase or Prisma too, in the same transaction, or leave "
        + "it there"),
    OptionSpecification(
      .unseen, .choice(UnseenAnswer.allCases.map(\.rawValue)),
      scope: .commands([.migrate, .rollback]), standard: "ask, on a terminal",
      help: "where nobody saw the end of a statement that runs outside a transaction, and the "
        + "catalog does not tell: it was carried out, or is to run again"),
    OptionSpecification(
      .force, scope: .commands([.register, .rename]),
      help: "go on although the database, or the folder, does not show what it should"),
    OptionSpecification(
      .assumeAppliedBefore, .migration("NAME"), scope: .commands([.synchronize]),
      help: "take the files before this one for applied where nothing tells whether they are"),
    OptionSpecification(
      .reapplied, scope: .commands([.synchronize]),
      help: "record also what was rolled back and is applied again"),
    OptionSpecification(
      .exitCode, scope: .commands([.synchronize, .status]),
      help: "exit status 1 where somebody has to look, see below"),
    OptionSpecification(
      .write, scope: .commands([.template]),
      help: "put the section at the end of the migration file, or write the file of its own"),
    OptionSpecification(
      .commented, scope: .commands([.template]),
      help: "comment the section out, for runners that execute the whole file; always so in "
        + "supabase/migrations and prisma/migrations"),
  ]
}
