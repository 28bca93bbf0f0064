/// Who runs what, written into every event of one invocation.
struct RunIdentity: Sendable {
  /// The run's uuid, made by this program: finds the run's events after a lost connection.
  var id: String
  /// The operating system's user.
  var osUser: String
  /// This machine's name.
  var host: String
  /// The version of this program.
  var toolVersion: String
  /// `--reason`.
  var reason: String?

  /// The same run without the words that came from outside, which a database's encoding may lack.
  var withoutWords: RunIdentity {
    RunIdentity(id: id, osUser: "", host: "", toolVersion: toolVersion)
  }

  /// The JSON object that the ledger's recording functions take as `p_client`.
  ///
  /// - Returns: JSON text.
  func clientJSON() -> String { encodedJSON(self) }
}

extension RunIdentity: JSONObjectConvertible {
  /// Writes what the ledger's functions know of a client.
  func write(to text: inout JSONObjectText) {
    text.member("os_user", osUser)
    text.member("host", host)
    text.member("tool_version", toolVersion)
    text.member("reason", reason)
  }
}
