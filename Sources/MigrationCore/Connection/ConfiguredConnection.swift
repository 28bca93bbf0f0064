/// What the configuration file says of the database to connect to.
package struct ConfiguredConnection: Equatable, Sendable {
  /// The file's path, as it is shown.
  package var path: String
  /// The environment that was chosen; nil without one.
  package var environment: String?
  /// The `url` of that environment, or of the file's own keys; nil where it has none.
  package var url: ConfiguredURL?

  /// Describes what a file says.
  ///
  /// - Parameters:
  ///   - path: the file's path.
  ///   - environment: the environment that was chosen; nil without one.
  ///   - url: its `url`.
  package init(path: String, environment: String?, url: ConfiguredURL?) {
    self.path = path
    self.environment = environment
    self.url = url
  }

  /// Where it stands.
  var origin: SettingOrigin { .file(path: path, environment: environment) }

  /// The error for a variable that is not set.
  func unset(_ variable: String) -> ErrorReport {
    let subject = environment.map { "the url of environment '\($0)'" } ?? "the url"
    return ErrorReport(
      .connection, "\(subject) is in the variable '\(variable)', which is not set",
      details: ["'\(path)' names it"],
      hint: "set it in the environment or in .env, or give --database-url")
  }

  /// The error for an environment that names no database: what a variable happens to name, or the
  /// file names for all, may be quite another one.
  func missing(in environment: String) -> ErrorReport {
    ErrorReport(
      .connection, "environment '\(environment)' has no url in '\(path)'",
      hint: "give it one, such as \"url\": \"$DATABASE_URL\", or give --database-url")
  }
}
