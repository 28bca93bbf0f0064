import TestSupport
import Testing

/// Servers that do not take writing statements, or not without being asked.
@Suite struct ReadOnlyServerTests {
  private static let primary = Result { try TestServer.start() }
  private let users = SampleMigration.table("users")

  /// A database with a ledger on a primary server, and the same one on its standby.
  private func withStandby(
    _ body: (_ primary: ScratchDatabase, _ standby: TestServer, _ folder: MigrationFolder) throws ->
      Void
  ) throws {
    let primary = try ScratchDatabase.create(on: Self.primary.get())
    let folder = try primary.adopt([users])
    let standby = try primary.server.startStandby()
    defer { standby.stopImmediately() }
    try body(primary, standby, folder)
  }

  @Test func aHotStandbyAnswersAndRefuses() throws {
    try withStandby { primary, standby, folder in
      let url = "host=\(standby.socketDirectory) dbname=\(primary.name) user=postgres"
      let options = ["--dir", folder.path, "--database-url", url]
      let before = try primary.dump()
      for command in [
        ["list"], ["check", users.name], ["rollback", users.name, "--dry-run"], ["init"],
      ] {
        let result = try Program.run(command + options)
        #expect(result.status == 0, "\(command): \(result.stderr)")
      }
      #expect(try Program.run(["list", "--names"] + options).stdout == users.name + "\n")

      for command in [
        ["rollback", users.name, "--yes"], ["rollback", users.name], ["register", users.name],
        ["init", "--reader", "postgres"], ["init", "--drop", "--yes"],
        ["init", "--schema", "another"],
        ["register", users.name, "--schema", "another"],
      ] {
        let result = try Program.run(command + options)
        #expect(result.status == 2)
        #expect(result.stdout == "")
        #expect(
          result.stderr.hasSuffix(
            """
            error: the server at \(standby.socketDirectory):5432 is a standby, which takes no writing \
            statements
            hint: connect to the primary server

            """), "\(result.stderr)")
        let document = try Program.run(command + options + ["--json"])
        #expect(document.status == 2)
        #expect(try document.errorDocument().code == "connection")
      }
      #expect(try primary.dump() == before)
      #expect(try primary.status(of: users.name) == "applied")
    }
  }

  @Test(.scratchLedger, arguments: [false, true])
  func aDatabaseThatIsReadOnlyByDefaultIsWrittenToAllTheSame(byRole: Bool) throws {
    let database = ScratchDatabase.current
    try database.withRole("deployer", attributes: "LOGIN SUPERUSER") { role in
      try database.psql(
        byRole
          ? "ALTER ROLE \(role) SET default_transaction_read_only = on"
          : "ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
      #expect(try database.psql("SHOW transaction_read_only", user: role) == "on")
      let folder = try MigrationFolder([users])
      let options = ["--dir", folder.path, "--database-url", database.url(user: role)]
      try database.psql("BEGIN READ WRITE; \(users.up) COMMIT")
      for command in [
        ["init"], ["register", users.name], ["list"], ["check", users.name],
        ["rollback", users.name, "--dry-run"], ["rollback", users.name, "--yes"],
      ] {
        let result = try Program.run(command + options)
        #expect(result.status == 0, "\(command): \(result.stderr)")
      }
      #expect(try !database.hasTable("users"))
      #expect(try database.status(of: users.name) == "rolled_back")
      #expect(try Program.run(["init", "--drop", "--yes"] + options).status == 0)
      #expect(try !database.hasTable("migration_history"))
    }
  }

  @Test(.scratchLedger) func aFailureIsRecordedThereToo() throws {
    let database = ScratchDatabase.current
    let migration = SampleMigration(
      name: "20250101_users", up: "CREATE TABLE users (id int);", rollback: "DROP TABLE userz;")
    let folder = try database.adopt([migration])
    try database.psql("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
    let result = try Program.run(["rollback", migration.name, "--yes", "--dir", folder.path])
    #expect(result.status == 2)
    #expect(try database.status(of: migration.name) == "failed")
    #expect(try database.events(of: migration.name) == ["register registered", "rollback fail"])
  }
}
