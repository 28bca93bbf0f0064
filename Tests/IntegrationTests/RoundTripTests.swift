import TestSupport
import Testing

/// How often the program waits for the server's answer, once it is connected.
@Suite(.scratchLedger) struct RoundTripTests {
  let database = ScratchDatabase.current
  private let users = SampleMigration.table("users")

  /// The query strings of one run.
  private func queries(_ arguments: [String], status: Int32 = 0) throws -> [String] {
    let proxy = try WireProxy(to: database.server)
    let result = try Program.run(arguments + ["--database-url", proxy.url(of: database)])
    #expect(result.status == status, "\(result.stderr)")
    return proxy.queries
  }

  @Test(arguments: [
    ["list"], ["list", "--names", "--limit", "1"], ["list", "--all", "--json"],
    ["list", "--limit", "1"], ["init"],
  ])
  func oneForWhatReads(command: [String]) throws {
    try database.adopt([users])
    #expect(try queries(command).count == 1)
  }

  @Test func oneForCheckAndDryRun() throws {
    let teams = SampleMigration.table("teams", name: "20250102_create_teams")
    let folder = try database.adopt([users, teams])
    let options = ["--dir", folder.path]
    #expect(try queries(["check", users.name, teams.name] + options).count == 1)
    #expect(try queries(["rollback", users.name, "--dry-run"] + options).count == 1)
    try folder.remove(users.fileName)
    #expect(try queries(["show", users.name, "--rollback"] + options).count == 1)
  }

  @Test func twoForARollback() throws {
    let folder = try database.adopt([users])
    let queries = try queries(["rollback", users.name, "--yes", "--dir", folder.path])
    try #require(queries.count == 2)
    #expect(!queries[0].contains("BEGIN ISOLATION"))
    #expect(
      queries[1].hasPrefix(
        "-- migration-manager: rollback \(users.name)\n"
          + "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n"))
    #expect(queries[1].hasSuffix("COMMIT;\n"))
    #expect(try !database.hasTable("users"))
  }

  @Test func twoForARollbackOfSeveral() throws {
    let teams = SampleMigration.table("teams", name: "20250102_create_teams")
    let folder = try database.adopt([users, teams])
    #expect(try queries(["rollback", "--all", "--dry-run", "--dir", folder.path]).count == 1)
    #expect(
      try queries(["rollback", "--to", users.name, "--yes", "--dir", folder.path]).count == 2)
    #expect(
      try queries(["rollback", "--last", "1", "--yes", "--dir", folder.path]).count == 2)
    #expect(try !database.hasTable("users"))
  }

  @Test func oneForEachMigrationAndOneToPlan() throws {
    let files = (1...10).map { SampleMigration.table("stop_\($0)", name: "202501\(10 + $0)_stop") }
    let folder = try MigrationFolder(files)
    try runSuccessfully(["init"])
    let options = ["--dir", folder.path]
    let applying = try queries(["migrate"] + options)
    #expect(applying.count == 11)
    #expect(applying.dropFirst().allSatisfy { $0.hasSuffix("COMMIT;\n") })
    #expect(try queries(["migrate"] + options).count == 1)
    #expect(try queries(["status"] + options).count == 1)
    #expect(try queries(["rollback", "--all", "--yes"] + options).count == 2)
    #expect(try !database.hasTable("stop_1"))
  }

  @Test func twoWhereAnotherRunnersLedgerHasItToo() throws {
    let folder = try database.adopt([users])
    try database.makeSupabaseLedger()
    try database.recordInSupabase("20250101", name: "create_users")
    let options = ["--dir", folder.path]
    #expect(try queries(["check", users.name] + options).count == 1)
    #expect(
      try queries(["rollback", users.name, "--yes", "--runner-ledger", "remove"] + options).count
        == 2)
    #expect(try database.supabaseVersions() == "")
  }

  @Test func twoForARegistration() throws {
    let teams = SampleMigration.table("teams", name: "20250102_create_teams")
    let folder = try database.adopt([users])
    try folder.write(teams.text, to: teams.fileName)
    try database.psql(teams.up)
    #expect(
      try queries(["register", users.name, teams.name, "--dir", folder.path]).count == 2)
  }

  @Test func threeForASyncThatRecordsAndOneForTheNext() throws {
    try database.psql(users.up)
    try runSuccessfully(["init"])
    let folder = try MigrationFolder([users])
    let command = ["sync", "--dir", folder.path]
    #expect(try queries(command).count == 3)
    #expect(try queries(command).count == 1)
    #expect(try database.status(of: users.name) == "applied")
  }

  @Test func noneForWhatOnlyReadsFiles() throws {
    let folder = try MigrationFolder([users])
    try folder.write("CREATE TABLE teams ();", to: "20250102_create_teams.sql")
    let options = ["--dir", folder.path]
    #expect(try queries(["template", "20250102_create_teams"] + options) == [])
    #expect(try queries(["show", users.name, "--rollback"] + options) == [])
  }

  @Test func twoToDropTheLedger() throws {
    try runSuccessfully(["init"])
    #expect(try queries(["init", "--drop", "--yes"]).count == 2)
    #expect(try queries(["init", "--drop", "--yes"]).count == 1)
  }
}
