import MigrationCore

extension ManualPage {
  /// The day on which this version's words were settled.
  static let date = "2026-11-20"

  /// What the program does, in paragraphs.
  static let description = [
    "migration-manager undoes PostgreSQL migrations. The undo is written in the migration's own "
      + "file, in a rollback section between the lines \"-- ROLLBACK START\" and "
      + "\"-- ROLLBACK END\". Any runner may apply the migration; its rollback SQL is then recorded "
      + "in a ledger in the same database. A rollback runs the recorded SQL in one transaction "
      + "together with its record: all of it happens, or none.",
    "Options stand before or after the arguments, as \"--option value\" or \"--option=value\"; "
      + "\"--\" ends them. Of an option that is given twice the last value counts, unless it is "
      + "repeatable. A NAME is a migration's file name, with or without .sql, or its version where one alone has that; never a path. A TIME "
      + "is a number and a unit (ms, s, min, h, d), as in PostgreSQL's own settings.",
    "Results go to standard output; progress, warnings, errors, questions and hints to standard "
      + "error. With --json every command prints one JSON document on standard output, and "
      + "nothing else there.",
  ]

  /// Every exit status.
  static let exitStatuses: [(term: String, text: String)] = [
    ("0", "Done, or nothing to do."),
    ("1", "The answer is no: refused or declined. Nothing was changed by what was refused."),
    ("2", "It failed: connection, SQL, files, output."),
    ("64", "The command line is wrong."),
    (
      "129, 130, 143",
      "Stopped by SIGHUP, SIGINT or SIGTERM; what was not committed before is undone."
    ),
    ("141", "Standard output was closed under a command that only reads."),
  ]

  /// The variables that the program looks at.
  static let environment: [(term: String, text: String)] = [
    (
      "DATABASE_URL, SUPABASE_DB_URL",
      "The database, where --database-url is not given; the first that is set counts."
    ),
    (
      "PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSERVICE, ...",
      "The variables of libpq, for what the above leave open: see \"Environment Variables\" in the "
        + "PostgreSQL manual's chapter on libpq."
    ),
    ("MIGRATIONS_DIR", "The migrations folder, where --dir is not given."),
    ("NO_COLOR", "Where it is set and not empty, nothing is coloured."),
    ("TERM", "Where it is dumb, nothing is coloured."),
    ("LC_ALL, LC_CTYPE, LANG", "Symbols are shown in a UTF-8 locale; in others ASCII stands in."),
    ("TZ", "The time zone in which times are shown to people."),
  ]

  /// The files that the program looks for.
  static let files: [(term: String, text: String)] = [
    (
      MigrationDirectory.usualPaths.joined(separator: ", "),
      "Migrations folders; the first that exists counts where none is named."
    ),
    (
      ".env",
      "In the working directory: fills in those of the variables above that name a database or the "
        + "migrations folder, where the environment lacks them."
    ),
    ("~/.pgpass, ~/.pg_service.conf", "libpq's files of passwords and of services."),
  ]

  /// Other manual pages, by name and section.
  static let manuals = [(name: "pg_dump", section: 1), (name: "psql", section: 1)]
}
