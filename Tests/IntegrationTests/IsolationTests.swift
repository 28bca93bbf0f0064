import TestSupport
import Testing

/// Databases whose transactions are not READ COMMITTED unless they ask for it.
@Suite(.scratchLedger) struct IsolationTests {
  let database = ScratchDatabase.current
  private let users = SampleMigration.table("users")

  private static let levels = ["repeatable read", "serializable"]

  @Test(arguments: levels) func theProgramWorks(level: String) throws {
    try database.psql(
      "ALTER DATABASE \(database.name) SET default_transaction_isolation = '\(level)'")
    #expect(try database.psql("SHOW transaction_isolation") == level)
    let folder = try database.adopt([users])
    for command in [
      ["init"], ["list"], ["check", users.name], ["register", users.name],
      ["rollback", users.name, "--yes"],
    ] {
      let result = try Program.run(command + ["--dir", folder.path])
      #expect(result.status == 0, "\(command): \(result.stderr)")
    }
    #expect(try !database.hasTable("users"))
    #expect(try database.status(of: users.name) == "rolled_back")
  }

  @Test(arguments: levels) func theFunctionRefusesAndSaysHow(level: String) throws {
    try database.adopt([users])
    try database.psql(
      "ALTER DATABASE \(database.name) SET default_transaction_isolation = '\(level)'")
    let before = try database.dump()
    let call = "SELECT success FROM execute_migration_rollback('\(users.name)')"
    let refused = try database.psqlOutcome(call)
    #expect(refused.status == 3)
    #expect(refused.stdout == "")
    #expect(
      refused.stderr.contains("ERROR:  transaction isolation is \(level), not read committed"))
    #expect(refused.stderr.contains("HINT:  begin with 'BEGIN ISOLATION LEVEL READ COMMITTED'"))
    #expect(try database.dump() == before)
    let asTold = try database.psql("BEGIN ISOLATION LEVEL READ COMMITTED; \(call); COMMIT")
    #expect(asTold == "t")
    #expect(try !database.hasTable("users"))
  }

  /// The guard must see what was committed a moment ago, not what a kept snapshot shows.
  @Test func aDependentThatCameMeanwhileIsSeen() throws {
    try database.psql(
      "ALTER DATABASE \(database.name) SET default_transaction_isolation = 'repeatable read'")
    let folder = try database.adopt([users])
    let program = try Program.start(["rollback", users.name, "--dir", folder.path])
    try program.wait(for: "(yes/no): ", on: .error)
    let teams = SampleMigration.table(
      "teams", name: "20250102_create_teams", dependsOn: [users.name])
    try folder.write(teams.text, to: teams.fileName)
    try database.psql(teams.up)
    try runSuccessfully(["register", teams.name, "--dir", folder.path])
    try program.write("yes\n".utf8)
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: Cannot rollback: other migrations depend on this one: '\(users.name)'\n"))
    #expect(result.stderr.contains("  depends on it: 20250102_create_teams\n"))
    #expect(try database.hasTable("users"))
    #expect(try database.status(of: users.name) == "applied")
  }
}
