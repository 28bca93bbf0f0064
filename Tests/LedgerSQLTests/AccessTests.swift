import LedgerSQL
import TestSupport
import Testing

/// Who may see and do what.
@Suite(.scratchLedger) struct AccessTests {
  @Test func `nobody but the owner has a privilege, whatever the defaults give`() throws {
    let ledger = LedgerUnderTest()
    try ledger.database.withRole("anon") { anon in
      try ledger.run(
        """
        ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO \(anon), PUBLIC;
        ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO \(anon);
        ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO \(anon);
        ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO \(anon);
        ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO \(anon)
        """)
      let own = try LedgerUnderTest.created(in: "own")
      try ledger.create()
      let granted = """
        SELECT 'relation', c.relname, a.grantee::regrole FROM pg_class c, aclexplode(c.relacl) a
        WHERE a.grantee <> c.relowner AND c.relname ~ '^migration_'
        UNION ALL SELECT 'function', p.proname, a.grantee::regrole
        FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE a.grantee <> p.proowner AND p.proname ~ 'migration'
        UNION ALL SELECT 'type', t.typname, a.grantee::regrole
        FROM pg_type t, aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) a
        WHERE a.grantee <> t.typowner AND t.typname ~ '^migration_'
        UNION ALL SELECT 'schema', n.nspname, a.grantee::regrole
        FROM pg_namespace n, aclexplode(n.nspacl) a
        WHERE a.grantee <> n.nspowner AND n.nspname = 'own';
        """
      #expect(try ledger.send(granted) == "")
      #expect(try own.send(granted) == "")
      #expect(refusal { try own.check("read", as: anon) }?.sqlState == "MM003")
    }
  }

  @Test func `what an administrator grants survives another init`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("auditor") { auditor in
      try ledger.run(
        """
        GRANT SELECT ON LEDGER.migration_events TO \(auditor);
        GRANT EXECUTE ON FUNCTION LEDGER.migration_lock() TO \(auditor);
        SELECT LEDGER.migration_grant_reader('\(auditor)');
        DROP FUNCTION LEDGER.create_migration_snapshot
        """)
      try ledger.create()
      #expect(
        try ledger.value(
          """
          has_table_privilege('\(auditor)', 'migration_events', 'SELECT'),
          has_function_privilege('\(auditor)', 'migration_lock()', 'EXECUTE'),
          has_function_privilege('\(auditor)', 'create_migration_snapshot(text, text)', 'EXECUTE')
          """) == "t|t|f")
      try ledger.check("read", as: auditor)
    }
  }

  @Test func `a reader sees everything but the SQL`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.register("1_a", rollback: "DROP TABLE secret")
    try ledger.register("2_b", rollback: nil, dependsOn: ["1_a"])
    try ledger.database.withRole("reader") { reader in
      try ledger.run("SELECT LEDGER.migration_grant_reader('\(reader)')")
      try ledger.check("read", as: reader)
      #expect(
        try ledger.send(
          "SELECT migration_name, has_rollback_sql, reason FROM LEDGER.migration_overview "
            + "ORDER BY sequence;", as: reader) == """
            1_a|t|Cannot rollback: other migrations depend on this one
            2_b|f|No rollback SQL defined for this migration
            """)
      #expect(
        try ledger.send(
          "SELECT operation, details FROM LEDGER.migration_event_log ORDER BY id;", as: reader)
            == """
            init|{"ledger_version": 1}
            register|
            register|
            grant|{"role": "\(reader)", "access": "reader"}
            """)
      #expect(
        try ledger.send("SELECT * FROM LEDGER.can_rollback_migration('1_a');", as: reader)
          == "f|Cannot rollback: other migrations depend on this one|{2_b}")
      #expect(
        try ledger.send(
          "SELECT migration_name FROM LEDGER.list_rollbackable_migrations();", as: reader)
          == "2_b\n1_a")
      let tables = ["history", "events", "snapshots"].map { "LEDGER.migration_\($0)" }
      for table in tables {
        let denied = refusal { try ledger.run("TABLE \(table)", as: reader) }
        #expect(denied?.sqlState == "42501")
      }
      // Not even a grant on everything shows it the tables that hold SQL.
      try ledger.run("GRANT ALL ON ALL TABLES IN SCHEMA internal TO \(reader)")
      for table in tables {
        #expect(try ledger.send("SELECT count(*) FROM \(table);", as: reader) == "0")
      }
      #expect(
        refusal {
          try ledger.run(ledger.registration("3_c"), as: reader)
        }?.sqlState == "42501")
    }
  }

  @Test func `an operator registers, rolls back and takes snapshots`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.run("CREATE TABLE public.t ()")
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      try ledger.check("write", as: role)
      try ledger.run("ALTER TABLE public.t OWNER TO \(role)")
      let search = #"{"search_path": "public"}"#
      try ledger.run(
        ledger.registration("1_a", rollback: "DROP TABLE t", metadata: search), as: role)
      try ledger.run(ledger.registration("2_b", dependsOn: ["1_a"]), as: role)
      try ledger.run(ledger.registration("2_b"), as: role)
      try ledger.run("SELECT LEDGER.create_migration_snapshot('1_a')", as: role)
      #expect(
        try ledger.execute("1_a", as: role)
          == "t|Migration rolled back successfully|DROP TABLE t")
      #expect(
        try ledger.send(
          "SELECT rollback_by FROM LEDGER.migration_history WHERE rollback_by IS NOT NULL;") == role
      )
      // Not the owner's: neither the trail nor the lists of roles.
      for statement in [
        "DELETE FROM LEDGER.migration_events", "DELETE FROM LEDGER.migration_history",
        "SELECT LEDGER.migration_grant_operator('\(role)')",
      ] {
        #expect(refusal { try ledger.run(statement, as: role) }?.sqlState == "42501")
      }
    }
  }

  @Test func `allowing a role twice is recorded once`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("role") { role in
      for access in ["reader", "operator", "reader", "operator"] {
        try ledger.run("SELECT LEDGER.migration_grant_\(access)('\(role)')")
      }
      #expect(
        try ledger.send(
          "SELECT details ->> 'access' FROM LEDGER.migration_events WHERE operation = 'grant';")
          == "reader\noperator")
    }
  }

  @Test func `a role that does not exist is named`() throws {
    let ledger = try LedgerUnderTest.created()
    for access in ["reader", "operator"] {
      #expect(
        refusal { try ledger.run("SELECT LEDGER.migration_grant_\(access)('nobody at all')") }
          == .init(
            sqlState: "42704", message: "role \"nobody at all\" does not exist",
            hint: "create it with CREATE ROLE, or check the name with 'psql -c \"\\du\"'"))
    }
  }

  @Test func `events are append-only, for superusers and replicas too`() throws {
    let ledger = try LedgerUnderTest.created()
    for (statement, operation) in [
      ("UPDATE LEDGER.migration_events SET outcome = 'x'", "UPDATE"),
      ("DELETE FROM LEDGER.migration_events WHERE false", "DELETE"),
      ("TRUNCATE LEDGER.migration_events", "TRUNCATE"),
    ] {
      for setting in ["origin", "replica"] {
        #expect(
          refusal {
            try ledger.run("SET LOCAL session_replication_role = \(setting); \(statement)")
          }
            == .init(
              sqlState: "55000",
              message: "\"migration_events\" is append-only: \(operation) refused",
              hint: "add an event instead"))
      }
    }
  }
}
