package import MigrationCore

extension SessionOptions {
  /// The options that a command line gives; the core fills in the rest from the environment.
  ///
  /// - Parameter line: the command line.
  package init(_ line: ParsedCommandLine) {
    self.init()
    directory = line.text(.directory)
    databaseURL = line.text(.databaseURL)
    schema = line.text(.schema)
    lockTimeoutMilliseconds = line.milliseconds(.lockTimeout) ?? lockTimeoutMilliseconds
    lockRetries = line.integer(.lockRetries) ?? lockRetries
    waitSeconds = line.seconds(.wait) ?? waitSeconds
    statementTimeoutMilliseconds = line.milliseconds(.statementTimeout)
    connectTimeoutSeconds = line.seconds(.connectTimeout)
    connectWaitSeconds = line.seconds(.connectWait) ?? connectWaitSeconds
  }
}
