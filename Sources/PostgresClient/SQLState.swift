/// A five-character error code of PostgreSQL (manual, appendix A, "PostgreSQL Error Codes").
///
/// Codes are compared, never messages: a server may speak any language.
package struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The five characters, for instance `42P01`.
  package let rawValue: String

  /// Wraps a code as the server sent it.
  ///
  /// - Parameter rawValue: the five characters of the code.
  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The code itself, as it is shown to people.
  package var description: String { rawValue }

  /// The first two characters, which name the class of the error, for instance `08`.
  package var classCode: String { String(rawValue.prefix(2)) }

  /// Whether the same statement may succeed if it is simply tried again: locks, serialization,
  /// cancellation, shutdown, connection trouble (class 08) and exhausted resources (class 53).
  package var isTransient: Bool {
    switch self {
    case .lockNotAvailable, .serializationFailure, .deadlockDetected, .queryCanceled: true
    case _ where rawValue.hasPrefix("57P0"): true
    default: classCode == "08" || classCode == "53"
    }
  }
}

extension SQLState {
  /// `00000`: no error.
  package static let successfulCompletion = SQLState(rawValue: "00000")
  /// `01000`: a warning.
  package static let warning = SQLState(rawValue: "01000")
  /// `08006`: the connection was lost.
  package static let connectionFailure = SQLState(rawValue: "08006")
  /// `0A000`: the server, or this client, does not support what was asked.
  package static let featureNotSupported = SQLState(rawValue: "0A000")
  /// `22021`: a byte sequence that the encoding does not allow, a zero byte among them.
  package static let characterNotInRepertoire = SQLState(rawValue: "22021")
  /// `22P05`: a character that the database's encoding lacks.
  package static let untranslatable = SQLState(rawValue: "22P05")
  /// `23503`: a foreign key is violated.
  package static let foreignKeyViolation = SQLState(rawValue: "23503")
  /// `23505`: a unique constraint is violated.
  package static let uniqueViolation = SQLState(rawValue: "23505")
  /// `25001`: the statement refuses to run inside a transaction block.
  package static let activeSQLTransaction = SQLState(rawValue: "25001")
  /// `25006`: a write in a read-only transaction, or on a standby.
  package static let readOnlyTransaction = SQLState(rawValue: "25006")
  /// `25P01`: there is no transaction in progress.
  package static let noActiveTransaction = SQLState(rawValue: "25P01")
  /// `25P02`: the transaction has failed; statements are ignored until it ends.
  package static let inFailedTransaction = SQLState(rawValue: "25P02")
  /// `25P03`: the session sat idle in a transaction for too long and was ended.
  package static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
  /// `28000`: the role does not exist, may not log in, or no `pg_hba.conf` line admits it.
  package static let invalidAuthorization = SQLState(rawValue: "28000")
  /// `28P01`: the password is wrong.
  package static let invalidPassword = SQLState(rawValue: "28P01")
  /// `2BP01`: other objects depend on what should be dropped.
  package static let dependentObjectsStillExist = SQLState(rawValue: "2BP01")
  /// `3D000`: the database does not exist.
  package static let invalidCatalogName = SQLState(rawValue: "3D000")
  /// `3F000`: the schema does not exist.
  package static let invalidSchemaName = SQLState(rawValue: "3F000")
  /// `40001`: the transaction cannot be serialized with others.
  package static let serializationFailure = SQLState(rawValue: "40001")
  /// `40P01`: the transaction was chosen to break a deadlock.
  package static let deadlockDetected = SQLState(rawValue: "40P01")
  /// `42501`: the role lacks a privilege.
  package static let insufficientPrivilege = SQLState(rawValue: "42501")
  /// `42601`: syntax error.
  package static let syntaxError = SQLState(rawValue: "42601")
  /// `42703`: the column does not exist.
  package static let undefinedColumn = SQLState(rawValue: "42703")
  /// `42704`: the type, role, index or other object does not exist.
  package static let undefinedObject = SQLState(rawValue: "42704")
  /// `42710`: an object of that name exists already.
  package static let duplicateObject = SQLState(rawValue: "42710")
  /// `42883`: the function does not exist.
  package static let undefinedFunction = SQLState(rawValue: "42883")
  /// `42P01`: the table does not exist.
  package static let undefinedTable = SQLState(rawValue: "42P01")
  /// `42P07`: a table of that name exists already.
  package static let duplicateTable = SQLState(rawValue: "42P07")
  /// `53300`: the server takes no more connections.
  package static let tooManyConnections = SQLState(rawValue: "53300")
  /// `55P03`: a lock was not to be had in time, or at once under NOWAIT.
  package static let lockNotAvailable = SQLState(rawValue: "55P03")
  /// `57014`: the statement was cancelled, by request or by `statement_timeout`.
  package static let queryCanceled = SQLState(rawValue: "57014")
  /// `57P01`: the administrator ended the session or the server.
  package static let adminShutdown = SQLState(rawValue: "57P01")
  /// `57P02`: another session crashed and the server ended all of them.
  package static let crashShutdown = SQLState(rawValue: "57P02")
  /// `57P03`: the server is starting up, shutting down or recovering.
  package static let cannotConnectNow = SQLState(rawValue: "57P03")
  /// `P0001`: raised by `RAISE EXCEPTION` without a code.
  package static let raisedException = SQLState(rawValue: "P0001")
  /// `XX000`: internal error; also stands in where libpq itself failed and gave no code.
  package static let internalError = SQLState(rawValue: "XX000")
}
