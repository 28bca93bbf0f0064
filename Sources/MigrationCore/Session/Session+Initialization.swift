internal import LedgerSQL
internal import Platform
internal import PostgresClient

extension Session {
  /// Creates or upgrades the ledger, and gives roles their rights on it.
  ///
  /// - Parameters:
  ///   - readers: roles to give what `list` and `check` need.
  ///   - operators: roles to give what writing commands need.
  /// - Returns: what was done; nothing, where the ledger was complete.
  /// - Throws: ``ErrorReport``; nothing was changed then.
  public func initialize(readers: [String], operators: [String]) throws -> InitializationResult {
    let database = try database()
    let outcome = try ensureLedger {
      let calls = database.calls
      return try readers.map(calls.grantReader) + operators.map(calls.grantOperator)
    }
    return InitializationResult(
      outcome: outcome, schema: database.schema.name, readers: readers, operators: operators)
  }

  /// Makes the ledger that a command needs, and says so: nobody asked for it by name.
  func createLedgerUnasked() throws {
    let outcome = try ensureLedger()
    let database = try database()
    guard outcome == .created else { return }
    observe(
      .note(
        "created the ledger in schema '\(database.schema.name)' of \(database.target.description)"))
  }

  /// Makes sure that the ledger is there, complete and current.
  ///
  /// - Parameter grants: statements that let roles in, run in the same transaction.
  /// - Returns: what was done.
  /// - Throws: ``ErrorReport``; nothing was changed then.
  @discardableResult
  func ensureLedger(
    _ grants: () throws -> [String] = { [] }
  ) throws -> InitializationResult.Outcome {
    let database = try database()
    let outcome = try whatLedgerNeeds()
    let grants = try grants()
    guard outcome != .present || !grants.isEmpty else { return outcome }
    let run = newRun(reason: nil)
    do {
      // The creation takes the lock itself, before the ledger's functions exist.
      try transaction(lock: outcome == .present ? database.calls.lock : nil) {
        [
          try database.statement(
            .sessionRun,
            ["run": database.quote(run.id), "client": database.quote(run.clientJSON())])
        ] + (outcome == .present ? [] : [LedgerSQL.creation(in: database.schema)]) + grants
      }
    } catch var report as ErrorReport
      where report.sqlState == SQLState.insufficientPrivilege.rawValue
    {
      report.hint =
        outcome == .created
        ? "connect as a role that may create there, such as the database's owner; "
          + "'migration-manager init --operator ROLE' then lets others in"
        : "connect as the ledger's owner: no other role may change it or let others in"
      throw report
    }
    return outcome
  }

  /// What must become of the ledger before it can be written to.
  private func whatLedgerNeeds() throws -> InitializationResult.Outcome {
    do {
      _ = try database().read(.write) { _ in [] }
      return .present
    } catch let report as ErrorReport {
      switch report.sqlState.flatMap(LedgerState.init(rawValue:)) {
      case .absent:
        _ = try database().read(.create) { _ in [] }
        return .created
      case .incomplete: return .upgraded
      default: throw report
      }
    }
  }

  /// Runs statements in one transaction under the lock of all runners, waiting for it by try.
  ///
  /// - Parameters:
  ///   - lock: the statement that takes the lock; nil when `statements` take it.
  ///   - statements: what to run.
  /// - Returns: the results of all statements.
  /// - Throws: ``ErrorReport``; nothing was changed then, or the connection was lost and the error
  ///   says so.
  @discardableResult
  func transaction(lock: String?, _ statements: () throws -> [String]) throws -> [QueryResult] {
    let database = try database()
    if let impediment = database.writeImpediment { throw impediment }
    let settings = try settings()
    let script =
      (["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"]
      + database.settings(settings).statements + (lock.map { [$0] } ?? []) + (try statements())
      + ["COMMIT"]).joined(separator: ";\n")
    var waiting = RunnerWait(seconds: settings.waitSeconds, observe: observe)
    return try Interrupts.protected {
      while true {
        do {
          let results = try database.execute(script)
          // Committed: no signal may say otherwise any more.
          Interrupts.settle()
          return results
        } catch let interruption as InterruptedError {
          throw ErrorReport(interruptedBy: interruption.signal)
        } catch let error as QueryError {
          if database.isInTransaction { _ = try? database.conclude("ROLLBACK") }
          let report = ErrorReport(error, writing: database.target)
          if LedgerState(error.serverError) == .lockHeld {
            try waiting.waitForTurn(report, holder: error.serverError.flatMap(LockHolder.init))
            continue
          }
          if error.serverError?.sqlState == .queryCanceled, let signal = Interrupts.pending {
            throw ErrorReport(interruptedBy: signal)
          }
          throw report
        }
      }
    }
  }
}

extension ErrorReport {
  /// A writing transaction of ours that failed.
  fileprivate init(_ error: QueryError, writing target: DatabaseTarget) {
    self.init(error, reading: target)
    guard error.isConnectionLost else { return }
    code = .fateUnknown
    hint =
      "whether it was committed is not known: run the same command again, it does no harm twice"
  }
}
