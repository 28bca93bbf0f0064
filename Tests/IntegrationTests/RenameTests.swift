import TestSupport
import Testing

/// `rename`: a record that follows its file.
@Suite(.scratchLedger) struct RenameTests {
  let workspace: Workspace
  let old = "20250101_create_usres"
  let new = "20250101_create_users"
  let other = "20250102_create_teams"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: old)
    try workspace.write(
      "-- Depends on: \(old)\nCREATE TABLE teams ();", section: "DROP TABLE teams;", to: other)
    try workspace.adopt(old, other)
  }

  private func renameFile() throws {
    try workspace.folder.remove("migrations/\(old).sql")
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: new)
  }

  @Test func theRecordFollowsItsFile() throws {
    try renameFile()
    let result = try workspace.run(["rename", "\(old).sql", "\(new).sql", "--reason", "typo"])
    #expect(result.status == 0)
    #expect(
      result.stderr == """
        📝 Renaming: \(old) -> \(new)

        \(workspace.databaseLine)
        warning: 'migrations/\(other).sql' still says 'Depends on: \(old)'


        """)
    #expect(result.stdout == "✅ Migration renamed\n   Name: \(old) -> \(new)\n")
    #expect(try workspace.runSuccessfully("list", "--names").stdout == "\(other)\n\(new)\n")
    let check = try workspace.run(["check", new])
    #expect(check.status == 1)
    #expect(
      check.stdout == """
        Status: ❌ Cannot rollback
        Reason: Cannot rollback: other migrations depend on this one

        Dependent migrations (must be rolled back first):
          - \(other)

        """)
    try workspace.runSuccessfully("rollback", other, "--yes")
    try workspace.runSuccessfully("rollback", new, "--yes")
    #expect(try !workspace.database.hasTable("users"))
    // And once more is told apart from a mistyped name.
    let again = try workspace.run(["rename", old, new])
    #expect(again.status == 1)
    #expect(
      again.stderr.hasSuffix(
        """
        error: Migration not found: '\(old)'
          '\(new)' is recorded
        hint: it may have been renamed before: 'migration-manager history \(new)' tells

        """))
  }

  @Test func aFileThatWasNotRenamed() throws {
    let missing = try workspace.run(["rename", old, new])
    #expect(missing.status == 1)
    #expect(
      missing.stderr.hasSuffix(
        """
        error: there is no file of '\(new)' in the folder
        hint: rename the file first, or give --force

        """))
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: new)
    let copied = try workspace.run(["rename", old, new])
    #expect(copied.status == 1)
    #expect(
      copied.stderr.contains(
        "error: 'migrations/\(old).sql' is still there: without a record it would be applied again\n"
      ))
    #expect(try workspace.runSuccessfully("list", "--names").stdout == "\(other)\n\(old)\n")
  }

  @Test func anotherFileIsNotTakenForIt() throws {
    try workspace.folder.remove("migrations/\(old).sql")
    try workspace.write("CREATE TABLE accounts ();", section: "DROP TABLE accounts;", to: new)
    let refused = try workspace.run(["rename", old, new, "--json"])
    #expect(refused.status == 1)
    let document: Outcomes = try refused.document()
    #expect(document.migrations.map(\.outcome) == ["refused"])
    #expect(
      document.error?.message
        == "the up SQL of 'migrations/\(new).sql' is not what was recorded of '\(old)'")
    let forced = try workspace.run(["rename", old, new, "--force", "--json"])
    #expect(forced.status == 0)
    #expect(
      forced.stdout == """
        {"migrations":[{"name":"\(old)","outcome":"renamed","sql":null,"duration_ms":null,\
        "error":null,"status_before":"applied","status_after":"applied","new_name":"\(new)"}],\
        "dry_run":false}

        """)
  }

  @Test func aDryRunWritesNothing() throws {
    try renameFile()
    let result = try workspace.run(["rename", old, new, "--dry-run"])
    #expect(result.status == 0)
    #expect(result.stdout == "✅ Dry run: nothing was changed\n   Name: \(old) -> \(new)\n")
    #expect(try workspace.runSuccessfully("list", "--names").stdout == "\(other)\n\(old)\n")
  }

  @Test func aNameThatIsTaken() throws {
    let result = try workspace.run(["rename", old, other, "--force"])
    #expect(result.status == 1)
    #expect(result.stderr.contains("error: migration '\(other)' is recorded already\n"))
  }

  @Test func twoNamesAreNeeded() throws {
    let result = try workspace.run(["rename", old])
    #expect(result.status == 64)
    #expect(
      result.stderr == """
        error: 'rename' needs a NEW
        usage: migration-manager rename OLD NEW [--dry-run] [--reason TEXT] [--force] \
        [global options]

        """)
    #expect(
      try workspace.run(["rename"]).stderr.hasPrefix("error: 'rename' needs an OLD\n"))
    #expect(try workspace.run(["rename", old, new, other]).status == 64)
    #expect(try workspace.run(["rename", old, "../\(new)"]).status == 64)
  }
}
