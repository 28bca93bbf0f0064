import TestSupport
import Testing

/// Migrations that say that they cannot be undone.
@Suite(.scratchLedger) struct IrreversibleTests {
  let workspace: Workspace
  let name = "20250124_hash_api_keys"

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      "CREATE TABLE api_keys ();\n-- ROLLBACK IRREVERSIBLE: the keys are gone\n", to: name)
  }

  @Test func theReasonIsShownEverywhere() throws {
    try workspace.apply(name)
    let register = try workspace.run(["register", name])
    #expect(register.status == 0)
    #expect(
      register.stdout.contains("   Rollback SQL: ❌ Irreversible: the keys are gone\n"))
    let check = try workspace.run(["check", name])
    #expect(check.status == 1)
    #expect(
      check.stdout
        == "Status: ❌ Cannot rollback\nReason: No rollback SQL defined for this migration\n"
        + "Irreversible: the keys are gone\n")
    let document: Checks = try workspace.run(["check", name, "--json"]).document()
    #expect(document.migrations.map(\.irreversible) == ["the keys are gone"])
    for command in [["rollback", name, "--yes"], ["rollback", name, "--dry-run"]] {
      let rollback = try workspace.run(command)
      #expect(rollback.status == 1)
      #expect(
        rollback.stderr.hasSuffix(
          """
          error: No rollback SQL defined for this migration: '\(name)'
            irreversible: the keys are gone
          hint: write a new migration that moves on from here

          """))
    }
    let show = try workspace.run(["show", name, "--rollback"])
    #expect(show.status == 1)
    #expect(show.stdout == "")
    #expect(
      show.stderr
        == "error: 'migrations/\(name).sql' has no rollback SQL\n  irreversible: the keys are gone\n"
    )
    #expect(try workspace.database.hasTable("api_keys"))
  }

  @Test func theReasonOutlivesTheFile() throws {
    try workspace.adopt(name)
    try workspace.folder.remove("migrations/\(name).sql")
    let rollback = try workspace.run(["rollback", name, "--yes"])
    #expect(rollback.status == 1)
    #expect(rollback.stderr.contains("  irreversible: the keys are gone\n"))
  }

  @Test func aSectionWrittenLaterMakesItReversible() throws {
    try workspace.adopt(name)
    try workspace.write("CREATE TABLE api_keys ();", section: "DROP TABLE api_keys;", to: name)
    try workspace.runSuccessfully("register", name)
    let check = try workspace.run(["check", name])
    #expect(
      check.stdout == "Status: ✅ Can rollback\nReason: Migration can be safely rolled back\n")
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("api_keys"))
  }
}
