/// Why a string of statements did not run to its end.
package struct QueryError: Error, Sendable {
  /// What ended it.
  package enum Cause: Sendable {
    /// The server refused or failed a statement; the connection is as good as before.
    case server(PostgresError)
    /// The connection is gone: what became of the last statements is not known. Holds the last
    /// words of the server if it had any, else libpq's.
    case connectionLost(String)
  }

  /// What ended it.
  package var cause: Cause
  /// How many statements of the string were completed before; so many statements from the start
  /// of the string lies the one that failed.
  package var completedStatements: Int
  /// The results of the completed statements.
  package var results: [QueryResult]

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - cause: what ended the string.
  ///   - completedStatements: how many statements were completed before.
  ///   - results: the results of those.
  package init(cause: Cause, completedStatements: Int = 0, results: [QueryResult] = []) {
    self.cause = cause
    self.completedStatements = completedStatements
    self.results = results
  }

  /// The server's error, if it was one that left the connection alive.
  package var serverError: PostgresError? {
    if case .server(let error) = cause { error } else { nil }
  }

  /// Whether the connection is gone.
  package var isConnectionLost: Bool {
    if case .connectionLost = cause { true } else { false }
  }
}

extension QueryError: CustomStringConvertible {
  /// The server's error on one line, or that the connection was lost and why.
  package var description: String {
    switch cause {
    case .server(let error): error.description
    case .connectionLost(let reason): "connection lost: \(reason)"
    }
  }
}
