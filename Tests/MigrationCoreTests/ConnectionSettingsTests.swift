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
