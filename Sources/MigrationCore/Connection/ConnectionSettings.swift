/// Which database to connect to, and who said so.
package struct ConnectionSettings: Equatable, Sendable {
  /// A URI or keyword string; nil leaves it to libpq's `PG*` variables and defaults.
  package var connectionString: String?
  /// Who said so: `--database-url`, a variable's name, or `.env`; nil for libpq's defaults.
  package var source: String?
  /// The migrations folder, where the environment names one.
  package var migrationsFolder: String?
  /// Variables that should name the database and are set, but empty: often a secret that a job did
  /// not get.
  package var emptyVariables: [String] = []
  /// Variables of libpq that `.env` gives and the environment lacks.
  package var variablesToSet: [DotEnv.Entry] = []

  /// Chooses among an option, the environment and `.env`, in the order of DESIGN.md section 5.
  ///
  /// - Parameters:
  ///   - option: `--database-url`.
  ///   - environment: looks a variable up; an empty one counts as not set.
  ///   - dotEnv: the settings of `.env`.
  /// - Returns: the choice.
  package static func choose(
    option: String?, environment: (String) -> String?, dotEnv: [DotEnv.Entry]
  ) -> ConnectionSettings {
    var settings = ConnectionSettings()
    func fromEnvironment(_ key: String) -> String? {
      environment(key).flatMap { $0.isEmpty ? nil : $0 }
    }
    func fromFile(_ key: String) -> String? {
      dotEnv.last { $0.key == key && !$0.value.isEmpty }?.value
    }
    settings.migrationsFolder = fromEnvironment("MIGRATIONS_DIR") ?? fromFile("MIGRATIONS_DIR")
    settings.variablesToSet = dotEnv.filter {
      $0.key.hasPrefix("PG") && fromEnvironment($0.key) == nil
    }
    if let option {
      settings.connectionString = option
      settings.source = "--database-url"
      return settings
    }
    for key in ["DATABASE_URL", "SUPABASE_DB_URL"] {
      if environment(key) == "" { settings.emptyVariables.append(key) }
      if let value = fromEnvironment(key) {
        settings.connectionString = value
        settings.source = key
        return settings
      }
      if let value = fromFile(key) {
        settings.connectionString = value
        settings.source = ".env"
        return settings
      }
    }
    // What names the database first. A service file's settings come before the other variables
    // (manual, chapter 34.17 "The Connection Service File").
    let usual = ["PGSERVICE", "PGDATABASE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER"]
    if settings.variablesToSet.contains(where: { usual.contains($0.key) }) {
      settings.source = ".env"
    } else if let key = usual.first(where: { fromEnvironment($0) != nil }) {
      settings.source = key
    }
    return settings
  }
}
