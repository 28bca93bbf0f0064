internal import LedgerSQL

/// Calls of the ledger's functions, as SQL text.
///
/// Every argument is cast to the parameter's type: an exact match is the only function that a call
/// can mean, whatever overloads others plant.
struct LedgerCalls {
  /// The ledger's schema.
  let schema: LedgerSchemaName
  /// Quotes a literal: libpq's `PQescapeLiteral`. Throws for a text that no literal can hold.
  let quote: (String) throws -> String
  /// Quotes a literal that comes in pieces of UTF-8, each cut between characters; throws likewise.
  let quoteJoined: ([[UInt8]]) throws -> String

  /// Takes the lock of all runners by try, until the transaction ends.
  var lock: String { call("migration_lock") }

  /// Refuses, by raising, what must not be rolled back.
  ///
  /// - Parameters:
  ///   - names: the migrations, in the order in which they would be.
  ///   - sqlChecksums: SHA-256 of the rollback SQL of each, as it was shown.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func guardRollback(of names: [String], sqlChecksums: [String]) throws -> String {
    try call("migration_guard", texts(names), texts(sqlChecksums))
  }

  /// Refuses, by raising MM014, where a selection means other migrations than were planned.
  ///
  /// - Parameters:
  ///   - selection: what is asked of the ledger.
  ///   - names: what the plan holds of it still.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted, or the selection holds what can be no name.
  func guardSelection(
    _ selection: RollbackRequest.Selection, of names: [String]
  ) throws -> String {
    let meant: String
    if case .names(let roots, _) = selection {
      let roots = try roots.map { try MigrationName.fromArgument($0).text }
      meant = call("migration_rollback_cascade", try texts(roots))
    } else {
      let range = try selection.rangeValues(quotedBy: quote)
      func value(_ key: String, _ type: String) -> String {
        "\(range[key] ?? "NULL")::pg_catalog.\(type)"
      }
      meant = call(
        "migration_rollback_range", value("to", "text"), value("version", "text"),
        value("last", "int8"))
    }
    return call("migration_guard_selection", try texts(names), "(\(meant))")
  }

  /// Marks migrations rolled back and writes their events.
  ///
  /// - Parameters:
  ///   - names: the migrations, in their order.
  ///   - run: who rolls it back.
  ///   - withRemovedRows: whether the events' details take up what `remove_runner_rows.sql` left.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func recordRollbacks(
    of names: [String], run: RunIdentity, withRemovedRows: Bool = false
  ) throws -> String {
    let removed =
      withRemovedRows ? "pg_catalog.current_setting('migration_manager.removed_rows')" : "NULL"
    return try call(
      "migration_record_rollbacks", uuid(run.id), texts(names), jsonb(run.clientJSON()),
      "\(removed)::pg_catalog.jsonb")
  }

  /// Records a migration whose SQL failed; yields the status afterwards.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - direction: which of its texts failed. A failed apply leaves no more than an event.
  ///   - error: what the server said.
  ///   - run: who ran it.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func recordFailure(
    of name: String, _ direction: Direction, error: RecordedError, run: RunIdentity
  ) throws -> String {
    try call(
      "migration_record_failure", uuid(run.id), text(direction.operation), text(name),
      jsonb(encodedJSON(error)), jsonb(run.clientJSON()))
  }

  /// Refuses, by raising, what must not be applied any more; raises MM013 where somebody else has
  /// applied it.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - dependencies: what it depends on.
  ///   - newest: what must not be rolled back meanwhile; nil for nothing.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func guardApply(
    of name: String, dependsOn dependencies: [String], after newest: String?
  ) throws -> String {
    try call(
      "migration_guard_apply", text(name),
      "ARRAY[\(dependencies.map(quote).joined(separator: ", "))]::pg_catalog.text[]",
      "\(newest.map(quote) ?? "NULL")::pg_catalog.text")
  }

  /// Records a migration that has just been applied, and writes the event. To be sent under the
  /// connection's own search path, which is recorded where the file sets none.
  func recordApply(_ migration: RegisteredMigration, run: RunIdentity) throws -> String {
    try call(
      "migration_record_apply", uuid(run.id), jsonb(encodedJSON(migration)),
      jsonb(run.clientJSON()), "pg_catalog.current_schemas(false)")
  }

  /// Records or refreshes a migration; yields `registered` or `refreshed`.
  func register(_ migration: RegisteredMigration, run: RunIdentity) throws -> String {
    try call(
      "migration_register", uuid(run.id), jsonb(encodedJSON(migration)), jsonb(run.clientJSON()))
  }

  /// Records many that have no row, given in the order of their versions; yields the names of those
  /// that it recorded.
  func sync(_ migrations: [RegisteredMigration], run: RunIdentity) throws -> String {
    try call(
      "migration_sync", uuid(run.id), jsonb(joining: encodedJSON(arrayOf: migrations)),
      jsonb(run.clientJSON()))
  }

  /// Sets a migration's status by hand.
  ///
  /// - Parameters:
  ///   - name: the migration.
  ///   - status: `applied` or `rolledBack`.
  ///   - seen: the status by which that was decided; nil without a row.
  ///   - run: who decided.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func resolve(
    _ name: String, as status: MigrationStatus, seen: MigrationStatus?, run: RunIdentity
  ) throws -> String {
    try call(
      "migration_resolve", uuid(run.id), text(name), text(MigrationName(name).version),
      text(status.rawValue), text(seen?.rawValue ?? RegisteredMigration.noRow),
      jsonb(run.clientJSON()))
  }

  /// Gives a migration another name, and the version in it.
  func rename(_ name: String, to newName: String, run: RunIdentity) throws -> String {
    try call(
      "migration_rename", uuid(run.id), text(name), text(newName),
      text(MigrationName(newName).version), jsonb(run.clientJSON()))
  }

  /// Deletes a migration's row, where its status is still the one that was seen.
  func forget(_ name: String, seen: MigrationStatus?, run: RunIdentity) throws -> String {
    try call(
      "migration_forget", uuid(run.id), text(name),
      text(seen?.rawValue ?? RegisteredMigration.noRow), jsonb(run.clientJSON()))
  }

  /// Gives a role what `list`, `check` and the like need.
  func grantReader(_ role: String) throws -> String {
    try call("migration_grant_reader", "\(quote(role))::pg_catalog.name")
  }

  /// Gives a role what writing commands need.
  func grantOperator(_ role: String) throws -> String {
    try call("migration_grant_operator", "\(quote(role))::pg_catalog.name")
  }

  /// Sets the search path of the rest of the transaction.
  func setSearchPath(_ path: String) throws -> String {
    try "SELECT pg_catalog.set_config('search_path', \(quote(path)), true)"
  }

  /// An argument may be megabytes: it is copied once.
  func call(_ function: String, _ arguments: String...) -> String {
    var text = "SELECT \(schema.quotedIdentifier).\(function)("
    text.reserveCapacity(arguments.reduce(text.utf8.count + 1) { $0 + $1.utf8.count + 2 })
    for (index, argument) in arguments.enumerated() {
      if index > 0 { text += ", " }
      text += argument
    }
    text += ")"
    return text
  }

  func text(_ value: String) throws -> String { try "\(quote(value))::pg_catalog.text" }
  func texts(_ values: [String]) throws -> String {
    try "\(quote(TextArray.literal(values)))::pg_catalog.text[]"
  }
  func integer(_ value: Int) -> String { "\(value)::pg_catalog.int4" }
  func uuid(_ value: String) throws -> String { try "\(quote(value))::pg_catalog.uuid" }
  func jsonb(_ value: String) throws -> String { try "\(quote(value))::pg_catalog.jsonb" }
  private func jsonb(joining pieces: [[UInt8]]) throws -> String {
    var literal = try quoteJoined(pieces)
    literal += "::pg_catalog.jsonb"
    return literal
  }
}

/// What the ledger keeps of an error.
struct RecordedError: Encodable, Equatable {
  /// The five characters of the server's SQLSTATE.
  var sqlstate: String
  /// The server's message.
  var message: String
  /// The server's DETAIL.
  var detail: String?
  /// `FILE:LINE:COL`.
  var location: String?
  /// The statement that failed.
  var statement: String?
}

/// What the ledger takes of a migration.
struct RegisteredMigration: Equatable, Sendable {
  /// Facts that have no column of their own.
  struct Metadata: Equatable, Sendable {
    var upChecksum: String?
    var rollbackChecksum: String?
    var upCodeChecksum: String?
    var rollbackCodeChecksum: String?
    var sectionStyle: String?
    var sectionLine: Int?
    var searchPath: String?
    /// Whether the file sets the path itself: a refresh then takes it too.
    var searchPathFromFile: Bool?
    /// `none` where its up SQL runs without a transaction around all of it; else nil.
    var upTransaction: String?
    /// The same of its rollback SQL.
    var rollbackTransaction: String?
    var irreversible: String?
    /// The migration that this one undoes.
    var reverts: String?
    /// What told that it was applied; nil for one that this program applied itself.
    var evidence: String?
    var forced: Bool?
    /// Whether nothing told, and it was taken for applied because it is old enough.
    var assumed: Bool?
  }

  var name: String
  var version: String
  var rollbackSQL: String?
  var checksum: String
  var metadata: Metadata
  var dependsOn: [String]
  /// The status that was read before it was decided to record it, or ``noRow``: what was looked for
  /// in the catalog then may be gone since. Nil where nothing was looked for.
  var seenStatus: String?
  /// What the event is called; nil for `register`.
  var operation: String?

  /// The ``seenStatus`` of a migration that had no row.
  static let noRow = "none"
}

extension RegisteredMigration: JSONObjectConvertible {
  /// Writes it as `migration_register` takes it.
  func write(to text: inout JSONObjectText) {
    text.member("name", name)
    text.member("version", version)
    text.member("rollback_sql", rollbackSQL)
    text.member("checksum", checksum)
    text.member("metadata", metadata)
    text.member("depends_on", dependsOn)
    text.member("seen_status", seenStatus)
    text.member("operation", operation)
  }
}

extension RegisteredMigration.Metadata: JSONObjectConvertible {
  /// Writes it as it stands in the column.
  func write(to text: inout JSONObjectText) {
    text.member("up_checksum", upChecksum)
    text.member("rollback_checksum", rollbackChecksum)
    text.member("up_code_checksum", upCodeChecksum)
    text.member("rollback_code_checksum", rollbackCodeChecksum)
    text.member("section_style", sectionStyle)
    text.member("section_line", sectionLine)
    text.member("search_path", searchPath)
    text.member("search_path_from_file", searchPathFromFile)
    text.member("up_transaction", upTransaction)
    text.member("rollback_transaction", rollbackTransaction)
    text.member("irreversible", irreversible)
    text.member("reverts", reverts)
    text.member("evidence", evidence)
    text.member("forced", forced)
    text.member("assumed", assumed)
  }
}
