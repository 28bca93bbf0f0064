package import MigrationCore
package import Platform

/// What the program tells its caller: see "Exit status" in docs/commands.md.
package struct ExitStatus: Equatable, Sendable {
  /// The number given to `exit`.
  package let code: Int32

  /// Done, or nothing to do.
  package static let done = ExitStatus(code: 0)
  /// The answer is no: refused, declined; nothing was changed by what was refused.
  package static let refused = ExitStatus(code: 1)
  /// It failed: connection, SQL, files, output.
  package static let failed = ExitStatus(code: 2)
  /// The command line is wrong (EX_USAGE of sysexits.h).
  package static let usage = ExitStatus(code: 64)
  /// Standard output closed under a reading command: 128 + SIGPIPE.
  package static let outputClosed = ExitStatus(code: 141)

  /// The status of an error.
  ///
  /// - Parameters:
  ///   - code: the kind of error.
  ///   - signal: the signal that came, if one did.
  /// - Returns: 64 for usage, 1 for a refusal, for an interruption 128 and the signal's number as
  ///   shells count (130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP), else 2.
  package static func of(_ code: ErrorReport.Code, signal: InterruptSignal?) -> ExitStatus {
    switch code {
    case .usage: .usage
    case .refused: .refused
    case .interrupted: ExitStatus(code: (signal ?? .interrupt).exitStatus)
    case .connection, .permission, .ledger, .file, .sql, .lock, .fateUnknown, .internalError:
      .failed
    }
  }
}
