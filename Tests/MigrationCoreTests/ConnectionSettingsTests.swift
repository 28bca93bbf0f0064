import MigrationCore
import Testing

@Suite("Which database: option, environment, .env")
struct ConnectionSettingsTests {
  private func choose(
    option: String? = nil, _ environment: [String: String] = [:], file: [(String, String)] = [],
    configured: ConfiguredConnection? = nil
  ) throws -> ConnectionSettings {
    let text = file.map { "\($0)='\($1)'" }.joined(separator: "\n")
    return try ConnectionSettings.choose(
      option: option, file: configured, environment: { environment[$0] },
      dotEnv: DotEnv.entries(in: text, with: configured?.url?.variable))
  }

  @Test("The option comes first, then DATABASE_URL, then SUPABASE_DB_URL, then libpq's own")
  func order() throws {
    let both = ["DATABASE_URL": "d", "SUPABASE_DB_URL": "s", "PGHOST": "h"]
    let option = try choose(option: "o", both)
    #expect([option.connectionString, option.source] == ["o", "--database-url"])
    let database = try choose(both)
    #expect([database.connectionString, database.source] == ["d", "DATABASE_URL"])
    let supabase = try choose(["SUPABASE_DB_URL": "s", "PGHOST": "h"])
    #expect([supabase.connectionString, supabase.source] == ["s", "SUPABASE_DB_URL"])
    let libpq = try choose(["PGHOST": "h"])
    #expect([libpq.connectionString, libpq.source] == [nil, "PGHOST"])
    let nothing = try choose()
    #expect([nothing.connectionString, nothing.source] == [nil, nil])
  }

  private func configured(_ environment: String?, _ url: String?) -> ConfiguredConnection {
    ConfiguredConnection(
      path: "c.json", environment: environment, url: url.flatMap(ConfiguredURL.init))
  }

  @Test("The chosen environment comes before variables, what the file says for all after them")
  func configurationFile() throws {
    let variables = ["DATABASE_URL": "d", "PGHOST": "h", "URL": "v"]
    let chosen = try choose(variables, configured: configured("staging", "l"))
    #expect([chosen.connectionString, chosen.source] == ["l", "c.json, environment staging"])
    let named = try choose(variables, configured: configured("staging", "$URL"))
    #expect([named.connectionString, named.variable?.description] == ["v", "URL"])
    let option = try choose(option: "o", variables, configured: configured("staging", "l"))
    #expect([option.connectionString, option.source] == ["o", "--database-url"])
    let general = try choose(variables, configured: configured(nil, "l"))
    #expect([general.connectionString, general.source] == ["d", "DATABASE_URL"])
    let last = try choose(
      ["PGHOST": "h"], file: [("URL", "f")], configured: configured(nil, "${URL}"))
    #expect([last.connectionString, last.source] == ["f", "c.json"])
    #expect(last.variable == .dotEnv("URL"))
    #expect(try choose(["PGHOST": "h"], configured: configured(nil, nil)).source == "PGHOST")
  }

  @Test("Variables that an environment passes over are told, but not the one that it names")
  func overruled() throws {
    func overruled(_ url: String, _ variables: [String: String]) throws -> [SettingOrigin] {
      try choose(
        variables, file: [("SUPABASE_DB_URL", "s")], configured: configured("staging", url)
      ).overruled
    }
    #expect(
      try overruled("l", ["DATABASE_URL": "d"])
        == [.variable("DATABASE_URL"), .dotEnv("SUPABASE_DB_URL")])
    #expect(try overruled("$DATABASE_URL", ["DATABASE_URL": "s"]) == [])
    #expect(try overruled("s", ["DATABASE_URL": ""]) == [])
    #expect(try choose(["DATABASE_URL": "d"], configured: configured(nil, "l")).overruled == [])
  }

  @Test("A variable that is not set is an error, and so is an environment without a database")
  func missingURL() {
    func report(_ file: ConfiguredConnection, _ variables: [String: String]) -> ErrorReport? {
      #expect(throws: ErrorReport.self) { try choose(variables, configured: file) }
    }
    let variables = ["DATABASE_URL": "d", "URL": ""]
    #expect(
      report(configured("staging", "$URL"), variables)
        == ErrorReport(
          .connection,
          "the url of environment 'staging' is in the variable 'URL', which is not set",
          details: ["'c.json' names it"],
          hint: "set it in the environment or in .env, or give --database-url"))
    #expect(
      report(configured(nil, "$URL"), [:])?.message
        == "the url is in the variable 'URL', which is not set")
    #expect(
      report(configured("staging", nil), variables)
        == ErrorReport(
          .connection, "environment 'staging' has no url in 'c.json'",
          hint: "give it one, such as \"url\": \"$DATABASE_URL\", or give --database-url"))
  }

  @Test(
    "Of libpq's own variables the one is named that says which database",
    arguments: [
      (["PGHOST", "PGDATABASE", "PGUSER"], "PGDATABASE"), (["PGPORT", "PGHOST"], "PGHOST"),
      (["PGUSER", "PGPORT"], "PGPORT"), (["PGUSER"], "PGUSER"),
      (["PGDATABASE", "PGSERVICE"], "PGSERVICE"), (["PGHOSTADDR", "PGPORT"], "PGHOSTADDR"),
    ])
  func source(variables: [String], source: String) throws {
    let settings = try choose(
      Dictionary(variables.map { ($0, "x") }, uniquingKeysWith: { first, _ in first }))
    #expect(settings.source == source)
  }

  @Test("What should have named the database and is empty is told, as far as it was looked at")
  func emptyVariables() throws {
    let empty = ["DATABASE_URL": "", "SUPABASE_DB_URL": "", "PGHOST": "h"]
    #expect(try choose(empty).emptyVariables == ["DATABASE_URL", "SUPABASE_DB_URL"])
    #expect(try choose(option: "o", empty).emptyVariables == [])
    #expect(try choose(empty, file: [("DATABASE_URL", "f")]).emptyVariables == ["DATABASE_URL"])
    #expect(try choose(["DATABASE_URL": "d", "SUPABASE_DB_URL": ""]).emptyVariables == [])
    #expect(try choose(["PGHOST": ""]).emptyVariables == [])
  }

  @Test(".env fills in what the environment lacks; an empty variable lacks")
  func dotEnv() throws {
    let file = [("DATABASE_URL", "f"), ("PGPASSWORD", "p"), ("PGUSER", "u")]
    let filled = try choose(["DATABASE_URL": "", "PGUSER": "me"], file: file)
    #expect([filled.connectionString, filled.source] == ["f", ".env"])
    #expect(filled.variablesToSet.map(\.key) == ["PGPASSWORD"])
    let set = try choose(["DATABASE_URL": "e"], file: file)
    #expect([set.connectionString, set.source] == ["e", "DATABASE_URL"])
  }

  @Test("libpq's variables in .env say that the connection comes from there")
  func dotEnvVariables() throws {
    #expect(try choose(file: [("PGHOST", "h")]).source == ".env")
    #expect(try choose(["PGHOST": "e"], file: [("PGPASSWORD", "p")]).source == "PGHOST")
  }
}
