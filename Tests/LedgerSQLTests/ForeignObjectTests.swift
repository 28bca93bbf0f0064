import LedgerSQL
import TestSupport
import Testing

/// Objects that stand under the ledger's names and are not the ledger's.
@Suite(.scratchDatabase) struct ForeignObjectTests {
  @Test func `a table that another system made is left alone`() throws {
    let ledger = LedgerUnderTest()
    try ledger.run("CREATE TABLE public.migration_history (id int)")
    for requirement in ["read", "write", "create"] {
      #expect(
        refusal { try ledger.check(requirement) }
          == .init(
            sqlState: "MM002",
            message:
              "schema \"public\" holds objects under the ledger's names that are not the "
              + "ledger's: public.migration_history",
            detail:
              #"[{"why": "not made by migration-manager", "kind": "table", "#
              + #""owner": "postgres", "identity": "public.migration_history"}]"#,
            hint: "rename or drop them, or keep the ledger elsewhere with '--schema NAME'"))
    }
    #expect(refusal { try ledger.create() }?.sqlState == "MM002")
    #expect(try ledger.value("to_regclass('public.migration_events') IS NULL") == "t")
  }

  @Test(arguments: [
    "CREATE TYPE public.migration_events AS ENUM ('x')",
    "CREATE TYPE public.migration_events AS (x int)",
    "CREATE DOMAIN public.migration_overview AS int",
    "CREATE VIEW public.migration_snapshots AS SELECT 1 AS x",
    "CREATE TABLE public.migration_history_status_idx ()",
    "CREATE TABLE public.t (x int); CREATE INDEX migration_events_init_idx ON public.t (x)",
    "CREATE SEQUENCE public.migration_events_id_seq",
    "CREATE FUNCTION public.migration_lock() RETURNS void LANGUAGE sql AS ''",
    "CREATE FUNCTION public.can_rollback_migration(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE PROCEDURE public.migration_register() LANGUAGE sql AS ''",
  ])
  func `anything under a name of the ledger is found before it is made`(planting: String) throws {
    let ledger = LedgerUnderTest()
    try ledger.run(planting)
    #expect(refusal { try ledger.create() }?.sqlState == "MM002")
    #expect(try ledger.value("to_regclass('public.migration_history') IS NULL") == "t")
  }

  @Test func `an overload planted by another role is found by the next connection`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("planter") { planter in
      try ledger.run("GRANT CREATE ON SCHEMA public TO \(planter)")
      try ledger.run(
        """
        CREATE FUNCTION public.migration_guard(unknown_name name, checksum text) RETURNS void
        LANGUAGE sql AS 'SELECT'
        """, as: planter)
      let found = refusal { try ledger.check("read") }
      #expect(found?.sqlState == "MM002")
      #expect(
        found?.detail
          == #"[{"why": "not made by migration-manager", "kind": "function", "#
          + #""owner": "\#(planter)", "identity": "public.migration_guard(name, text)"}]"#)
    }
  }

  @Test func `a function handed to another role is found by the next connection`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.database.withRole("planter") { planter in
      try ledger.run("ALTER FUNCTION LEDGER.migration_lock() OWNER TO \(planter)")
      let found = refusal { try ledger.check("read") }
      #expect(found?.sqlState == "MM002")
      #expect(
        found?.detail
          == #"[{"why": "owned by \"\#(planter)\", not by \"postgres\"", "kind": "function", "#
          + #""owner": "\#(planter)", "identity": "public.migration_lock()"}]"#)
    }
  }

  @Test func `the check runs nothing that the user's search_path holds`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      """
      CREATE SCHEMA trap;
      CREATE FUNCTION trap.sprung(text, text) RETURNS boolean LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'sprung'; END $$;
      CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.sprung);
      CREATE OPERATOR trap.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.sprung);
      CREATE TYPE trap.text AS ENUM ('x');
      CREATE TABLE trap.pg_class ();
      CREATE TABLE trap.pg_namespace ()
      """)
    let statements =
      LedgerSQL.statement(
        .sessionCheck, in: ledger.schema,
        values: ["requirement": "'write'", "explicit": "'false'"])
      + LedgerSQL.statement(.sessionFacts, in: ledger.schema)
      + LedgerSQL.statement(.setSearchPath, in: ledger.schema)
    let facts = try ledger.run("SET search_path = trap, pg_catalog;\n\(statements)")
    #expect(facts.contains(#"|trap, pg_catalog|["trap","pg_catalog"]"#))
    #expect(facts.hasSuffix("\npg_catalog, pg_temp"))
  }
}
