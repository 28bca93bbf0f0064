/// Which database to connect to, and who said so.
package struct ConnectionSettings: Equatable, Sendable {
  /// A URI or keyword string; nil leaves it to libpq's `PG*` variables and defaults.
  package var connectionString: String?
  /// Who said so; nil for libpq's defaults.
  package var origin: SettingOrigin?
  /// Where the variable was found that the configuration file names for it; nil where it names none.
  package var variable: SettingOrigin?
  /// Variables that name a database, another one, and do not count beside the environment that was
  /// chosen in the configuration file.
  package var overruled: [SettingOrigin] = []
  /// Variables that should name the database and are set, but empty: often a secret that a job did
  /// not get.
  package var emptyVariables: [String] = []
  /// Variables of libpq that `.env` gives and the environment lacks.
  package var variablesToSet: [DotEnv.Entry] = []

  /// Who said so, as `Database: ... (from SOURCE)` shows it: `--database-url`, a variable's name,
  /// `.env`, or the configuration file and its environment; nil for libpq's defaults.
  package var source: String? {
    if case .dotEnv? = origin { ".env" } else { origin?.description }
  }

  private static let urlVariables = ["DATABASE_URL", "SUPABASE_DB_URL"]

  /// Chooses among an option, the environment, `.env` and the configuration file.
  ///
  /// The environment that was chosen in the file comes before variables, which may be left over
  /// from other work; what the file says for all comes after them.
  ///
  /// - Parameters:
  ///   - option: `--database-url`.
  ///   - file: what the configuration file says; nil without one.
  ///   - environment: looks a variable up; an empty one counts as not set.
  ///   - dotEnv: the settings of `.env`, with the variables that the file names.
  /// - Returns: the choice.
  /// - Throws: ``ErrorReport`` of code `connection` where the chosen environment names no database,
  ///   or the file names a variable that is not set.
  package static func choose(
    option: String?, file: ConfiguredConnection? = nil, environment: (String) -> String?,
    dotEnv: [DotEnv.Entry]
  ) throws(ErrorReport) -> ConnectionSettings {
    var settings = ConnectionSettings()
    func fromEnvironment(_ key: String) -> String? {
      environment(key).flatMap { $0.isEmpty ? nil : $0 }
    }
    func fromFile(_ key: String) -> String? {
      dotEnv.last { $0.key == key && !$0.value.isEmpty }?.value
    }
    settings.variablesToSet = dotEnv.filter {
      $0.key.hasPrefix("PG") && fromEnvironment($0.key) == nil
    }
    if let option {
      settings.connectionString = option
      settings.origin = .option(Setting.url.option)
      return settings
    }
    func take(_ url: ConfiguredURL, of file: ConfiguredConnection) throws(ErrorReport) {
      settings.origin = file.origin
      switch url {
      case .literal(let url):
        settings.connectionString = url
      case .variable(let name):
        guard let url = fromEnvironment(name) ?? fromFile(name) else { throw file.unset(name) }
        settings.connectionString = url
        settings.variable = fromEnvironment(name) == nil ? .dotEnv(name) : .variable(name)
      }
    }
    if let file, let environment = file.environment {
      guard let url = file.url else { throw file.missing(in: environment) }
      try take(url, of: file)
      for key in urlVariables {
        guard let value = fromEnvironment(key) ?? fromFile(key),
          value != settings.connectionString
        else { continue }
        settings.overruled.append(fromEnvironment(key) == nil ? .dotEnv(key) : .variable(key))
      }
      return settings
    }
    for key in urlVariables {
      if environment(key) == "" { settings.emptyVariables.append(key) }
      if let value = fromEnvironment(key) {
        settings.connectionString = value
        settings.origin = .variable(key)
        return settings
      }
      if let value = fromFile(key) {
        settings.connectionString = value
        settings.origin = .dotEnv(key)
        return settings
      }
    }
    if let file, let url = file.url {
      try take(url, of: file)
      return settings
    }
    // What names the database first. A service file's settings come before the other variables
    // (manual, chapter 34.17 "The Connection Service File").
    let usual = ["PGSERVICE", "PGDATABASE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER"]
    if let entry = settings.variablesToSet.first(where: { usual.contains($0.key) }) {
      settings.origin = .dotEnv(entry.key)
    } else if let key = usual.first(where: { fromEnvironment($0) != nil }) {
      settings.origin = .variable(key)
    }
    return settings
  }
}
