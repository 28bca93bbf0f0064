import LedgerSQL
import TestSupport
import Testing

@Suite(.scratchDatabase) struct SessionCheckTests {
  @Test(arguments: ["public", "no such schema"])
  func `an absent ledger is an error but for its creation`(schema: String) throws {
    let ledger = LedgerUnderTest(schema: schema)
    let expected = LedgerUnderTest.Refusal(
      sqlState: "MM001", message: "there is no migration ledger in schema \"\(schema)\"",
      hint: "run 'migration-manager init'")
    #expect(refusal { try ledger.check("read") } == expected)
    #expect(refusal { try ledger.check("write") } == expected)
    try ledger.check("create")
  }

  @Test func `a hint names the schema that the user named`() throws {
    let ledger = LedgerUnderTest(schema: "ops")
    #expect(
      refusal { try ledger.check("read", explicit: true) }?.hint
        == "run 'migration-manager --schema ops init'")
    try ledger.create()
    try ledger.database.withRole("stranger") { stranger in
      #expect(
        refusal { try ledger.check("read", explicit: true, as: stranger) }?.hint
          == "ask the ledger's owner to run "
          + "'migration-manager --schema ops init --reader \(stranger)'")
    }
  }

  @Test func `beside Prisma the ledger belongs in a schema of its own`() throws {
    let ledger = LedgerUnderTest()
    try ledger.run("CREATE TABLE public._prisma_migrations (id text)")
    for requirement in ["read", "create"] {
      #expect(
        refusal { try ledger.check(requirement, explicit: false) }
          == .init(
            sqlState: "MM008",
            message:
              "the ledger belongs in schema \"migration_manager\", because Prisma's table "
              + "\"_prisma_migrations\" exists in this database",
            hint: "use '--schema migration_manager'"))
    }
    try ledger.check("create", explicit: true)
    let own = try LedgerUnderTest.created(in: "migration_manager")
    try own.check("read", explicit: false)
    try ledger.create()
    try ledger.check("read", explicit: false)
  }

  @Test func `a role that cannot see the ledger is told so`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.register("1_a")
    try ledger.database.withRole("stranger") { stranger in
      let expected = LedgerUnderTest.Refusal(
        sqlState: "MM003",
        message: "role \"\(stranger)\" cannot see the migration ledger in schema \"internal\"",
        hint: "ask the ledger's owner to run 'migration-manager init --reader \(stranger)'")
      #expect(refusal { try ledger.check("read", as: stranger) } == expected)
      #expect(
        refusal { try ledger.check("write", as: stranger) }?.hint
          == "ask the ledger's owner to run 'migration-manager init --operator \(stranger)'")
      try ledger.run("GRANT USAGE ON SCHEMA internal TO \(stranger)")
      #expect(refusal { try ledger.check("read", as: stranger) } == expected)
      // Grants alone show an empty ledger, which must never look like "nothing applied".
      try ledger.run(
        """
        GRANT SELECT ON ALL TABLES IN SCHEMA internal TO \(stranger);
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA internal TO \(stranger)
        """)
      #expect(refusal { try ledger.check("read", as: stranger) } == expected)
      // Not even a function that tells what it is given sees a name.
      try ledger.run(
        """
        CREATE FUNCTION public.tell(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql
          AS $$ BEGIN RAISE EXCEPTION 'saw %', $1; END $$
        """)
      for view in ["migration_overview", "migration_order"] {
        #expect(
          try ledger.send(
            "SELECT * FROM LEDGER.\(view) WHERE tell(migration_name);", as: stranger) == "")
      }
      for call in [
        "LEDGER.can_rollback_migration('x')", "LEDGER.list_rollbackable_migrations()",
        "LEDGER.execute_migration_rollback('x')", "LEDGER.create_migration_snapshot('x')",
      ] {
        #expect(refusal { try ledger.run("SELECT \(call)", as: stranger) } == expected)
      }
    }
  }

  @Test func `a reader may read and is told that it may not write`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("reader") { reader in
      try ledger.run("SELECT LEDGER.migration_grant_reader('\(reader)')")
      try ledger.check("read", as: reader)
      let expected = LedgerUnderTest.Refusal(
        sqlState: "MM012",
        message:
          "role \"\(reader)\" may read but not write the migration ledger in schema \"public\"",
        hint: "ask the ledger's owner to run 'migration-manager init --operator \(reader)'")
      #expect(refusal { try ledger.check("write", as: reader) } == expected)
      try ledger.run("GRANT ALL ON ALL TABLES IN SCHEMA public TO \(reader)")
      #expect(refusal { try ledger.check("write", as: reader) } == expected)
      // The functions hold to the same rule.
      try ledger.run("GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO \(reader)")
      try ledger.register("1_a")
      #expect(refusal { try ledger.execute("1_a", as: reader) } == expected)
    }
  }

  @Test func `owners, their members and operators may write`() throws {
    let ledger = LedgerUnderTest()
    try ledger.database.withRole("owner") { owner in
      try ledger.run("GRANT CREATE ON SCHEMA public TO \(owner)")
      try ledger.create(as: owner)
      try ledger.check("write", as: owner)
      try ledger.database.withRole("member", attributes: "LOGIN IN ROLE \(owner)") {
        try ledger.check("write", as: $0)
      }
      try ledger.database.withRole("operator") { role in
        try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')", as: owner)
        try ledger.check("write", as: role)
      }
    }
  }
}
