import LedgerSQL
import TestSupport
import Testing

@Suite(.scratchLedger) struct SnapshotTests {
  @Test func `a snapshot holds the schema and not the ledger`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      """
      CREATE SCHEMA app;
      CREATE TYPE app.colour AS ENUM ('red', 'green');
      CREATE TABLE app.users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email text COLLATE "C" NOT NULL DEFAULT 'none' CHECK (email <> ''),
        upper_email text GENERATED ALWAYS AS (upper(email)) STORED,
        colour app.colour);
      CREATE INDEX users_email ON app.users (lower(email));
      CREATE VIEW app.ones AS SELECT 1 AS one;
      CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER users_touch BEFORE UPDATE ON app.users
        FOR EACH ROW EXECUTE FUNCTION app.touch();
      ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON app.users FOR SELECT USING (id > 0);
      CREATE TEMPORARY TABLE passing ()
      """)
    try ledger.register("1_a")
    let id = try ledger.send(
      "SELECT LEDGER.create_migration_snapshot('1_a.sql', 'before the sale');")
    #expect(
      try ledger.send(
        """
        SELECT migration_name, description, created_by,
          server_version = current_setting('server_version')
        FROM LEDGER.migration_snapshots WHERE id = '\(id)';
        SELECT migration_name, outcome, details ->> 'snapshot' = '\(id)'
        FROM LEDGER.migration_events WHERE operation = 'snapshot';
        """) == "1_a|before the sale|postgres|t\n1_a|done|t")
    #expect(
      try ledger.send(
        """
        SELECT object ->> 'kind', object ->> 'identity',
          regexp_replace(object ->> 'definition', '\\s+', ' ', 'g')
        FROM LEDGER.migration_snapshots, jsonb_array_elements(objects) AS object
        WHERE object ->> 'kind' <> 'schema';
        """) == """
          column|app.users.colour|app.colour
          column|app.users.email|text COLLATE "C" NOT NULL DEFAULT 'none'::text
          column|app.users.id|bigint NOT NULL GENERATED ALWAYS AS IDENTITY
          column|app.users.upper_email|text GENERATED ALWAYS AS upper(email)
          constraint|app.users.users_email_check|CHECK ((email <> ''::text))
          constraint|app.users.users_pkey|PRIMARY KEY (id)
          function|app.touch()|owner postgres, CREATE OR REPLACE FUNCTION app.touch() RETURNS \
          trigger LANGUAGE plpgsql AS $function$BEGIN RETURN NEW; END$function$\u{20}
          index|app.users_email|CREATE INDEX users_email ON app.users USING btree (lower(email))
          index|app.users_pkey|CREATE UNIQUE INDEX users_pkey ON app.users USING btree (id)
          policy|app.users.own|PERMISSIVE FOR SELECT TO PUBLIC USING ((id > 0))
          table|app.users|owner postgres, row level security
          trigger|app.users.users_touch|CREATE TRIGGER users_touch BEFORE UPDATE ON app.users FOR \
          EACH ROW EXECUTE FUNCTION app.touch()
          view|app.ones|owner postgres, SELECT 1 AS one;
          """)
    #expect(
      try ledger.send(
        """
        SELECT object ->> 'identity'
        FROM LEDGER.migration_snapshots, jsonb_array_elements(objects) AS object
        WHERE object ->> 'kind' = 'schema';
        """) == "app\npublic")
  }

  @Test func `an unknown name is an error`() throws {
    let ledger = try LedgerUnderTest.created()
    #expect(
      refusal { try ledger.run("SELECT LEDGER.create_migration_snapshot('1_x')") }
        == .init(
          sqlState: "MM010", message: "migration \"1_x\" is not in the ledger in schema \"public\"",
          hint: "run 'migration-manager list --all' to see the names"))
  }
}
