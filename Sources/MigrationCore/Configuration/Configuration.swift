/// What is in force and who said so: the command line, variables, the configuration file and the
/// defaults, put together.
///
/// A setting is taken from the first that has it of: its option, the chosen environment's section
/// of the file, its variable, the file's own keys, the default.
package struct Configuration: Equatable, Sendable {
  /// The variable that chooses an environment where `--env` does not.
  package static let environmentVariable = "MIGRATION_MANAGER_ENV"
  /// The variable that names the migrations folder where `--dir` does not.
  package static let folderVariable = "MIGRATIONS_DIR"

  /// A setting and who set it.
  package struct Entry: Equatable, Sendable {
    /// What holds.
    package var value: SettingValue
    /// Who said so.
    package var origin: SettingOrigin
  }

  /// The environment that was chosen, and who chose it.
  package struct Choice: Equatable, Sendable {
    /// The environment's name.
    package var name: String
    /// `--env` or ``environmentVariable``.
    package var origin: SettingOrigin

    /// Names an environment and who chose it.
    package init(name: String, origin: SettingOrigin) {
      self.name = name
      self.origin = origin
    }
  }

  /// The configuration file; nil without one.
  package var file: ConfigurationFile?
  /// The environment that was chosen; nil without a choice.
  package var choice: Choice?
  /// Every setting that somebody set, but `url`: see ``connection``.
  package var entries: [Setting: Entry] = [:]
  /// What the file says of the database; nil without a file.
  package var connection: ConfiguredConnection?
  /// Whether the file calls the database protected.
  package var protection: Protection?

  /// Puts together what is said.
  ///
  /// - Parameters:
  ///   - options: what the command line says.
  ///   - file: the configuration file; nil without one.
  ///   - environment: looks a variable up; an empty one counts as not set.
  ///   - dotEnv: the settings of `.env`, which fill in what the environment lacks.
  /// - Returns: what is in force.
  /// - Throws: ``ErrorReport``: where an environment is chosen and there is no file, or the file does
  ///   not have it, and where the variable that chooses one is empty.
  package static func choose(
    _ options: SessionOptions, file: ConfigurationFile?, environment: (String) -> String?,
    dotEnv: [DotEnv.Entry]
  ) throws(ErrorReport) -> Configuration {
    var configuration = Configuration(file: file)
    func variable(_ name: String) -> (value: String, origin: SettingOrigin)? {
      if let value = environment(name), !value.isEmpty { return (value, .variable(name)) }
      return dotEnv.last { $0.key == name && !$0.value.isEmpty }.map { ($0.value, .dotEnv(name)) }
    }
    if let name = options.environment {
      configuration.choice = Choice(name: name, origin: .option("--env"))
    } else if environment(environmentVariable) == "" {
      throw emptyChoice(.variable(environmentVariable))
    } else if let name = variable(environmentVariable) {
      configuration.choice = Choice(name: name.value, origin: name.origin)
    } else if dotEnv.contains(where: { $0.key == environmentVariable }) {
      throw emptyChoice(.dotEnv(environmentVariable))
    }
    let chosen = try configuration.chosenSection()

    // The later ones win.
    if let file { configuration.take(file.general, .file(path: file.path, environment: nil)) }
    if let folder = variable(folderVariable) {
      configuration.entries[.directory] = Entry(value: .text(folder.value), origin: folder.origin)
    }
    if let file, let chosen {
      configuration.take(chosen, .file(path: file.path, environment: configuration.choice?.name))
    }
    for (setting, value) in options.values {
      configuration.entries[setting] = Entry(value: value, origin: .option(setting.option))
    }

    if let file {
      let name = configuration.choice?.name
      configuration.connection = ConfiguredConnection(
        path: file.path, environment: name, url: (chosen ?? file.general).url)
      if chosen?.isProtected ?? file.general.isProtected ?? false {
        configuration.protection = Protection(environment: name)
      }
    }
    return configuration
  }

  private mutating func take(_ section: ConfigurationFile.Section, _ origin: SettingOrigin) {
    for (setting, value) in section.values where setting != .url {
      entries[setting] = Entry(value: value, origin: origin)
    }
  }

  /// The error for a choice that is no name. Nobody may get another database for it than was meant:
  /// often it is a setting that a job did not get.
  private static func emptyChoice(_ origin: SettingOrigin) -> ErrorReport {
    ErrorReport(
      .usage, "\(origin.description) is set, but empty: it should name an environment",
      hint: "set it to the environment's name, or unset it, or give --env")
  }

  /// The section of the environment that was chosen; nil without a choice.
  private func chosenSection() throws(ErrorReport) -> ConfigurationFile.Section? {
    guard let choice else { return nil }
    let chooser = choice.origin.description
    let isOption = if case .option = choice.origin { true } else { false }
    guard let file else {
      throw ErrorReport(
        .file,
        "there is no '\(ConfigurationFile.standardPath)' here, which would tell what environment "
          + "'\(choice.name)' is",
        details: ["\(chooser) asks for it"],
        hint: "run it in the folder of that file, or name the file with --config"
          + (isOption ? "" : ", or unset \(Self.environmentVariable)"))
    }
    if let section = file.section(of: choice.name) { return section }
    let names = file.environments.map(\.name)
    let nearest = NearestNames.of(choice.name, among: names, limit: 1).first
    throw ErrorReport(
      isOption ? .usage : .file, "'\(file.path)' has no environment '\(choice.name)'",
      details: [
        names.isEmpty
          ? "it has none" : "it has \(names.map { "'\($0)'" }.joined(separator: ", "))",
        "\(chooser) asks for it",
      ],
      hint: nearest.map { "did you mean '\($0)'?" }
        ?? "correct \(chooser), or add it under 'environments'")
  }

  /// The settings in force.
  ///
  /// - Throws: ``ErrorReport`` where the schema cannot be one's name.
  package func settings() throws(ErrorReport) -> SessionSettings {
    let options = entries.filter { if case .option = $0.value.origin { true } else { false } }
    let settings = SessionSettings(entries.mapValues(\.value), options: Set(options.keys))
    if let schema = settings.schema { try check(schema: schema) }
    return settings
  }

  /// Refuses what can be no schema of ours.
  ///
  /// A longer name would be cut short by the server, and the ledger not found again (manual,
  /// chapter 4.1.1 "Identifiers and Key Words").
  private func check(schema: String) throws(ErrorReport) {
    let origin = entries[.schema]?.origin ?? .standard
    let code: ErrorReport.Code = if case .file = origin { .file } else { .usage }
    let place = code == .file ? " in \(origin.description)" : " with --schema"
    guard schema.utf8.count <= 63 else {
      throw ErrorReport(
        code, "the schema's name '\(schema)' is longer than PostgreSQL's 63 bytes",
        hint: "give a shorter one\(place)")
    }
    guard !schema.hasPrefix("pg_"), schema != "information_schema" else {
      throw ErrorReport(
        code, "the schema '\(schema)' is PostgreSQL's own", hint: "give another one\(place)")
    }
  }
}
