import TestSupport
import Testing

/// `init --operator`: a role that deploys, without owning the ledger.
@Suite(.scratchDatabase) struct LedgerOperatorTests {
  let database = ScratchDatabase.current

  /// An operator with a schema of his own, which migrations without a schema's name go to.
  private func withOperator(_ body: (_ role: String) throws -> Void) throws {
    try database.withRole("deployer") { role in
      let result = try runSuccessfully(["init", "--operator", role])
      #expect(result.stdout == "✅ Ledger created in schema 'public'\n   Operators: \(role)\n")
      try database.psql("CREATE SCHEMA AUTHORIZATION \(role)")
      try body(role)
    }
  }

  private func run(_ arguments: [String], as role: String) throws -> ProgramResult {
    try Program.run(arguments + ["--database-url", database.url(user: role)])
  }

  @Test func everyCommandButGrantingWorks() throws {
    try withOperator { role in
      let migration = SampleMigration.table("users")
      let folder = try database.adopt([migration], user: role)
      #expect(try database.hasTable("\(role).users"))
      let options = ["--dir", folder.path]
      for command in [
        ["init"], ["list"], ["check", migration.name], ["show", migration.name, "--rollback"],
        ["register", migration.name], ["rollback", migration.name, "--dry-run"],
        ["rollback", migration.name, "--yes", "--reason", "incident 42"],
      ] {
        let result = try run(command + options, as: role)
        #expect(result.status == 0, "\(command): \(result.stderr)")
      }
      #expect(try !database.hasTable("\(role).users"))
      #expect(
        try database.psql(
          """
          SELECT status, applied_by, rollback_by, rollback_at IS NOT NULL FROM migration_history
          """) == "rolled_back|\(role)|\(role)|t")
      #expect(
        try database.psql(
          """
          SELECT operation, outcome, role_name, reason FROM migration_events
          WHERE migration_name IS NOT NULL ORDER BY id
          """) == """
            register|registered|\(role)|
            register|refreshed|\(role)|
            rollback|done|\(role)|incident 42
            """)
    }
  }

  @Test func hisRollbackSQLRunsWithHisRightsAlone() throws {
    try withOperator { role in
      let folder = try database.adopt([.table("users")])
      let name = "20250101_create_users"
      let result = try run(["rollback", name, "--yes", "--dir", folder.path], as: role)
      #expect(result.status == 2)
      #expect(result.stderr.contains("error: must be owner of table users\n"))
      #expect(try database.hasTable("users"))
      #expect(try database.status(of: name) == "failed")
      #expect(try database.events(of: name) == ["register registered", "rollback fail"])
    }
  }

  @Test(arguments: ["--reader", "--operator"]) func heCannotLetOthersIn(option: String) throws {
    try withOperator { role in
      try database.withRole("other") { other in
        let before = try database.dump()
        let result = try run(["init", option, other], as: role)
        #expect(result.status == 2)
        #expect(result.stdout == "")
        #expect(result.stderr.contains("error: permission denied for function migration_grant_"))
        #expect(
          result.stderr.hasSuffix(
            "\nhint: connect as the ledger's owner: no other role may change it or let others in\n")
        )
        #expect(
          try run(["init", option, other, "--json"], as: role).errorDocument().code == "permission")
        #expect(try database.dump() == before)
      }
    }
  }

  @Test func historyIsNotHisToErase() throws {
    try withOperator { role in
      try database.adopt([.table("users")], user: role)
      let before = try database.dump()
      for statement in [
        "DELETE FROM migration_history", "TRUNCATE migration_history CASCADE",
        "DELETE FROM migration_events", "UPDATE migration_events SET outcome = 'done'",
        "TRUNCATE migration_events", "DROP TABLE migration_events",
        "ALTER TABLE migration_events DISABLE TRIGGER ALL",
        "ALTER TABLE migration_history DISABLE ROW LEVEL SECURITY",
        "SELECT migration_grant_operator('\(role)')",
        "CREATE OR REPLACE FUNCTION public.migration_lock() RETURNS void LANGUAGE sql AS ''",
      ] {
        #expect(try database.psqlOutcome(statement, user: role).status == 3, "\(statement)")
      }
      #expect(try database.dump() == before)
      // The owner himself cannot but by taking the triggers away.
      for statement in [
        "DELETE FROM migration_events", "UPDATE migration_events SET outcome = 'done'",
        "TRUNCATE migration_events",
      ] {
        let result = try database.psqlOutcome(statement)
        #expect(result.status == 3)
        #expect(result.stderr.contains(#""migration_events" is append-only"#))
      }
    }
  }

  @Test func plainSQLWorksForHimToo() throws {
    try withOperator { role in
      try database.adopt([.table("users")], user: role)
      #expect(
        try database.psql(
          "SELECT success, message FROM execute_migration_rollback('20250101_create_users')",
          user: role) == "t|Migration rolled back successfully")
      #expect(try !database.hasTable("\(role).users"))
      #expect(
        try database.psql("SELECT status, rollback_by FROM migration_history")
          == "rolled_back|\(role)")
    }
  }

  @Test func anUpgradeKeepsHimIn() throws {
    try withOperator { role in
      // As an older ledger would: it lacks what a newer version brings.
      try database.psql("DROP FUNCTION migration_lock(); DROP VIEW migration_event_log")
      let refused = try run(["init"], as: role)
      #expect(refused.status == 2)
      try database.withRole("reader") { reader in
        try runSuccessfully(["init", "--reader", reader])
        try database.psql("DROP FUNCTION list_rollbackable_migrations()")
        #expect(try runSuccessfully(["init"]).stdout == "✅ Ledger in schema 'public' upgraded\n")
        let migration = SampleMigration.table("users")
        let folder = try database.adopt([migration], user: role)
        let result = try run(["rollback", migration.name, "--yes", "--dir", folder.path], as: role)
        #expect(result.status == 0)
        #expect(
          try database.psql("SELECT count(*) FROM list_rollbackable_migrations()", user: reader)
            == "0")
        #expect(try run(["list", "--all", "--names"], as: reader).stdout == migration.name + "\n")
      }
    }
  }
}
