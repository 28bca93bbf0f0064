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

  /// Whether the same statement may succeed where no transaction is around it: `25001`, it cannot run
  /// in one; `2D000`, it ends the one that it runs in; `55P04`, it uses a value of an enum that is not
  /// committed yet.
  package var forbidsTransaction: Bool { ["25001", "2D000", "55P04"].contains(rawValue) }
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
  /// `25001`: the statement cannot run in a transaction block.
  package static let activeTransaction = SQLState(rawValue: "25001")
  /// `25006`: a write in a read-only transaction, or on a standby.
  package static let readOnlyTransaction = SQLState(rawValue: "25006")
  /// `2BP01`: other objects depend on what was to be dropped.
  package static let dependentObjectsStillExist = SQLState(rawValue: "2BP01")
  /// `2D000`: code of a procedure or block ends a transaction that is not its own.
  package static let invalidTransactionTermination = SQLState(rawValue: "2D000")
  /// `3D000`: the database does not exist.
  package static let invalidCatalogName = SQLState(rawValue: "3D000")
  /// `40001`: the transaction cannot be serialized with others.
  package static let serializationFailure = SQLState(rawValue: "40001")
  /// `40P01`: the transaction was chosen to break a deadlock.
  package static let deadlockDetected = SQLState(rawValue: "40P01")
  /// `42501`: the role lacks a privilege.
  package static let insufficientPrivilege = SQLState(rawValue: "42501")
  /// `42601`: syntax error.
  package static let syntaxError = SQLState(rawValue: "42601")
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
  /// `XX000`: internal error; also stands in where libpq itself failed and gave no code.
  package static let internalError = SQLState(rawValue: "XX000")
}
