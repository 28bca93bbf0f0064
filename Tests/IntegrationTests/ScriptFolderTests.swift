import Foundation
import TestSupport
import Testing

/// Prisma's layout: a migration is a folder, and its SQL is the folder's `migration.sql`.
@Suite(.scratchLedger) struct ScriptFolderTests {
  let workspace: Workspace
  let users = "20250101120000_create_users"
  let tags = "20250102120000_create_tags"

  init() throws {
    workspace = try Workspace()
    try workspace.folder.write(
      "CREATE TABLE users (id int);\n-- ROLLBACK START\n-- DROP TABLE users;\n-- ROLLBACK END\n",
      to: "migrations/\(users)/migration.sql")
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE tags;", to: tags)
    try workspace.folder.write("provider = \"postgresql\"", to: "migrations/migration_lock.toml")
    try workspace.folder.write("", to: "migrations/20250103120000_notes/README.md")
  }

  @Test func itIsAMigrationNamedAsTheFolderBesideFiles() throws {
    try workspace.adopt(users, tags)
    let list = try workspace.run(["list", "--names"])
    #expect(list.stdout == "\(tags)\n\(users)\n")
    #expect(try workspace.recorded("migration_version", of: users) == "20250101120000")
    #expect(
      try workspace.run(["show", users, "--rollback"]).stdout == "DROP TABLE users;\n")
    #expect(
      try workspace.run(["check", users]).stdout
        == "Status: ✅ Can rollback\nReason: Migration can be safely rolled back\n")
    #expect(try workspace.run(["rollback", users, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: users) == "rolled_back")
  }

  @Test func aDependencyNamesItsFolder() throws {
    try workspace.write(
      "-- Depends on: \(users)\nCREATE TABLE more ();", section: "DROP TABLE more;",
      to: "20250104120000_more")
    try workspace.adopt(users, "20250104120000_more")
    let result = try workspace.run(["check", users])
    #expect(result.status == 1)
    #expect(result.stdout.hasSuffix("  - 20250104120000_more\n"))
  }

  @Test func placesOfErrorsNameTheScript() throws {
    let path = "migrations/\(users)/migration.sql"
    try workspace.folder.write(
      "CREATE TABLE users ();\n-- ROLLBACK START\n-- DROP TABLE usres;\n-- ROLLBACK END\n", to: path
    )
    try workspace.adopt(users)
    let failed = try workspace.run(["rollback", users, "--yes"])
    #expect(failed.status == 2)
    #expect(
      failed.stderr.contains("\(path):3:4: error: table \"usres\" does not exist\n"))
    try workspace.folder.write("CREATE TABLE users ();\n-- ROLLBACK END\n", to: path)
    let malformed = try workspace.run(["show", users, "--up"])
    #expect(malformed.status == 2)
    #expect(malformed.stderr.hasPrefix("\(path):2: error: "))
  }

  @Test func aFolderWithoutAScriptIsNone() throws {
    for name in ["20250103120000_notes", "migration_lock", "migration_lock.toml"] {
      let result = try workspace.run(["register", name])
      #expect(result.status == 2)
      #expect(
        result.stderr.hasSuffix(
          "error: no migration '\(name)' in 'migrations'\n"
            + "hint: neither \(name).sql nor \(name)/migration.sql is there: check the name\n"))
    }
  }

  @Test func aFileBesideAFolderOfThatNameIsAMistake() throws {
    try workspace.write("SELECT 1;", to: users)
    let message =
      "error: 'migrations/\(users).sql' and 'migrations/\(users)/migration.sql' "
      + "are one migration, '\(users)'\nhint: rename or remove one of them\n"
    // By name only the two are looked for; a command that reads the folder meets them too.
    for name in [users, tags] {
      let result = try workspace.run(["register", name])
      #expect(result.status == 2)
      #expect(result.stderr.hasSuffix(message))
    }
  }

  @Test func aMisspeltNameFindsFolders() throws {
    let result = try workspace.run(["show", "20250101120000_create_usres", "--up"])
    #expect(result.status == 2)
    #expect(
      result.stderr.hasPrefix(
        "error: no migration '20250101120000_create_usres' in 'migrations'\n"
          + "  did you mean '\(users)'?\n"))
  }

  @Test func linksToFoldersAreFoldersToo() throws {
    try workspace.folder.write(
      "CREATE TABLE linked ();\n-- ROLLBACK START\n-- DROP TABLE linked;\n-- ROLLBACK END\n",
      to: "elsewhere/20250105120000_linked/migration.sql")
    try FileManager.default.createSymbolicLink(
      atPath: workspace.folder.path(of: "migrations/20250105120000_linked"),
      withDestinationPath: "../elsewhere/20250105120000_linked")
    try workspace.adopt("20250105120000_linked")
    #expect(try workspace.run(["rollback", "20250105120000_linked", "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("linked"))
  }
}
