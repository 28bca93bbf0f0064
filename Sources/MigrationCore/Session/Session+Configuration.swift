internal import Platform
internal import PostgresClient

extension Session {
  /// What is in force; the files are read once.
  func configuration() throws -> Configuration {
    if let knownConfiguration { return knownConfiguration }
    let file = try configurationFile()
    if let file { warnOfURLs(in: file) }
    let configuration = try Configuration.choose(
      options, file: file, environment: Environment.value(for:), dotEnv: try dotEnvEntries())
    knownConfiguration = configuration
    return configuration
  }

  /// The configuration file: the one that is named, else the one of the working directory, else nil.
  func configurationFile() throws -> ConfigurationFile? {
    let path = options.configurationFile ?? ConfigurationFile.standardPath
    if options.configurationFile == nil, !FileSystem.entryExists(atPath: path) { return nil }
    do {
      return try ConfigurationFile.read(try FileSystem.readFile(atPath: path), path: path)
    } catch let error as FileSystemError {
      throw ErrorReport(
        .file, "cannot read the configuration file '\(path)': \(error.reason)",
        hint: options.configurationFile == nil
          ? "make it readable, or name another one with --config"
          : "name an existing file with --config")
    }
  }

  /// The settings of `.env` in the working directory; none without it.
  ///
  /// - Parameter variable: one that the configuration file names, and that counts too.
  /// - Returns: the settings in their order.
  /// - Throws: ``ErrorReport`` of code `file` for an open quote.
  func dotEnvEntries(with variable: String? = nil) throws -> [DotEnv.Entry] {
    guard FileSystem.fileExists(atPath: ".env") else { return [] }
    do {
      let bytes = try FileSystem.readFile(atPath: ".env")
      return try DotEnv.entries(in: String(decoding: bytes, as: UTF8.self), with: variable)
    } catch let error as FileSystemError {
      // The connection is looked for after the configuration: it was said then.
      if knownConfiguration == nil { observe(.warning("cannot read .env: \(error.reason)")) }
      return []
    }
  }

  /// The file is made to be shared, and passwords are not; and a variable is all of a URL, or none.
  private func warnOfURLs(in file: ConfigurationFile) {
    for (environment, section) in file.sections {
      guard let configured = section.url, case .literal(let url) = configured else { continue }
      let key = environment.map { "environments.\($0).url" } ?? "url"
      let place = section.urlPlace.map { "\(file.path):\($0.line)" } ?? file.path
      if configured.seemsToNameVariable {
        observe(
          .warning(
            "\(place): '\(key)' holds a '$' with a name behind it, which is taken as it stands: put all "
              + "of the URL into a variable and write \"$NAME\""))
      } else if ConnectionString.holdsPassword(url) {
        observe(
          .warning(
            "\(place): '\(key)' holds a password: put the URL into a variable and write \"$NAME\", "
              + "or leave the password to PGPASSWORD or ~/.pgpass"))
      }
    }
  }

  /// The names of the environments in the configuration file, for completing one that is typed.
  ///
  /// - Returns: the names in the file's order; none where there is no file, or it cannot be read.
  public func environmentNames() -> [String] {
    ((try? configurationFile()) ?? nil)?.environments.map(\.name) ?? []
  }
}
