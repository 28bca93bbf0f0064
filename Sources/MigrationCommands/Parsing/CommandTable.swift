/// Every command, in the order in which help lists them.
package enum CommandTable {
  /// The row of a command.
  ///
  /// - Parameter name: the command; every one has a row, which a test sees to.
  /// - Returns: its row, or nil.
  package static func specification(of name: CommandName) -> CommandSpecification? {
    all.first { $0.name == name }
  }

  /// The table: parsing, help and the reference page read it.
  package static let all: [CommandSpecification] = [
    CommandSpecification(
      .initialize, .none,
      summary: "create or upgrade the ledger, or drop it",
      description: [
        "Creates the tables and functions that remember what was applied and what was rolled "
          + "back, or brings older ones up to date, in one transaction. Running it again is "
          + "harmless. Commands that write do it by themselves; commands that read create nothing.",
        "With --drop it does the opposite: shows what the ledger consists of and on which "
          + "database, asks, and drops exactly that in one transaction, never with CASCADE. The "
          + "schema goes too where the ledger made it and nothing else is in it.",
      ],
      conflicts: [(.drop, .reader), (.drop, .operator)],
      refusal: "dropping was declined, or other objects depend on the ledger's",
      examples: [
        .init("migration-manager init", "create the ledger in the schema public"),
        .init(
          "migration-manager init --reader reporting --operator deploy",
          "also let two roles use it"),
        .init("migration-manager init --drop", "uninstall the ledger: look, then answer"),
      ]),
    CommandSpecification(
      .list, .none,
      summary: "list applied migrations, and which of them can be rolled back",
      description: [
        "Lists the applied migrations, newest first: whether each can be rolled back, and why "
          + "not. Newest means last applied, as the ledger recorded it."
      ],
      examples: [
        .init("migration-manager list", "what is applied"),
        .init("migration-manager list --names --limit 1", "the newest name, for a script"),
        .init("migration-manager list --all --json", "every status, for a program"),
      ]),
    CommandSpecification(
      .migrate, .none,
      summary: "apply pending migrations",
      description: [
        "Applies what is pending in the order of versions, each migration in a transaction of its own "
          + "together with its record: both happen, or neither. Everything is looked through "
          + "before anything runs. The first that fails ends the run; those before it stay applied.",
        "What comes before an applied migration is applied all the same, and said so; where register "
          + "or sync made some of the records, others may have decided otherwise, and it needs "
          + "--allow-out-of-order. A file that may be applied without being recorded is refused "
          + "until that is settled. What was rolled back is applied again.",
        "Refused are also a folder that holds no file of all that stands, a file that was applied under "
          + "another name, one that is still a TODO, and rollback SQL that the server could never run. "
          + "What has no rollback SQL is named at the end.",
        "A file whose header says '-- Transaction: none' runs statement by statement. Where it stops "
          + "half-way, the same command goes on from there.",
        "Several runs at once are no harm: one waits for the other, and passes over what that applied.",
      ],
      conflicts: [(.strictOrder, .allowOutOfOrder)],
      refusal: "it was refused, or a migration was settled otherwise meanwhile; "
        + "what was done before stays",
      examples: [
        .init("migration-manager migrate --dry-run", "look first: the order and the SQL"),
        .init("migration-manager migrate", "apply all that is pending"),
        .init(
          "migration-manager migrate --to 20250120_add_user_settings --reason 'release 42'",
          "up to this one, with a reason for the audit trail"),
      ]),
    CommandSpecification(
      .status, .none,
      summary: "compare the migration files with the ledger",
      description: [
        "Counts and names what is applied, pending, rolled back and failed; files that were changed "
          + "since (drifted), migrations whose file is gone (missing) or has another name (renamed), and "
          + "files that may be applied without being recorded (unknown). What was rolled back and has a file is "
          + "pending again. Says which migration was applied last, of a pending one why the last try "
          + "failed, and of one that is half applied or half rolled back at which statement it stopped.",
        "Nothing is created: where there is no ledger yet, nothing is recorded. Files are looked up in "
          + "the catalog only where register or sync made some of the records, where another runner "
          + "keeps a ledger, or where nothing is recorded and the database is not empty.",
      ],
      refusal:
        "with --exit-code, anything is pending, failed, half applied, half rolled back, drifted, renamed or "
        + "unknown, or no "
        + "file of all that stands is in the folder",
      examples: [
        .init("migration-manager status", "where this database stands"),
        .init(
          "migration-manager status --exit-code --quiet", "is there anything to do or to mend?"),
        .init(
          "migration-manager status --json | jq -r .last_applied",
          "what to roll back to, before a deployment"),
      ]),
    CommandSpecification(
      .check, .several("NAME"),
      summary: "say whether migrations can be rolled back, and why not",
      description: [
        "Says for each migration whether it can be rolled back: its status, its rollback SQL, the "
          + "applied migrations that depend on it, and how its file differs from what was recorded."
      ],
      refusal: "one of them cannot be rolled back",
      examples: [
        .init("migration-manager check 20250119_add_analytics_queue", "before rolling it back")
      ]),
    CommandSpecification(
      .show, .one("NAME"),
      summary: "print a migration's up SQL or rollback SQL",
      description: [
        "Prints exactly that SQL on standard output, for a review or for psql. The up SQL keeps "
          + "its line numbers: the rollback section is blanked out. Where the file is gone, the "
          + "rollback SQL comes from the ledger."
      ],
      exactlyOneOf: [.up, .rollback],
      refusal: "there is no such SQL",
      examples: [
        .init(
          "migration-manager show 20250120_add_user_settings --up | psql -1 -v ON_ERROR_STOP=1",
          "apply it with psql"),
        .init("migration-manager show 20250120_add_user_settings --rollback", "read its undo"),
      ]),
    CommandSpecification(
      .rollback, .severalOr("NAME", [.to, .last, .all]),
      summary: "roll migrations back",
      description: [
        "Shows the database, the SQL and what to know beforehand, asks, and runs the recorded "
          + "rollback SQL in one transaction together with its record: all of it happens, or none.",
        "Several are one transaction as well, unless --each is given: newest first by the order in "
          + "which they were applied, and what depends on another before it. One that cannot be "
          + "rolled back stops all before anything runs. --to goes back to the state in which a "
          + "migration was the last: it stays.",
        "What is recorded to run without a transaction is rolled back statement by statement: by itself, or "
          + "with --each. Where it stops half-way, the same command goes on from there, and nothing "
          + "else is applied or rolled back before.",
        "Only the answer yes goes on; the end of the input means no. Where the configuration file says "
          + "protected, only the name of the database does, typed or given with --confirm.",
        "Where the ledger of the Supabase CLI or of Prisma has the migration as well, it says what "
          + "that runner will do next. With --runner-ledger remove, Supabase's row is deleted and "
          + "Prisma's is marked as rolled back, in the same transaction.",
      ],
      conflicts: [(.cascade, .to), (.cascade, .last), (.cascade, .all)],
      refusal: "it was refused or declined; the schema is as it was",
      examples: [
        .init("migration-manager rollback 20250120_add_user_settings --dry-run", "look first"),
        .init("migration-manager rollback 20250120_add_user_settings", "ask, then do it"),
        .init(
          "migration-manager rollback 20250120_add_user_settings --yes --reason 'incident 42'",
          "in a script, with a reason for the audit trail"),
        .init(
          "migration-manager rollback --to 20250119_add_users", "undo all that came after it"),
        .init("migration-manager rollback --last 3 --dry-run", "look at the newest three"),
        .init(
          "migration-manager rollback 20250119_add_users --cascade",
          "with all that depends on it"),
        .init(
          "migration-manager rollback 20250120_add_user_settings --runner-ledger remove",
          "and off Supabase's or Prisma's ledger"),
      ]),
    CommandSpecification(
      .register, .several("NAME"),
      summary: "record migrations that another runner applied",
      description: [
        "Records migrations that are already in the database, with their rollback SQL, checksum "
          + "and dependencies. The database must show that each was applied: another runner's "
          + "ledger has it, or the objects that it creates exist. For a migration that is "
          + "recorded already, the record is brought up to date."
      ],
      refusal: "one of them was not applied",
      examples: [
        .init("migration-manager register 20250120_add_user_settings", "after deploying it"),
        .init(
          "migration-manager register 20250120_add_user_settings --reason 'mended the rollback'",
          "again, after its rollback section was changed"),
      ]),
    CommandSpecification(
      .synchronize, .none,
      summary: "record every file that is applied and not recorded",
      description: [
        "Looks at every file without a record, and records those that the database shows to be "
          + "applied, all in one transaction, in the order of their versions. The catalog is "
          + "believed before another runner's ledger. What is applied in part, or leaves nothing "
          + "to tell by, is listed and not recorded; what was rolled back is left alone.",
        "With --reapplied those that were rolled back are looked at as well: one that the database "
          + "shows to be applied again is recorded anew. Where another runner has a ledger, that "
          + "must say so too.",
        "With --names only the names of those that it recorded are printed, newest first: the "
          + "order to roll them back in.",
      ],
      refusal:
        "a file holds rollback SQL that could never run, or, with --exit-code, one is applied in "
        + "part, leaves nothing to tell by, or stands in another runner's ledger and not in the "
        + "database; the others were recorded",
      examples: [
        .init("migration-manager sync", "after a deployment"),
        .init("migration-manager sync --dry-run", "what it would record"),
        .init(
          "migration-manager sync --assume-applied-before 20250110102000_create_documents",
          "on a database that is older than its ledger"),
        .init(
          "migration-manager sync --reapplied",
          "after a deployment that brings back what was rolled back"),
      ]),
    CommandSpecification(
      .template, .one("NAME"),
      summary: "suggest the rollback SQL of a migration",
      description: [
        "Suggests the rollback SQL from the text of the migration file: what its statements create, "
          + "add, rename and grant is undone, the last one first. What the text alone does not tell "
          + "(drops, changed rows, changed types, CREATE OR REPLACE, DO) becomes a TODO that names "
          + "the statement, its line and why. No database is asked.",
        "It is a rollback section, or the text of a file of its own, such as NAME.down.sql, where the "
          + "migration or most of its kind have one.",
        "It also says which earlier migrations create what this one needs, for '-- Depends on:'.",
      ],
      refusal: "the file cannot take it: it has rollback SQL, or says that it is irreversible",
      examples: [
        .init("migration-manager template 20250120_add_user_settings", "look at it"),
        .init(
          "migration-manager template 20250120_add_user_settings --write",
          "put it into the file, to review and register"),
      ]),
    CommandSpecification(
      .create, .several("WORD"),
      summary: "write the files of a new migration",
      description: [
        "Makes a name of the words and writes a file with a header, a place for the change and one "
          + "for what undoes it. It looks as the folder's newest migration does: the same kind of "
          + "version (times in UTC, dates, numbers), a section or a file of its own for the rollback "
          + "SQL, a folder where migrations are folders. In an empty folder it is one file with "
          + "the time and a section.",
        "What is there already is never overwritten. The paths of the files are printed, one a line. "
          + "No database is asked.",
      ],
      examples: [
        .init("migration-manager create \"add user settings\"", "a new migration"),
        .init("migration-manager create add user settings", "the words need no quotes"),
      ]),
    CommandSpecification(
      .revert, .one("NAME"),
      summary: "write a new migration that undoes one",
      description: [
        "Where a deployment only goes forward: writes a new migration whose up SQL is the recorded "
          + "rollback SQL of an applied one, and whose rollback SQL is the up SQL of that one's "
          + "file. Its header says which one it reverts, and so does its record once it is applied.",
        "Nothing is run, and the database is only read. The paths of the files are printed, one a "
          + "line.",
      ],
      refusal: "it is not applied, or nothing undoes it",
      examples: [
        .init("migration-manager revert 20250120_add_user_settings", "then review and deploy it")
      ]),
    CommandSpecification(
      .resolve, .one("NAME"),
      summary: "set a migration's status by hand",
      description: [
        "For when you know better than the ledger what stands in the database: after a rollback "
          + "that failed, after a change by hand, or for a file that was never applied where the "
          + "ledger cannot tell. Only the record changes; no SQL of the migration runs.",
        "A file without a record gets one with --rolled-back: it is then to be applied like one "
          + "that was rolled back. One that is applied gets its record by 'register'.",
        "Where the database contradicts the new status, a warning says so before the question.",
      ],
      exactlyOneOf: [.applied, .rolledBack],
      refusal: "it was refused or declined; nothing was changed",
      examples: [
        .init(
          "migration-manager resolve 20250120_add_user_settings --applied",
          "after a rollback that failed: it still stands"),
        .init(
          "migration-manager resolve 20250120_add_user_settings --rolled-back --reason 'by hand'",
          "it was undone with psql"),
      ]),
    CommandSpecification(
      .rename, .two("OLD", "NEW"),
      summary: "let a record follow its file to another name",
      description: [
        "For after a migration's file was renamed: the record gets the new name and its version, "
          + "and keeps its place in the order of application. What depends on it follows. The "
          + "events before keep the old name; 'history' shows them under the new one too.",
        "The file must have the new name, and hold the up SQL that was recorded. With --force it "
          + "need not.",
      ],
      refusal: "it was refused; nothing was changed",
      examples: [
        .init(
          "migration-manager rename 20250120_add_setings 20250120_add_settings",
          "after the file was renamed")
      ]),
    CommandSpecification(
      .forget, .one("NAME"),
      summary: "delete a migration's record; its events stay",
      description: [
        "Deletes the record of a migration, and with it what it depends on. Nothing else in the "
          + "database changes. The events stay, and the one that this writes keeps the rollback "
          + "SQL that was recorded.",
        "It asks. Where other migrations that stand depend on it, it is refused.",
      ],
      refusal: "it was refused or declined; nothing was changed",
      examples: [
        .init(
          "migration-manager forget 20250120_add_user_settings --reason 'squashed'",
          "its file was replaced by another one")
      ]),
    CommandSpecification(
      .history, .optional("NAME"),
      summary: "show what happened: who did what, when, and what came of it",
      description: [
        "Shows the audit trail, newest first: of all migrations, or of one, under the names too "
          + "that it had before."
      ],
      refusal: "nothing is known of the migration",
      examples: [
        .init("migration-manager history --limit 20", "what happened last"),
        .init("migration-manager history 20250120_add_user_settings", "of one migration"),
      ]),
    CommandSpecification(
      .configuration, .none,
      summary: "show what is in force, and where each value comes from",
      description: [
        "Shows the database, the folder, the schema and the times that every command would work with "
          + "here, and who said so: an option, a variable, .env, migration-manager.json and its "
          + "environment, or the default. Passwords are not shown. No database is asked.",
        "The rules, and all that the file can say: docs/configuration.md.",
      ],
      examples: [
        .init("migration-manager config", "what holds here"),
        .init("migration-manager config --env production", "what would hold there"),
      ]),
    CommandSpecification(
      .completions,
      .choice(
        CompletionShell.allCases.map { $0.rawValue },
        hidden: CompletionWord.allCases.map { $0.rawValue }),
      summary: "print a script that completes command lines in a shell",
      description: [
        "Prints a script that teaches the shell to complete commands, options, their values and "
          + "the names of migrations when TAB is pressed. Its first lines say where to put it.",
        "The script asks 'migration-manager completions names' for the names: it prints those of "
          + "the files in the migrations folder, one a line, newest first, and nothing where there "
          + "is no folder; and 'migration-manager completions environments' for those of the "
          + "configuration file. No database is asked.",
      ],
      examples: [
        .init(
          "migration-manager completions bash "
            + "> ~/.local/share/bash-completion/completions/migration-manager",
          "where bash looks, with the package bash-completion"),
        .init(
          "migration-manager completions zsh > ~/.zsh/completions/_migration-manager",
          "in a folder of zsh's fpath"),
        .init(
          "migration-manager completions fish "
            + "> ~/.config/fish/completions/migration-manager.fish",
          "where fish looks"),
      ]),
    CommandSpecification(
      .help, .optional("COMMAND"),
      summary: "explain the commands, or one of them",
      description: ["Lists the commands and the global options, or explains one command."],
      examples: [.init("migration-manager help rollback", "all about rollback")]),
  ]
}
