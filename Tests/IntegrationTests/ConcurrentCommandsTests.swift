import Testing
import TestSupport

/// Several programs at once on one database: whoever comes second is told so.
@Suite(.scratchLedger) struct ConcurrentCommandsTests {
  private let tags = SampleMigration.table("tags")
  private let database = ScratchDatabase.current

  /// Starts a rollback that is stuck: somebody reads its table.
  private func stuckRollback(in checkout: Checkout) throws -> (ChildProcess, PsqlSession) {
    let reader = try PsqlSession(database)
    try reader.run("BEGIN; LOCK TABLE tags IN ACCESS SHARE MODE")
    let program = try checkout.start(["rollback", tags.name, "--yes", "--lock-timeout", "60s"])
    try checkout.waitUntilStuck(program, on: "Lock")
    return (program, reader)
  }

  @Test func ofTwoRollbacksOneDoesIt() throws {
    let checkout = try Checkout([tags])
    let (first, reader) = try stuckRollback(in: checkout)
    let second = try checkout.start(["rollback", tags.name, "--yes", "--quiet"])
    let third = try checkout.start(["rollback", tags.name, "--yes", "--json"])
    try waitUntil("the others had asked for the lock") {
      try database.psql(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'migration-manager'
          AND query = 'ROLLBACK'
        """) == "2"
    }
    try reader.run("ROLLBACK")
    #expect(try first.waitUntilExit().status == 0)
    let told = try second.waitUntilExit()
    #expect(told.status == 1)
    #expect(told.stdout == "")
    #expect(
      told.stderr == """
        error: Migration status is rolled_back, not applied: '\(tags.name)'
          the ledger was changed after the plan was made
        hint: run 'migration-manager check \(tags.name)'

        """)
    let document = try third.waitUntilExit()
    #expect(document.status == 1)
    #expect(try document.errorDocument().code == "refused")
    #expect(try database.events(of: tags.name) == ["register registered", "rollback done"])
    try checkout.waitUntilNothingIsLeft()
  }

  @Test func ofEightRollbacksOneDoesIt() throws {
    let checkout = try Checkout([tags])
    let programs = try (1...8).map { _ in
      try checkout.start(["rollback", tags.name, "--yes", "--json"])
    }
    let results = try programs.map { try $0.waitUntilExit() }
    #expect(results.map(\.status).sorted() == [0, 1, 1, 1, 1, 1, 1, 1])
    for result in results where result.status == 1 {
      #expect(try result.errorDocument().code == "refused")
    }
    #expect(try database.events(of: tags.name) == ["register registered", "rollback done"])
    #expect(try database.hasTable("tags") == false)
    try checkout.waitUntilNothingIsLeft()
  }

  @Test func rollbacksOfDifferentMigrationsTakeTurns() throws {
    let migrations = ["a", "b", "c", "d"].map { SampleMigration.table($0) }
    let checkout = try Checkout(migrations)
    let programs = try migrations.map {
      try checkout.start(["rollback", $0.name, "--yes", "--quiet"])
    }
    let statuses = try programs.map { try $0.waitUntilExit().status }
    #expect(statuses == [0, 0, 0, 0])
    for migration in migrations {
      #expect(
        try database.events(of: migration.name) == ["register registered", "rollback done"])
    }
  }

  @Test func twoRegistrationsAgree() throws {
    let folder = try MigrationFolder([tags])
    try database.psql(tags.up)
    let programs = try (1...4).map { _ in
      try Program.start(["register", tags.name, "--dir", folder.path, "--json"])
    }
    let results = try programs.map { try $0.waitUntilExit() }
    #expect(results.map(\.status) == [0, 0, 0, 0])
    let outcomes = results.map { result in
      result.stdout.contains(#""outcome":"registered""#)
        ? "register registered" : "register refreshed"
    }
    #expect(try database.events(of: tags.name).sorted() == outcomes.sorted())
    #expect(outcomes.count { $0 == "register registered" } == 1)
    #expect(
      try database.psql("SELECT count(*) FROM migration_events WHERE operation = 'init'") == "1")
  }

  @Test func oneOfManyInitsMakesTheLedger() throws {
    let programs = try (1...4).map { _ in try Program.start(["init"]) }
    for program in programs { #expect(try program.waitUntilExit().status == 0) }
    #expect(try database.psql("SELECT operation, outcome FROM migration_events") == "init|done")
  }

  /// Registering looks for the table before it has the lock; by then the table may be gone.
  @Test func whatIsBeingRolledBackIsNotRegistered() throws {
    let checkout = try Checkout([tags])
    let (rollback, reader) = try stuckRollback(in: checkout)
    let register = try checkout.start(["register", tags.name])
    try register.wait(for: "waiting for another runner", on: .error)
    try reader.run("ROLLBACK")
    #expect(try rollback.waitUntilExit().status == 0)
    let result = try register.waitUntilExit()
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: migration "\(tags.name)" was rolled back meanwhile
        hint: if it was applied again since, run 'migration-manager register \(tags.name)' again

        """))
    #expect(try database.status(of: tags.name) == "rolled_back")
    #expect(try database.events(of: tags.name) == ["register registered", "rollback done"])
  }

  // MARK: Between plan and execution

  /// Lets `change` happen while the prompt waits, then answers yes: it must be refused.
  private func expectRefusal(
    _ message: String, details: [String] = [], changing change: (Checkout) throws -> Void
  ) throws {
    let checkout = try Checkout([tags])
    let program = try checkout.start(["rollback", tags.name])
    try program.wait(for: "(yes/no): ", on: .error)
    try change(checkout)
    let before = try database.dump()
    try program.write("yes\n".utf8)
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(result.stdout == "")
    let lines =
      ["error: \(message): '\(tags.name)'"] + details.map { "  \($0)" } + [
        "  the ledger was changed after the plan was made",
        "hint: run 'migration-manager check \(tags.name)'", "",
      ]
    #expect(result.stderr.hasSuffix("\n" + lines.joined(separator: "\n")))
    #expect(try database.dump() == before)
  }

  @Test func aDependentWasRegistered() throws {
    try expectRefusal(
      "Cannot rollback: other migrations depend on this one",
      details: ["depends on it: 20250102_labels"]
    ) { checkout in
      try checkout.adopt(.table("labels", name: "20250102_labels", dependsOn: [tags.name]))
    }
  }

  @Test func theRollbackSQLWasChanged() throws {
    try expectRefusal("The recorded rollback SQL changed meanwhile") { checkout in
      var changed = tags
      changed.rollback = "DROP TABLE tags CASCADE;"
      try checkout.folder.write(changed.text, to: changed.fileName)
      #expect(try checkout.run(["register", tags.name]).status == 0)
    }
  }

  @Test func itWasRolledBack() throws {
    try expectRefusal("Migration status is rolled_back, not applied") { checkout in
      let result = try checkout.run(["rollback", tags.name, "--yes"])
      #expect(result.status == 0)
    }
  }

  @Test func itsRowIsGone() throws {
    try expectRefusal("Migration not found") { _ in
      try database.psql("DELETE FROM migration_history")
    }
  }

  @Test func itFailedMeanwhile() throws {
    try expectRefusal("Migration status is failed, not applied") { _ in
      try database.psql("UPDATE migration_history SET status = 'failed'")
    }
  }
}
