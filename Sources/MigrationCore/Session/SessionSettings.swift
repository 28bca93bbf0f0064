/// The settings that are in force: what the command line, variables, the configuration file and the
/// defaults come to.
package struct SessionSettings: Equatable, Sendable {
  /// Where the ledger lives; nil means `public`, or `migration_manager` beside Prisma.
  package var schema: String?
  /// Milliseconds a statement waits for a lock; 0 waits for ever.
  package var lockTimeoutMilliseconds: Int
  /// Whether the command line says so. What runs outside a transaction waits without holding anyone up,
  /// and often for long: neither the default nor a file that was written for all commands is for it.
  package var isLockTimeoutSet: Bool
  /// How often a transaction that met a lock is tried again.
  package var lockRetries: Int
  /// Seconds to wait for another runner.
  package var waitSeconds: Int
  /// Milliseconds a statement may run; nil leaves the server's setting.
  package var statementTimeoutMilliseconds: Int?
  /// Seconds; nil means what the URL or `PGCONNECT_TIMEOUT` says, else 10.
  package var connectTimeoutSeconds: Int?
  /// Seconds to go on trying while a server is still starting.
  package var connectWaitSeconds: Int

  /// Takes what is set, and the defaults for the rest.
  ///
  /// - Parameters:
  ///   - values: what is set.
  ///   - options: those of them that the command line sets.
  package init(_ values: [Setting: SettingValue] = [:], options: Set<Setting> = []) {
    func value(_ setting: Setting) -> SettingValue? { values[setting] ?? setting.standard }
    func number(_ setting: Setting) -> Int? {
      switch value(setting) {
      case .integer(let number)?, .milliseconds(let number)?: number
      case .text?, nil: nil
      }
    }
    // Of a second that has begun, all: a time above zero stays above zero.
    func seconds(_ setting: Setting) -> Int? { number(setting).map { ($0 + 999) / 1_000 } }
    schema = value(.schema)?.text
    lockTimeoutMilliseconds = number(.lockTimeout) ?? 0
    isLockTimeoutSet = options.contains(.lockTimeout)
    lockRetries = number(.lockRetries) ?? 0
    waitSeconds = seconds(.wait) ?? 0
    statementTimeoutMilliseconds = number(.statementTimeout)
    connectTimeoutSeconds = seconds(.connectTimeout)
    connectWaitSeconds = seconds(.connectWait) ?? 0
  }
}
