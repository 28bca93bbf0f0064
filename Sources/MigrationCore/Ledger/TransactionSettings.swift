/// The settings a transaction of ours runs under.
struct TransactionSettings: Equatable, Sendable {
  /// `lock_timeout`, milliseconds; 0 waits for ever.
  var lockTimeoutMilliseconds: Int
  /// `statement_timeout`, milliseconds; nil leaves the session's.
  var statementTimeoutMilliseconds: Int?

  /// The settings that the options ask for.
  init(_ options: SessionOptions) {
    lockTimeoutMilliseconds = options.lockTimeoutMilliseconds
    statementTimeoutMilliseconds = options.statementTimeoutMilliseconds
  }

  /// `SET LOCAL`s: nothing of them outlives the transaction, so a pooler's next client is safe.
  ///
  /// `idle_in_transaction_session_timeout` ends a transaction whose client hangs (manual, chapter
  /// 20.11 "Client Connection Defaults").
  var statements: [String] {
    var statements = [
      "SET LOCAL lock_timeout = \(lockTimeoutMilliseconds)",
      "SET LOCAL idle_in_transaction_session_timeout = '30s'",
    ]
    if let statementTimeoutMilliseconds {
      statements.append("SET LOCAL statement_timeout = \(statementTimeoutMilliseconds)")
    }
    return statements
  }
}
