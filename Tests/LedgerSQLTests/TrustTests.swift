import LedgerSQL
import TestSupport
import Testing

/// What other roles plant must not run with the rights of whoever uses the ledger.
@Suite(.scratchDatabase) struct TrustTests {
  /// A trigger function of the role's own, in a schema of the role's own.
  private static let sprung = """
    CREATE FUNCTION trap.sprung() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'sprung'; END $$;
    CREATE FUNCTION trap.fits() RETURNS boolean LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'sprung'; END $$;
    """

  @Test(arguments: [
    (
      "migration_events", "CREATE TRIGGER spy BEFORE INSERT ON TABLE EXECUTE FUNCTION trap.sprung()"
    ),
    (
      "migration_history",
      "CREATE TRIGGER spy BEFORE UPDATE ON TABLE WHEN (trap.fits()) "
        + "EXECUTE FUNCTION LEDGER.migration_stamp_event()"
    ),
    (
      "migration_order",
      "CREATE TRIGGER spy INSTEAD OF UPDATE ON TABLE FOR EACH ROW EXECUTE FUNCTION trap.sprung()"
    ),
  ])
  func `a trigger that a blanket grant allowed is found`(table: String, trigger: String) throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("planter") { planter in
      try ledger.run(
        """
        CREATE SCHEMA trap AUTHORIZATION \(planter);
        GRANT ALL ON ALL TABLES IN SCHEMA public TO \(planter);
        GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO \(planter)
        """)
      try ledger.run(
        Self.sprung + trigger.replacing(" TABLE ", with: " LEDGER.\(table) "), as: planter)
      for requirement in ["read", "write", "create"] {
        let found = refusal { try ledger.check(requirement) }
        #expect(found?.sqlState == "MM002")
        #expect(found?.detail.contains(#""identity": "public.\#(table).spy""#) == true)
        #expect(found?.detail.contains("would run for whoever writes the ledger") == true)
      }
    }
  }

  @Test func `a rule is found`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      "CREATE RULE quiet AS ON INSERT TO LEDGER.migration_snapshots DO INSTEAD NOTHING")
    let found = refusal { try ledger.check("write") }
    #expect(found?.sqlState == "MM002")
    #expect(found?.message.hasSuffix(": public.migration_snapshots.quiet") == true)
  }

  @Test func `no table is emptied and no view is written, whatever was granted`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.database.withRole("operator") { role in
      try ledger.run(
        """
        SELECT LEDGER.migration_grant_operator('\(role)');
        GRANT ALL ON ALL TABLES IN SCHEMA public TO \(role)
        """)
      for user in [role, "postgres"] {
        for table in ["history", "dependencies", "snapshots"] {
          let refused = refusal {
            try ledger.run("TRUNCATE LEDGER.migration_\(table) CASCADE", as: user)
          }
          #expect(refused?.message == "\"migration_\(table)\" is never emptied: TRUNCATE refused")
          #expect(refused?.sqlState == "55000")
        }
        for change in [
          "UPDATE LEDGER.migration_order SET status = 'failed'",
          "DELETE FROM LEDGER.migration_order",
          "INSERT INTO LEDGER.migration_event_log (run_id) VALUES (gen_random_uuid())",
          "UPDATE LEDGER.migration_overview SET status = 'failed'",
        ] {
          let refused = refusal { try ledger.run(change, as: user) }
          #expect(refused?.message.contains("\" is for reading: ") == true)
        }
      }
    }
    #expect(try ledger.status(of: "1_a") == "applied")
  }

  @Test func `an operator cannot sign an event with another name or time`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      let forged = """
        INSERT INTO LEDGER.migration_events (
          run_id, operation, outcome, role_name, occurred_at, details)
        VALUES (gen_random_uuid(), 'rollback', 'done', 'postgres', '2001-01-01',
          '{"session_user": "ada", "x": 1}')
        """
      try ledger.run(forged, as: role)
      try ledger.run("SET LOCAL ROLE \(role); \(forged)")
      #expect(
        try ledger.send(
          """
          SELECT role_name, occurred_at > now() - interval '1 hour', details
          FROM LEDGER.migration_events WHERE operation = 'rollback' ORDER BY id;
          """) == """
            \(role)|t|{"x": 1}
            \(role)|t|{"x": 1, "session_user": "postgres"}
            """)
    }
  }

  @Test func `a table planted while init runs is never written to`() throws {
    let ledger = LedgerUnderTest()
    let parts = LedgerSQL.creation(in: ledger.schema).split(separator: "DO $ledger_creation$")
    try ledger.database.withRole("planter") { planter in
      try ledger.run(
        """
        CREATE SCHEMA trap AUTHORIZATION \(planter);
        GRANT CREATE ON SCHEMA public TO \(planter)
        """)
      try ledger.run(Self.sprung, as: planter)
      let refused = refusal {
        try ledger.run(
          """
          \(parts[0])
          SET LOCAL ROLE \(planter);
          CREATE TABLE public.migration_events (
            id bigint, run_id uuid, occurred_at timestamptz, operation text, migration_name text,
            outcome text, role_name text, os_user text, host text, tool_version text,
            duration_ms numeric, checksum text, rollback_sql text, up_checksum text, error text,
            reason text, details jsonb);
          CREATE TRIGGER spy BEFORE INSERT ON public.migration_events
            EXECUTE FUNCTION trap.sprung();
          SET LOCAL ROLE NONE;
          DO $ledger_creation$\(parts[1])
          """)
      }
      #expect(refused?.sqlState == "MM002")
    }
  }

  @Test func `a superuser does not lend his rights to an ordinary role's ledger`() throws {
    let ledger = LedgerUnderTest()
    try ledger.database.withRole("owner") { owner in
      try ledger.run("GRANT CREATE ON SCHEMA public TO \(owner)")
      try ledger.create(as: owner)
      let refused = LedgerUnderTest.Refusal(
        sqlState: "MM002",
        message: "the migration ledger in schema \"public\" belongs to role \"\(owner)\", "
          + "whose code would run with a superuser's rights",
        detail:
          #"[{"kind": "table", "owner": "\#(owner)", "identity": "public.migration_history"}]"#,
        hint: "connect as \"\(owner)\", or give all of the ledger to a role that you trust with "
          + "'ALTER ... OWNER TO'")
      for requirement in ["read", "write", "create"] {
        #expect(refusal { try ledger.check(requirement) } == refused)
        try ledger.check(requirement, as: owner)
      }
      let database = ledger.database.name.quoted(with: "\"")
      try ledger.run("ALTER DATABASE \(database) OWNER TO \(owner)")
      try ledger.check("write")
      try ledger.run("ALTER DATABASE \(database) OWNER TO postgres")
      #expect(refusal { try ledger.check("read") } == refused)
      try ledger.run("ALTER SCHEMA public OWNER TO \(owner)")
      try ledger.check("write")
      try ledger.run("ALTER SCHEMA public OWNER TO postgres; ALTER ROLE \(owner) SUPERUSER")
      try ledger.check("write")
    }
  }

  @Test func `other runners' tables are read only where their owners are trusted`() throws {
    let ledger = try LedgerUnderTest.created()
    let query =
      LedgerSQL.statement(
        .runnerLedgers, in: ledger.schema,
        values: ["versions": "'{1,2}'", "names": "'{a,b,c,d}'"])
      + "; SELECT current_setting('migration_manager.runner_ledgers')"
    func standing() throws -> String {
      String(try ledger.run(query).split(separator: "\n").last { !$0.contains("|") } ?? "")
    }
    try ledger.run(
      """
      CREATE SCHEMA supabase_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (version text);
      INSERT INTO supabase_migrations.schema_migrations VALUES ('1'), ('3');
      CREATE TABLE _prisma_migrations (
        migration_name varchar(255), finished_at timestamptz, rolled_back_at timestamptz);
      INSERT INTO _prisma_migrations
      VALUES ('a', now(), NULL), ('b', NULL, NULL), ('c', now(), now()), ('e', now(), NULL);
      CREATE SCHEMA other;
      CREATE TABLE other._prisma_migrations (LIKE _prisma_migrations);
      INSERT INTO other._prisma_migrations VALUES ('d', now(), NULL);
      CREATE SCHEMA broken;
      CREATE TABLE broken._prisma_migrations (id int);
      """)
    #expect(try standing() == #"{"prisma": ["d", "a"], "supabase": ["1"]}"#)
    try ledger.database.withRole("planter") { planter in
      try ledger.run("ALTER TABLE supabase_migrations.schema_migrations OWNER TO \(planter)")
      #expect(try standing() == #"{"prisma": ["d", "a"]}"#)
      try ledger.run(
        """
        ALTER TABLE other._prisma_migrations OWNER TO \(planter);
        ALTER TABLE supabase_migrations.schema_migrations OWNER TO postgres;
        ALTER SCHEMA supabase_migrations OWNER TO \(planter)
        """)
      #expect(try standing() == #"{"prisma": ["a"]}"#)
    }
  }
}
