import TestSupport
import Testing

/// Roles that were not let in are told so: "nothing applied" would be a dangerous answer.
@Suite(.scratchLedger) struct LedgerVisibilityTests {
  let database = ScratchDatabase.current

  static let commands: [[String]] = [
    ["list"], ["list", "--names", "--limit", "1"], ["list", "--all"],
    ["check", "20250101_create_users"], ["show", "20250101_gone", "--rollback"],
    ["rollback", "20250101_create_users", "--yes"],
    ["rollback", "20250101_create_users", "--dry-run"], ["register", "20250101_create_users"],
    ["sync"], ["sync", "--dry-run"], ["init"],
  ]

  /// What may have been granted to everybody, by hand or by a platform.
  enum Grant: CaseIterable {
    case nothing, tablesToTheRole, tablesToEverybody, everything

    func statement(for role: String) -> String {
      switch self {
      case .nothing: ""
      case .tablesToTheRole: "GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(role)"
      case .tablesToEverybody: "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC"
      case .everything:
        """
        GRANT ALL ON ALL TABLES IN SCHEMA public TO \(role);
        GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO \(role);
        GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO \(role);
        """
      }
    }
  }

  @Test(arguments: Grant.allCases) func everyCommandSaysThatItCannotSee(grant: Grant) throws {
    let folder = try database.adopt([.table("users")])
    try database.withRole("stranger") { role in
      try database.psql(grant.statement(for: role))
      let before = try database.dump()
      for command in Self.commands {
        let access = ["list", "check", "show"].contains(command[0]) ? "reader" : "operator"
        let arguments =
          command + ["--dir", folder.path, "--database-url", database.url(user: role)]
        let result = try Program.run(arguments)
        #expect(result.status == 2)
        #expect(result.stdout == "")
        #expect(
          result.stderr.hasSuffix(
            """
            error: role "\(role)" cannot see the migration ledger in schema "public"
            hint: ask the ledger's owner to run 'migration-manager init --\(access) \(role)'

            """))
        guard grant == .tablesToTheRole else { continue }
        let document = try Program.run(arguments + ["--json"])
        #expect(document.status == 2)
        let error = try document.errorDocument()
        #expect(error.code == "permission")
        #expect(error.sqlstate == "MM003")
      }
      #expect(try database.dump() == before)
    }
  }

  @Test(arguments: Grant.allCases) func plainSQLShowsNothing(grant: Grant) throws {
    try database.adopt([.table("users")])
    try database.withRole("stranger") { role in
      try database.psql(grant.statement(for: role))
      for relation in [
        "migration_history", "migration_dependencies", "migration_events", "migration_snapshots",
        "migration_steps", "migration_lease", "migration_overview", "migration_event_log",
        "migration_open_steps",
      ] {
        let result = try database.psqlOutcome("TABLE \(relation)", user: role)
        #expect(result.stdout == "")
      }
      for call in [
        "can_rollback_migration('20250101_create_users')", "list_rollbackable_migrations()",
        "execute_migration_rollback('20250101_create_users')",
        "execute_migration_rollback('20250101_create_users', true)",
        "create_migration_snapshot('20250101_create_users')",
      ] {
        let result = try database.psqlOutcome("SELECT * FROM \(call)", user: role)
        #expect(result.status == 3)
        #expect(result.stdout == "")
        let reason =
          grant == .everything
          ? #"role "\#(role)" cannot see the migration ledger in schema "public""#
          : "permission denied for function "
        #expect(result.stderr.contains(reason))
      }
      #expect(try database.hasTable("users"))
    }
  }

  /// As Supabase sets a new project up, and more.
  private static let defaultPrivileges = """
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO @;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO @;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO @;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO @;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO @;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO @;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO @;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO @;
    """

  @Test(arguments: ["public", "ledger"]) func defaultPrivilegesDoNotLeak(schema: String) throws {
    try database.withRole("anon") { role in
      try database.psql(Self.defaultPrivileges.replacing("@", with: role))
      let migration = SampleMigration.table("users")
      try database.adopt([migration], options: ["--schema", schema])
      // Of the ledger's objects he has nothing; of the application's, what was meant for him.
      #expect(try privileges(of: role, in: schema) == "")
      #expect(try database.psql("SELECT has_table_privilege('\(role)', 'users', 'INSERT')") == "t")
      if schema == "ledger" {
        #expect(
          try database.psql("SELECT has_schema_privilege('\(role)', 'ledger', 'USAGE')") == "f")
      }
      let result = try Program.run(
        ["list", "--schema", schema, "--database-url", database.url(user: role)])
      #expect(result.status == 2)
      #expect(result.stderr.contains(#"cannot see the migration ledger in schema "\#(schema)""#))
    }
  }

  @Test func whatWasMendedStaysClosed() throws {
    try database.adopt([.table("users")])
    try database.withRole("anon") { role in
      try database.psql(Self.defaultPrivileges.replacing("@", with: role))
      try database.psql(
        "DROP FUNCTION list_rollbackable_migrations(); DROP VIEW migration_event_log CASCADE")
      try runSuccessfully(["init"])
      #expect(try privileges(of: role, in: "public") == "")
    }
  }

  @Test func whatAnAdministratorGrantedSinceStays() throws {
    try runSuccessfully(["init"])
    try database.withRole("auditor") { role in
      try database.psql("GRANT SELECT ON migration_events TO \(role)")
      try runSuccessfully(["init"])
      try database.psql("DROP FUNCTION list_rollbackable_migrations()")
      try runSuccessfully(["init"])
      #expect(try privileges(of: role, in: "public") == "migration_events")
    }
  }

  /// The ledger's objects on which a role has any privilege, its own or everybody's.
  private func privileges(of role: String, in schema: String) throws -> String {
    try database.psql(
      """
      SELECT string_agg(name, ' ' ORDER BY name) FROM (
        SELECT relname::text FROM pg_class
        WHERE relnamespace = '\(schema)'::regnamespace AND relname ~ '^migration_'
          AND CASE relkind
            WHEN 'S' THEN has_sequence_privilege('\(role)', oid, 'USAGE, SELECT, UPDATE')
            WHEN 'i' THEN false
            ELSE has_table_privilege('\(role)', oid,
              'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
          END
        UNION ALL
        SELECT typname FROM pg_type
        WHERE typnamespace = '\(schema)'::regnamespace AND typname ~ '^migration_'
          AND has_type_privilege('\(role)', oid, 'USAGE')
        UNION ALL
        SELECT proname FROM pg_proc
        WHERE pronamespace = '\(schema)'::regnamespace AND proname ~ 'migration'
          AND has_function_privilege('\(role)', oid, 'EXECUTE')
      ) AS visible(name)
      """)
  }
}
