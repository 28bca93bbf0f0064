import MigrationCore
import Testing

@Suite("Which database: option, environment, .env")
struct ConnectionSettingsTests {
  private func choose(
    option: String? = nil, _ environment: [String: String] = [:], file: [(String, String)] = []
  ) throws -> ConnectionSettings {
    let text = file.map { "\($0)='\($1)'" }.joined(separator: "\n")
    return ConnectionSettings.choose(
      option: option, environment: { environment[$0] }, dotEnv: try DotEnv.entries(in: text))
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
    let file = [
      ("DATABASE_URL", "f"), ("PGPASSWORD", "p"), ("PGUSER", "u"), ("MIGRATIONS_DIR", "m"),
    ]
    let filled = try choose(["DATABASE_URL": "", "PGUSER": "me"], file: file)
    #expect([filled.connectionString, filled.source] == ["f", ".env"])
    #expect(filled.variablesToSet.map(\.key) == ["PGPASSWORD"])
    #expect(filled.migrationsFolder == "m")
    let set = try choose(["DATABASE_URL": "e", "MIGRATIONS_DIR": "n"], file: file)
    #expect([set.connectionString, set.source] == ["e", "DATABASE_URL"])
    #expect(set.migrationsFolder == "n")
  }

  @Test("libpq's variables in .env say that the connection comes from there")
  func dotEnvVariables() throws {
    #expect(try choose(file: [("PGHOST", "h")]).source == ".env")
    #expect(try choose(["PGHOST": "e"], file: [("PGPASSWORD", "p")]).source == "PGHOST")
  }
}
