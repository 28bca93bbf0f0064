import MigrationCore
import Testing

@Suite("Folders: what is a migration")
struct MigrationFolderTests {
  @Test("Dotfiles, templates, back-ups, undo scripts and other files are none")
  func others() throws {
    let folder = try MigrationFolder(
      path: "db",
      fileNames: [
        "20250120_b.sql", "20250119_a.sql", "9_c.up.sql", "9_c.down.sql", "10_d.rollback.sql",
        "ROLLBACK_20250120_b.sql", ".hidden.sql", ".sql", ".up.sql", "x.template.sql",
        "20250120_b.sql~", "#20250120_b.sql#", ".20250120_b.sql.swp", "20250120_b.sql.bak",
        "20250120_b.sql.orig", "README.md", "schema.SQL.txt", "sql",
      ])
    #expect(folder.entries.map(\.name.text) == ["9_c", "20250119_a", "20250120_b"])
    #expect(
      folder.entries.map(\.path) == ["db/9_c.up.sql", "db/20250119_a.sql", "db/20250120_b.sql"])
  }

  @Test("A folder with a script is a migration, by the folder's name; folders and files mix")
  func scripts() throws {
    let folder = try MigrationFolder(
      path: "db",
      fileNames: [
        "20250121_c/migration.sql", "20250120_b.sql", "20250119_a/migration.sql",
        ".git/migration.sql", "#x/migration.sql", "ROLLBACK_x/migration.sql",
        "x.template/migration.sql", "x.down/migration.sql", "x.up/migration.sql",
        "/migration.sql", "migration_lock.toml",
      ])
    #expect(folder.entries.map(\.name.text) == ["20250119_a", "20250120_b", "20250121_c"])
    #expect(
      folder.entries.map(\.path) == [
        "db/20250119_a/migration.sql", "db/20250120_b.sql", "db/20250121_c/migration.sql",
      ])
  }

  @Test("A file and a folder of one name are an error that names both")
  func fileAndScript() {
    let report = #expect(throws: ErrorReport.self) {
      try MigrationFolder(path: "db", fileNames: ["1_a.sql", "1_a/migration.sql"])
    }
    #expect(report?.message == "'db/1_a.sql' and 'db/1_a/migration.sql' are one migration, '1_a'")
  }

  @Test("Two files of one name are an error that names both")
  func twice() {
    let report = #expect(throws: ErrorReport.self) {
      try MigrationFolder(path: "db", fileNames: ["1_a.sql", "1_a.up.sql"])
    }
    #expect(report?.code == .file)
    #expect(report?.message == "'db/1_a.sql' and 'db/1_a.up.sql' are one migration, '1_a'")
    #expect(report?.hint == "rename or remove one of them")
  }

  @Test("What comes after a name, whether or not it is a file itself")
  func after() throws {
    let folder = try MigrationFolder(
      path: "db", fileNames: ["2025_a.sql", "2025_b.sql", "2024_z.sql", "2026_c.sql"])
    #expect(
      folder.entries(after: MigrationName("2025_a")).map(\.name.text) == ["2025_b", "2026_c"])
    #expect(
      folder.entries(after: MigrationName("2025_aa")).map(\.name.text) == ["2025_b", "2026_c"])
    #expect(folder.entry(named: MigrationName("2024_z"))?.path == "db/2024_z.sql")
    #expect(folder.entry(named: MigrationName("2024_y")) == nil)
  }

  @Test("A folder that is not there is told with its name")
  func absent() {
    let report = #expect(throws: ErrorReport.self) {
      try MigrationDirectory("/nowhere/migrations")
    }
    #expect(report?.code == .file)
    #expect(
      report?.message
        == "cannot read the migrations folder '/nowhere/migrations': No such file or directory")
  }
}
