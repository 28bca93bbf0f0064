/// The settings a transaction of ours runs under.
struct TransactionSettings: Equatable, Sendable {
  /// `lock_timeout`, milliseconds; 0 waits for ever.
  var lockTimeoutMilliseconds: Int
  /// `statement_timeout`, milliseconds; nil leaves the session's.
  var statementTimeoutMilliseconds: Int?

  /// What the server said of the session; nil where it was not asked yet.
  var facts: SessionFacts?

  /// The settings that the options ask for.
  ///
  /// - Parameters:
  ///   - options: the options.
  ///   - facts: what the server said of the session; nil where it was not asked yet.
  init(_ options: SessionSettings, _ facts: SessionFacts?) {
    self.facts = facts
    lockTimeoutMilliseconds = options.lockTimeoutMilliseconds
    statementTimeoutMilliseconds = options.statementTimeoutMilliseconds
  }

  /// `SET LOCAL`s: nothing of them outlives the transaction, so a pooler's next client is safe.
  ///
  /// `idle_in_transaction_session_timeout` ends a transaction whose client hangs (manual, chapter
  /// 20.11 "Client Connection Defaults"), and `client_connection_check_interval` one whose client is gone.
  var statements: [String] {
    var statements = [
      "SET LOCAL lock_timeout = \(lockTimeoutMilliseconds)",
      "SET LOCAL idle_in_transaction_session_timeout = '30s'",
    ]
    if let facts {
      if facts.canCheckConnection {
        statements.append("SET LOCAL client_connection_check_interval = '1s'")
      }
      if facts.commitsAsynchronously { statements.append("SET LOCAL synchronous_commit = on") }
    } else {
      statements.append(Self.safeguards)
    }
    if let statementTimeoutMilliseconds {
      statements.append("SET LOCAL statement_timeout = \(statementTimeoutMilliseconds)")
    }
    return statements
  }

  /// Settings that depend on the server, where it was not asked what it is.
  ///
  /// - `client_connection_check_interval` (PostgreSQL 14 and later, not on every system; chapter
  ///   20.3 "Connections and Authentication"): without it a backend whose client was killed works
  ///   on, and commits what nobody waits for any more.
  /// - `synchronous_commit` (chapter 20.5 "Write Ahead Log"): under `off` a crash can take back
  ///   what was reported as committed.
  static let safeguards = """
    DO $$
    BEGIN
      IF pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off' THEN
        PERFORM pg_catalog.set_config('synchronous_commit', 'on', true);
      END IF;
      BEGIN
        PERFORM pg_catalog.set_config('client_connection_check_interval', '1s', true);
      EXCEPTION
        WHEN undefined_object OR invalid_parameter_value THEN
          NULL;
      END;
    END
    $$
    """
}
