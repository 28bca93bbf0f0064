/// A statement that the client sends as it is: one case a file in `sql/statements`.
///
/// The raw value is the file's name. What takes values otherwise is called as a function of the
/// ledger, with literals that libpq has quoted.
package enum LedgerStatement: String, CaseIterable, Sendable {
  /// The block that takes the ledger's lock. Part of ``creationLock`` and of `migration_lock()`.
  case advisoryLock = "advisory_lock"

  /// The version of a row as a number: an expression. Part of the ledger's objects.
  case versionNumber = "version_number"

  /// Takes the ledger's lock for the transaction where the ledger's functions may not exist yet.
  /// Raises MM004 and MM011, as `migration_lock()` does. Part of ``LedgerSQL/creation(in:)``.
  case creationLock = "creation_lock"

  /// Drops what ``ledgerInventory`` found in the same transaction. Part of
  /// ``LedgerSQL/removal(in:)``.
  case dropLedger = "drop_ledger"

  /// The last error of each migration that could not be applied and is not applied since: rows
  /// `(migration_name, last_error)`.
  case applyFailures = "apply_failures"

  /// The signatures of the ledger's functions, an array. Part of ``ledgerGlance`` and
  /// ``sessionCheck``.
  case ledgerFunctions = "ledger_functions"

  /// The first look of every connection, quick: one row where there is a whole ledger that is ours
  /// and this role may use it, else 22P02 with ``LedgerSQL/glanceMarker`` in its message: then
  /// ``sessionCheck`` tells. Needs the value `requirement` (`'read'` or `'write'`); runs behind
  /// ``setSearchPath``.
  case ledgerGlance = "ledger_glance"

  /// What the ledger consists of: one row with the JSON document `inventory`; two statements. Runs
  /// behind ``sessionCheck`` with the requirement `'drop'` and ``setSearchPath``. Raises MM012.
  case ledgerInventory = "ledger_inventory"

  /// One row with `is_at_work`: whether a process is still in the middle of a statement of a run whose
  /// client is gone. Needs the value `run`, a uuid.
  case runAtWork = "run_at_work"

  /// Rows `(operation, outcome)`, one for each event of a run on a migration: none means that its
  /// transaction did not commit. Needs the values `run`, a uuid, and `name`.
  case runEvent = "run_event"

  /// The whole check, where a glance does not do: is there a ledger, is it ours, may this role use it?
  /// Needs the values `requirement` (`'read'`, `'write'`, `'create'` or `'drop'`) and `explicit`
  /// (`'true'` where the user named the schema, else `'false'`). Raises MM001, MM002, MM003, MM006, MM007,
  /// MM008 or MM012. Leaves `search_path` as it was.
  case sessionCheck = "session_check"

  /// One row about the session: `database`, `user`, `session_user`, `server_address`,
  /// `server_port`, `is_in_recovery`, `server_process_id`, `server_version_num`, `version`, `synchronous_commit`,
  /// `connection_check` (the setting `client_connection_check_interval`, null before PostgreSQL 14),
  /// `search_path`, and `schemas`, the JSON array of the path's existing schemas, which it also leaves
  /// in the transaction's setting `migration_manager.schemas`. To be sent while the user's own
  /// `search_path` holds.
  case sessionFacts = "session_facts"

  /// Tells the transaction whose run it is, for the events of functions that take no run: init,
  /// grants, snapshots. Needs the values `run`, a uuid, and `client`, JSON with any of `os_user`,
  /// `host`, `tool_version`, `reason` and `details`.
  case sessionRun = "session_run"

  /// Sets the constraints that are initially deferred DEFERRED again, after SET CONSTRAINTS ALL
  /// IMMEDIATE, for the next migration of the same transaction; one statement. Leaves `search_path`
  /// as it was.
  case setConstraintsDeferred = "set_constraints_deferred"

  /// Sets `search_path` to `pg_catalog, pg_temp` for the rest of the transaction.
  case setSearchPath = "set_search_path"

  /// Every recorded name, for suggestions.
  case allNames = "all_names"

  /// What the ledger says of some migrations, without their SQL: `migration_name`, `status`,
  /// `can_rollback`, `reason`, `dependents` (a JSON array), `checksum`, and of their metadata
  /// `up_checksum`, `rollback_checksum`, `up_code_checksum`, `rollback_code_checksum`,
  /// `search_path`, `irreversible`, `is_registered` (whether `register` or `sync` made the record) and
  /// `rollback_transaction` (`none` where its rollback runs statement by statement).
  /// Needs the value `names`, a `text[]` literal.
  case check

  /// What must be rolled back before each of some migrations: rows `(root, dependents, stuck)`, the
  /// latter two JSON arrays: all in an order that can be carried out, and those of them that cannot
  /// be rolled back themselves. Needs the value `names`, a `text[]` literal.
  case dependentsChain = "dependents_chain"

  /// Which of some objects exist, as a JSON array of their numbers, and what ``runnerLedgers``
  /// found: a JSON object `{"supabase": [versions, or names], "prisma": [names]}` with a member for each
  /// ledger that there is. Needs the value `objects`, JSON; runs behind ``sessionFacts``.
  case evidence

  /// What ``ledgerGlance`` asks of a role that is not the owner's. Part of it.
  case ledgerMembers = "ledger_members"

  /// The names of the ledger's tables, an array. Part of ``ledgerGlance`` and ``sessionCheck``.
  case ledgerTables = "ledger_tables"

  /// The names of the ledger's views, an array. Part of ``ledgerGlance`` and ``sessionCheck``.
  case ledgerViews = "ledger_views"

  /// What `history` shows: rows `(occurred_at_microseconds, run_id, migration_name, operation,
  /// outcome, role_name, os_user, host, tool_version, duration_microseconds, checksum, up_checksum,
  /// error, reason, details)`, newest first. Needs the values `name` (a text literal or `NULL`) and
  /// `limit` (a number or `NULL`).
  case history

  /// What `list` shows. Needs the values `every_status` (`true` or `false`) and `limit` (a number
  /// or `NULL`).
  case list

  /// The names alone, newest first. Values as ``list``.
  case listNames = "list_names"

  /// The totals of `list`, whatever its limit. Values as ``list``.
  case listTotals = "list_totals"

  /// How many locks dropping some relations takes, about: one row with `lock_count`. Needs the value
  /// `names`, JSON.
  case lockCount = "lock_count"

  /// What the catalog says of the object of a statement that runs alone: one row with the JSON
  /// document `observation`; one statement. Needs the value `question`, JSON. To be sent while the
  /// `search_path` and the role hold under which that statement runs.
  case loneObservation = "lone_observation"

  /// What is half applied or half rolled back: rows `(migration_name, direction, statement_no,
  /// statement_count, checksum, started_at_microseconds, finished_at_microseconds, error, observation,
  /// run_id)`, one for each statement that was begun, by name, direction and number; the times count
  /// since 1970.
  case openSteps = "open_steps"

  /// Takes migrations off other runners' ledgers, one statement, and leaves what was removed in the
  /// transaction's setting `migration_manager.removed_rows`, for `migration_record_rollbacks`. Needs the value `rows`, JSON. Raises
  /// MM005 where a table is not what ``runnerRows`` saw.
  case removeRunnerRows = "remove_runner_rows"

  /// Some migrations and all that stand on them, kept for ``runnerRows`` and ``rollbackPlan`` in the
  /// settings `migration_manager.names` and `migration_manager.versions`. Needs the value `names`.
  case rollbackCascade = "rollback_cascade"

  /// As ``check``, with `rollback_sql` and `failure` as the last columns, newest first.
  case rollbackPlan = "rollback_plan"

  /// Which migrations a rollback to a point means, kept as ``rollbackCascade`` does; one row with
  /// `targets`, `only_by_version` and `only_by_sequence`, JSON. Needs the values `to`, `version` and
  /// `last`, each of them or `NULL`.
  case rollbackRange = "rollback_range"

  /// Which of some migrations stand in the ledgers of other runners, kept for ``evidence``; two
  /// statements. Needs the values `versions` and `names`, `text[]` literals.
  case runnerLedgers = "runner_ledgers"

  /// Every row in the order of application: `migration_name`, `status`, `checksum`,
  /// `rollback_file_checksum` (of the rollback SQL, where that stood in a file of its own; empty
  /// where the file held none), `is_registered` (whether `register` or `sync` made the record), and for one that was rolled
  /// back `rolled_back_at_microseconds` since 1970, `rollback_by` and `is_resolved` (whether `resolve`
  /// only said so).
  case migrationStates = "migration_states"

  /// What stands here beside the ledger: one row with `has_other_runner` (whether a runner whose ledger
  /// is looked into keeps one here), `holds_relations` (whether there is a table or the like that is
  /// not the ledger's) and `runner_tables` (those that go by the names of runners' ledgers: a JSON
  /// array).
  case runnerPresence = "runner_presence"

  /// What other runners' ledgers hold of some migrations, for a rollback: one row with a JSON array,
  /// `runner_rows`; two statements. Needs the values `names` and `versions`, `text[]` literals.
  case runnerRows = "runner_rows"

  /// The tables of other runners' ledgers. Part of ``runnerLedgers``, ``runnerRows`` and
  /// ``removeRunnerRows``.
  case runnerTables = "runner_tables"

  /// Whether a run finished a statement of a migration: one row with `is_finished`. Needs the values
  /// `run`, a uuid, `name`, `direction` (`'up'` or `'rollback'`) and `statement`, its number.
  case stepFate = "step_fate"

  /// Every recorded name with its status.
  case statuses
}
