import TestSupport
import Testing

/// Rollback SQL in files of its own, as golang-migrate, diesel and others have it.
@Suite(.scratchLedger) struct PairedFilesTests {
  let workspace: Workspace
  let users = "0001_create_users"
  let tags = "2025-01-02-120000_create_tags"

  init() throws {
    workspace = try Workspace()
    try workspace.folder.write("CREATE TABLE users (id int);\n", to: "migrations/\(users).up.sql")
    try workspace.folder.write("DROP TABLE users;\n", to: "migrations/\(users).down.sql")
    try workspace.folder.write(
      "-- Depends on: \(users).up.sql\nCREATE TABLE tags ();\n", to: "migrations/\(tags)/up.sql")
    try workspace.folder.write(
      "-- This undoes up.sql.\nBEGIN;\nDROP TABLE tags;\nCOMMIT;\n",
      to: "migrations/\(tags)/down.sql")
  }

  @Test func bothKindsAreRecordedAndRolledBack() throws {
    try workspace.adopt(users, tags)
    #expect(try workspace.run(["list", "--names"]).stdout == "\(tags)\n\(users)\n")
    #expect(try workspace.recorded("rollback_sql", of: users) == "DROP TABLE users;")
    #expect(try workspace.recorded("metadata ->> 'section_style'", of: tags) == "file")
    #expect(try workspace.recorded("metadata ? 'section_line'", of: tags) == "f")
    #expect(
      try workspace.run(["show", tags, "--rollback"]).stdout
        == "-- This undoes up.sql.\n      \nDROP TABLE tags;\n")
    #expect(
      try workspace.run(["show", "\(users).down.sql", "--up"]).stdout
        == "CREATE TABLE users (id int);\n")
    let blocked = try workspace.run(["check", users])
    #expect(blocked.status == 1)
    #expect(blocked.stdout.hasSuffix("  - \(tags)\n"))
    for name in [tags, users] {
      #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
      #expect(try workspace.database.status(of: name) == "rolled_back")
    }
    #expect(try !workspace.database.hasTable("users"))
    #expect(try !workspace.database.hasTable("tags"))
  }

  @Test func syncRecordsThem() throws {
    try workspace.database.psql("CREATE TABLE users (id int); CREATE TABLE tags ()")
    #expect(try workspace.run(["sync", "--names"]).stdout == "\(tags)\n\(users)\n")
    #expect(
      try workspace.recorded("rollback_sql", of: tags)
        == "-- This undoes up.sql.\n      \nDROP TABLE tags;")
  }

  @Test func placesOfErrorsNameTheFileOfTheRollback() throws {
    let path = "migrations/\(tags)/down.sql"
    try workspace.folder.write("-- undo\nDROP TABLE\n  tgas;\n", to: path)
    try workspace.adopt(users, tags)
    let failed = try workspace.run(["rollback", tags, "--yes"])
    #expect(failed.status == 2)
    #expect(failed.stderr.contains("\(path):2:1: error: table \"tgas\" does not exist\n"))
  }

  @Test func anotherRollbackFileIsDrift() throws {
    try workspace.adopt(users)
    try workspace.folder.write("DROP TABLE IF EXISTS users;\n", to: "migrations/\(users).down.sql")
    let check = try workspace.run(["check", users])
    #expect(check.status == 1)
    #expect(
      check.stdout.contains("the rollback SQL of '\(users)' was changed after it was recorded"))
    #expect(try workspace.run(["register", users]).status == 0)
    #expect(try workspace.recorded("rollback_sql", of: users) == "DROP TABLE IF EXISTS users;")
  }

  @Test func anEmptyRollbackFileIsNamedAsTheWayOut() throws {
    let path = "migrations/\(users).down.sql"
    try workspace.folder.write("-- TODO\n", to: path)
    try workspace.adopt(users)
    let refused = try workspace.run(["rollback", users, "--yes"])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.hasSuffix(
        "hint: '\(path)' holds no SQL yet: write it and run "
          + "'migration-manager register \(users)'\n"))
    let shown = try workspace.run(["show", users, "--rollback"])
    #expect(shown.status == 1)
    #expect(
      shown.stderr
        == "error: 'migrations/\(users).up.sql' has no rollback SQL\nhint: write it into '\(path)'\n"
    )
  }

  @Test func aRollbackFileWithoutItsMigrationIsTold() throws {
    try workspace.folder.write("DROP TABLE a;\n", to: "migrations/0002_a.down.sql")
    let result = try workspace.run(["sync"])
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "'migrations/0002_a.down.sql' undoes no migration: the file that it would undo is not "
          + "beside it\n"))
  }

  @Test func theSupabaseCLIWouldRunThem() throws {
    for file in ["up", "down"] {
      try workspace.folder.write(
        file == "up" ? "CREATE TABLE a ();\n" : "DROP TABLE a;\n",
        to: "supabase/migrations/0002_a.\(file).sql")
    }
    let result = try workspace.run(["sync", "--dir", "supabase/migrations"])
    #expect(
      result.stderr.contains(
        "'supabase/migrations/0002_a.down.sql' is a migration of its own to the Supabase CLI, which "
          + "will run it: put the rollback SQL into a commented section of the migration's file\n"))
  }
}
