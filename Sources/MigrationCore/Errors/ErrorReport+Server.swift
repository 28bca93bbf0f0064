internal import PostgresClient

extension ErrorReport {
  /// Statements of ours that failed; for a migration's own SQL see ``TransactionFailure``.
  ///
  /// - Parameters:
  ///   - error: what the server said, or that it went away.
  ///   - target: the database, for the words.
  init(_ error: QueryError, reading target: DatabaseTarget) {
    switch error.cause {
    case .connectionLost(let words):
      self.init(
        .connection, "the connection to \(target.description) was lost", details: [words],
        hint: "check the server and try again: nothing was changed")
    case .server(let error):
      self.init(error, target: target)
    }
  }

  /// A server's error to a statement of ours.
  init(_ error: PostgresError, target: DatabaseTarget) {
    if let state = LedgerState(error) {
      self.init(state, error, target: target)
      return
    }
    var details: [String] = []
    if let detail = error.detail { details.append("DETAIL: \(detail)") }
    let code: Code
    var hint = error.hint
    switch error.sqlState {
    case .insufficientPrivilege:
      code = .permission
      hint =
        hint
        ?? "let the ledger's owner run \(ShellWord.command("init --operator", target.user)), "
        + "or connect as another role"
    case .readOnlyTransaction:
      code = .connection
      hint = hint ?? "connect to the primary server, not to a standby"
    case .untranslatable:
      code = .sql
      hint =
        hint ?? "this database's encoding lacks that character: leave it out; nothing was changed"
    case .lockNotAvailable:
      code = .lock
      hint = hint ?? "try again, or give a longer --lock-timeout"
    case .queryCanceled:
      code = .sql
      hint = hint ?? "try again, or give a longer --statement-timeout"
    default:
      code = .sql
      if error.sqlState.isTransient { hint = hint ?? "nothing was changed: try again" }
    }
    self.init(
      code, error.message, details: details, hint: hint, sqlState: error.sqlState.rawValue)
  }

  /// What the ledger's own SQL raised. Its message and hint are the words; DETAIL is for programs.
  private init(_ state: LedgerState, _ error: PostgresError, target: DatabaseTarget) {
    let code: Code
    var details: [String] = []
    var hint = error.hint
    switch state {
    case .invisible, .readOnlyRole:
      code = .permission
    case .lockHeld:
      code = .lock
      if let holder = LockHolder(error) {
        details.append(holder.description)
        if let query = holder.shownQuery { details.append("running: \(query)") }
        hint = holder.wayOut
      }
    case .refused, .unknownMigration, .appliedMeanwhile, .leaseLost:
      code = .refused
      let refusals = decodedJSON([GuardRefusal].self, from: error.detail) ?? []
      details = refusals.flatMap { refusal in
        (refusals.count > 1 ? ["'\(refusal.name)': \(refusal.reason)"] : [])
          + (refusal.dependents ?? []).map { "depends on it: \($0)" }
      }
    case .selectionChanged:
      code = .refused
      details = decodedJSON(SelectionChange.self, from: error.detail)?.words ?? []
    case .dependencyCycle:
      code = .refused
      if let path = decodedJSON([String].self, from: error.detail) {
        details = [path.joined(separator: " -> ")]
      }
    case .foreignObject:
      code = .ledger
      let objects = decodedJSON([ForeignObject].self, from: error.detail) ?? []
      details = objects.map { object in
        let owner = object.owner.map { " owned by '\($0)'" } ?? ""
        return "\(object.kind) \(object.identity)\(owner)" + (object.why.map { ": \($0)" } ?? "")
      }
    case .absent, .incomplete, .newer, .belongsElsewhere, .wrongIsolation:
      code = .ledger
    }
    // The usual cause at night is the wrong database.
    if state == .absent { details.append("database: \(target.description)") }
    self.init(
      code, error.message, details: details, hint: hint, sqlState: error.sqlState.rawValue)
  }
}
