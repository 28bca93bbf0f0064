internal import LedgerSQL

/// Calls of the functions that journal what runs statement by statement.
extension LedgerCalls {
  /// Takes the lock and the lease, for a run that begins or goes on.
  ///
  /// - Parameters:
  ///   - work: what runs.
  ///   - done: how many statements the journal showed as done; raises MM014 where it shows others now.
  ///   - isDirect: whether the connection's process serves this run alone.
  ///   - run: who runs it.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func beginSteps(
    of work: StepwiseWork, done: Int, isDirect: Bool, run: RunIdentity
  ) throws -> String {
    try call(
      "migration_begin_steps", uuid(run.id), text(work.name), text(work.direction.rawValue),
      integer(done), "\(work.sqlChecksum.map(quote) ?? "NULL")::pg_catalog.text",
      "\(isDirect)::pg_catalog.bool", jsonb(run.clientJSON()))
  }

  /// Takes the lock, and renews the lease for a statement, counted from 1; raises MM015 where another
  /// run has it.
  func keepLease(for number: Int, of work: StepwiseWork, run: RunIdentity) throws -> String {
    try call(
      "migration_keep_lease", uuid(run.id), text(work.name), text(work.direction.rawValue),
      integer(number))
  }

  /// Journals that a statement is begun which runs alone.
  ///
  /// - Parameters:
  ///   - unit: the statement.
  ///   - observation: what the catalog holds of its objects; nil where none tells.
  ///   - work: what it is of.
  ///   - run: who runs it.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func startStep(
    _ unit: MigrationUnit, _ observation: Observation?, of work: StepwiseWork, run: RunIdentity
  ) throws -> String {
    try call(
      "migration_start_step", uuid(run.id), text(work.name), text(work.direction.rawValue),
      integer(unit.number), integer(work.units.count), text(unit.checksum),
      "\(observation.map { try quote($0.json) } ?? "NULL")::pg_catalog.jsonb")
  }

  /// Journals that a statement is done.
  func finishStep(_ unit: MigrationUnit, of work: StepwiseWork, run: RunIdentity) throws -> String {
    try call(
      "migration_finish_step", uuid(run.id), text(work.name), text(work.direction.rawValue),
      integer(unit.number), integer(work.units.count), text(unit.checksum))
  }

  /// Journals that a statement failed.
  ///
  /// - Parameters:
  ///   - unit: the statement.
  ///   - work: what it is of.
  ///   - error: why.
  ///   - left: what it left behind, as ``Observation/left``; nil where that is not known.
  ///   - run: who ran it.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func failStep(
    _ unit: MigrationUnit, of work: StepwiseWork, error: String, left: [Observation.Index]?,
    run: RunIdentity
  ) throws -> String {
    try call(
      "migration_fail_step", uuid(run.id), text(work.name), text(work.direction.rawValue),
      integer(unit.number), integer(work.units.count), text(unit.checksum), text(error),
      "\(left.map { try quote(encodedJSON($0)) } ?? "NULL")::pg_catalog.jsonb")
  }

  /// Closes the journal and gives the lease back; what records the migration follows.
  func endSteps(of work: StepwiseWork, run: RunIdentity) throws -> String {
    try call(
      "migration_end_steps", uuid(run.id), text(work.name), text(work.direction.rawValue))
  }

  /// Writes into the audit trail what a person said of a statement whose end nobody saw: what follows was
  /// done on that word.
  ///
  /// - Parameters:
  ///   - answer: what was said.
  ///   - unit: the statement.
  ///   - work: what it is of.
  ///   - run: in which it was said; names who did.
  /// - Returns: the call.
  /// - Throws: when a value cannot be quoted.
  func recordAnswer(
    _ answer: UnseenAnswer, about unit: MigrationUnit, of work: StepwiseWork, run: RunIdentity
  ) throws -> String {
    struct Details: Encodable {
      var direction: String
      var statement: Int
      var of: Int
      var answer: String
    }
    let details = Details(
      direction: work.direction.rawValue, statement: unit.number, of: work.units.count,
      answer: answer.rawValue)
    return try call(
      "migration_record_events", uuid(run.id), text("unseen"), texts([work.name]),
      text("answered"), jsonb(run.clientJSON()), "NULL::pg_catalog.text",
      jsonb(encodedJSON(details)))
  }

  /// Raises MM004 where another run has the lease, and is alive.
  var checkLease: String { call("migration_check_lease") }

  /// Gives the lease back.
  func releaseLease(run: RunIdentity) throws -> String {
    try call("migration_release_lease", uuid(run.id))
  }

  /// Sets the search path of the session.
  func setSessionSearchPath(_ path: String) throws -> String {
    try "SELECT pg_catalog.set_config('search_path', \(quote(path)), false)"
  }
}
