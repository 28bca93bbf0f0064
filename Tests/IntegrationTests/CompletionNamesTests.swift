import TestSupport
import Testing

/// What the completion scripts ask; no database is there.
@Suite("The names that completions offer")
struct CompletionNamesTests {
  private func names(
    in folder: MigrationFolder, _ options: String..., environment: [String: String?] = [:]
  ) throws -> String {
    let unreachable = ["DATABASE_URL": Optional("postgresql:///?host=/nonexistent")]
    let result = try Program.run(
      ["completions", "names"] + options,
      environment: unreachable.merging(environment) { _, given in given },
      directory: folder.path)
    #expect(result.status == 0)
    #expect(result.stderr == "")
    return result.stdout
  }

  @Test("The migrations of the folder, newest first, without what is none")
  func newestFirst() throws {
    let folder = try MigrationFolder([
      "migrations/0009_a.sql": "", "migrations/0010_b.sql": "", "migrations/20250101_c.up.sql": "",
      "migrations/20250101_c.down.sql": "", "migrations/notes.txt": "",
      "migrations/.hidden.sql": "", "migrations/1_line\nend.sql": "",
    ])
    #expect(try names(in: folder) == "20250101_c\n0010_b\n0009_a\n")
    #expect(
      try names(in: folder, "--json") == #"{"names":["20250101_c","0010_b","0009_a"]}"# + "\n")
  }

  @Test("The folder is found as by every command")
  func folders() throws {
    let folder = try MigrationFolder([
      "db/migrations/1_usual.sql": "", "a/1_option.sql": "", "b/1_variable.sql": "",
      "c/1_file.sql": "",
    ])
    #expect(try names(in: folder) == "1_usual\n")
    try folder.write("MIGRATIONS_DIR=c\n", to: ".env")
    #expect(try names(in: folder) == "1_file\n")
    #expect(try names(in: folder, environment: ["MIGRATIONS_DIR": "b"]) == "1_variable\n")
    #expect(
      try names(in: folder, "--dir", "a", environment: ["MIGRATIONS_DIR": "b"]) == "1_option\n")
  }

  @Test("Nothing is said where there is no folder, or the settings are for somebody else")
  func silence() throws {
    let folder = try MigrationFolder(["a/1_x.sql": ""])
    #expect(try names(in: folder) == "")
    #expect(try names(in: folder, "--dir", "/nonexistent") == "")
    #expect(try names(in: folder, "--dir", "a/1_x.sql") == "")
    // Prisma's parameter, which connecting would remark on.
    try folder.write(
      "DATABASE_URL=postgresql://h/d?pgbouncer=true\nMIGRATIONS_DIR=a\n", to: ".env")
    #expect(try names(in: folder, environment: ["DATABASE_URL": String?.none]) == "1_x\n")
    try folder.write("MIGRATIONS_DIR='a\n", to: ".env")
    #expect(try names(in: folder) == "")
  }
}
