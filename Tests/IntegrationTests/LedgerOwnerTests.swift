import TestSupport
import Testing

/// Ledgers that belong to an ordinary role, roles with odd names, and rows that people made by hand.
@Suite(.scratchDatabase) struct LedgerOwnerTests {
  let database = ScratchDatabase.current
  private let users = SampleMigration.table("users")

  /// A ledger in `public` that belongs to an ordinary role.
  private func withOwner(_ body: (_ role: String) throws -> Void) throws {
    try database.withRole("owner") { role in
      try database.psql("GRANT CREATE ON SCHEMA public TO \(role)")
      try runSuccessfully(["init", "--database-url", database.url(user: role)])
      try body(role)
    }
  }

  /// Who owns the ledger's relations and functions.
  private func owners() throws -> String {
    try database.psql(
      """
      SELECT DISTINCT owner::regrole FROM (
        SELECT relowner FROM pg_class
        WHERE relname ~ '^migration_' AND relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT proowner FROM pg_proc
        WHERE proname ~ 'migration' AND pronamespace = 'public'::regnamespace
      ) AS object(owner)
      """)
  }

  @Test func anOrdinaryRoleNeedsNoMore() throws {
    try withOwner { role in
      let folder = try database.adopt([users], user: role)
      let options = ["--dir", folder.path, "--database-url", database.url(user: role)]
      for command in [
        ["list"], ["check", users.name], ["register", users.name],
        ["rollback", users.name, "--yes"], ["init"],
      ] {
        try runSuccessfully(command + options)
      }
      #expect(try owners() == role)
      #expect(try !database.hasTable("users"))
    }
  }

  @Test func anUpgradeLeavesAllInOneHand() throws {
    try withOwner { role in
      try database.psql("DROP FUNCTION list_rollbackable_migrations()", user: role)
      try database.withRole("other") { other in
        try database.psql("GRANT CREATE ON SCHEMA public TO \(other)")
        let refused = try Program.run(["init", "--database-url", database.url(user: other)])
        #expect(refused.status == 2)
        #expect(try owners() == role)
      }
      #expect(
        try runSuccessfully(["init", "--database-url", database.url(user: role)]).stdout
          == "✅ Ledger in schema 'public' upgraded\n")
      #expect(try owners() == role)
      #expect(
        try database.psql("SELECT count(*) FROM list_rollbackable_migrations()", user: role) == "0")
    }
  }

  @Test func aSuperuserRunsNoCodeOfAnOrdinaryRole() throws {
    try withOwner { role in
      let folder = try database.adopt([users], user: role)
      for command in [["list"], ["rollback", users.name, "--yes"], ["init"]] {
        let refused = try Program.run(command + ["--dir", folder.path])
        #expect(refused.status == 2)
        #expect(
          refused.stderr.hasSuffix(
            """
            error: the migration ledger in schema "public" belongs to role "\(role)", whose code \
            would run with a superuser's rights
              table public.migration_history owned by '\(role)'
            hint: connect as "\(role)", or give all of the ledger to a role that you trust with \
            'ALTER ... OWNER TO'

            """))
      }
      #expect(try database.hasTable("users"))
      // Whose database it is could do all of that anyway.
      try database.psql("ALTER DATABASE \"\(database.name)\" OWNER TO \(role)")
      try runSuccessfully(["rollback", users.name, "--yes", "--dir", folder.path])
      try database.psql("ALTER DATABASE \"\(database.name)\" OWNER TO postgres")
      #expect(try !database.hasTable("users"))
    }
  }

  @Test func oddNamesOfRoles() throws {
    try database.adopt([users])
    let names = [#"we"ird $ Role"#, "MixedCase", "it's", "user"]
    let quoted = names.map { "\"" + $0.replacing("\"", with: "\"\"") + "_\(database.name)\"" }
    for role in quoted { try database.psql("CREATE ROLE \(role) LOGIN") }
    defer {
      for role in quoted {
        #expect(throws: Never.self) {
          try database.psql("DROP OWNED BY \(role); DROP ROLE \(role)")
        }
      }
    }
    for (index, name) in names.enumerated() {
      let option = index < 2 ? "--reader" : "--operator"
      try runSuccessfully(["init", option, "\(name)_\(database.name)"])
    }
    for name in names {
      let result = try Program.run([
        "list", "--names", "--database-url", database.url(user: "\(name)_\(database.name)"),
      ])
      #expect(result.status == 0)
      #expect(result.stdout == users.name + "\n")
    }
  }

  @Test func aRowMadeByHandIsAsGoodAsAny() throws {
    try runSuccessfully(["init"])
    try database.psql(
      """
      CREATE TABLE legacy (id int);
      INSERT INTO migration_history (migration_name, migration_version, rollback_sql, applied_at)
      VALUES ('20200101_legacy', '20200101', 'DROP TABLE legacy;', NULL),
        ('without_anything', '', NULL, NULL), ('blank', '', E' \\n\\t', NULL);
      """)
    let listed = try Program.run(["list"])
    #expect(listed.status == 0)
    #expect(listed.stdout.contains("\n20200101_legacy   ✅ Yes        -           ✅            -\n"))
    for name in ["without_anything", "blank"] {
      #expect(
        listed.stdout.contains(
          "\n\(name.padded(to: 16))  ❌ No         -           ❌            No rollback SQL defined")
      )
    }
    #expect(listed.stdout.hasSuffix("\nTotal: 3 migrations\nRollbackable: 1\n"))
    #expect(try Program.run(["list", "--json"]).stdout.contains(#""applied_at":null"#))
    #expect(try Program.run(["check", "20200101_legacy"]).status == 0)
    #expect(try Program.run(["rollback", "blank", "--yes"]).status == 1)
    #expect(try Program.run(["rollback", "20200101_legacy", "--yes"]).status == 0)
    #expect(try !database.hasTable("legacy"))
    #expect(try database.events(of: "20200101_legacy") == ["rollback done"])
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
