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
  /// - Parameter details: further facts of this run, kept with the event.
  /// - Returns: JSON text.
  func clientJSON(details: [String: String] = [:]) -> String {
    struct Client: Encodable {
      var osUser: String
      var host: String
      var toolVersion: String
      var reason: String?
      var details: [String: String]

      enum CodingKeys: String, CodingKey {
        case osUser = "os_user"
        case host, reason, details
        case toolVersion = "tool_version"
      }
    }
    return encodedJSON(
      Client(osUser: osUser, host: host, toolVersion: toolVersion, reason: reason, details: details)
    )
  }
}
