package import MigrationCore

extension SessionOptions {
  /// The options that a command line gives; the core fills in the rest.
  ///
  /// - Parameter line: the command line.
  package init(_ line: ParsedCommandLine) {
    self.init()
    environment = line.text(.environment)
    configurationFile = line.text(.configuration)
    directory = line.text(.directory)
    databaseURL = line.text(.databaseURL)
    confirmedDatabase = line.text(.confirm)
    schema = line.text(.schema)
    lockTimeoutMilliseconds = line.milliseconds(.lockTimeout)
    lockRetries = line.integer(.lockRetries)
    waitMilliseconds = line.milliseconds(.wait)
    statementTimeoutMilliseconds = line.milliseconds(.statementTimeout)
    connectTimeoutMilliseconds = line.milliseconds(.connectTimeout)
    connectWaitMilliseconds = line.milliseconds(.connectWait)
  }
}
