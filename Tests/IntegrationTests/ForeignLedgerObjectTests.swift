import TestSupport
import Testing

/// Objects under the ledger's names that are not the ledger's: an error that names them, and
/// nothing of theirs is read, called or changed.
@Suite(.scratchDatabase) struct ForeignLedgerObjectTests {
  let database = ScratchDatabase.current
  let folder: MigrationFolder

  init() throws {
    folder = try MigrationFolder([.table("users")])
    try database.psql("CREATE TABLE users (id int PRIMARY KEY)")
  }

  static let commands: [[String]] = [
    ["init"], ["init", "--reader", "postgres"], ["init", "--drop", "--yes"], ["list"],
    ["list", "--names"],
    ["check", "20250101_create_users"], ["show", "20250101_gone", "--rollback"],
    ["register", "20250101_create_users"], ["rollback", "20250101_create_users", "--yes"],
    ["rollback", "20250101_create_users", "--dry-run"],
  ]

  /// Runs commands and expects each to refuse with `details`.
  private func expectRefusal(
    of commands: [[String]] = commands, _ objects: String, details: [String]
  ) throws {
    let before = try database.dump()
    let error = """
      error: schema "public" holds objects under the ledger's names that are not the ledger's: \
      \(objects)

      """
    let rest =
      details.map { "  \($0)\n" }.joined()
      + "hint: rename or drop them, or keep the ledger elsewhere with '--schema NAME'\n"
    for command in commands {
      let arguments = command + ["--dir", folder.path]
      let result = try Program.run(arguments)
      #expect(result.status == 2)
      #expect(result.stdout == "")
      #expect(result.stderr.hasSuffix(error + rest), "\(command): \(result.stderr)")
      let document = try Program.run(arguments + ["--json"])
      #expect(document.status == 2)
      #expect(try document.errorDocument().code == "ledger")
      #expect(try document.errorDocument().sqlstate == "MM002")
    }
    #expect(try database.dump() == before)
  }

  @Test func anApplicationsTable() throws {
    try database.psql(
      "CREATE TABLE migration_history (id int); INSERT INTO migration_history VALUES (1)")
    try expectRefusal(
      "public.migration_history",
      details: [
        "table public.migration_history owned by 'postgres': not made by migration-manager"
      ])
    #expect(try database.psql("TABLE migration_history") == "1")
  }

  /// What else can have our names, by kind.
  @Test(arguments: [
    ("CREATE VIEW migration_events AS SELECT 1 AS a", "view public.migration_events"),
    (
      "CREATE MATERIALIZED VIEW migration_overview AS SELECT 1 AS a",
      "materialized view public.migration_overview"
    ),
    ("CREATE TYPE migration_snapshots AS ENUM ('a')", "type public.migration_snapshots"),
    ("CREATE TYPE migration_history AS (a int)", "type public.migration_history"),
    ("CREATE DOMAIN migration_dependencies AS int", "type public.migration_dependencies"),
    ("CREATE SEQUENCE migration_history", "sequence public.migration_history"),
    ("CREATE INDEX migration_history_pkey ON users (id)", "index public.migration_history_pkey"),
    (
      "CREATE FUNCTION can_rollback_migration(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "function public.can_rollback_migration(integer)"
    ),
    (
      "CREATE PROCEDURE execute_migration_rollback(text, bool) LANGUAGE sql AS 'SELECT 1'",
      "function public.execute_migration_rollback(text, boolean)"
    ),
    (
      "CREATE AGGREGATE migration_lock(int) (SFUNC = int4pl, STYPE = int)",
      "function public.migration_lock(integer)"
    ),
  ])
  func otherKinds(statement: String, object: String) throws {
    try database.psql(statement)
    let identity = String(object[(object.lastRange(of: " ")?.upperBound ?? object.startIndex)...])
    let name = object.contains("(") ? String(object.dropFirst("function ".count)) : identity
    try expectRefusal(
      of: [
        ["init"], ["init", "--drop", "--yes"], ["list"],
        ["rollback", "20250101_create_users", "--yes"],
      ], name,
      details: ["\(object) owned by 'postgres': not made by migration-manager"])
  }

  @Test func anotherSchemaIsTheWayOut() throws {
    try database.psql("CREATE TABLE migration_history (id int)")
    for command in [
      ["init"], ["register", "20250101_create_users"], ["list"],
      ["check", "20250101_create_users"],
      ["rollback", "20250101_create_users", "--yes"],
    ] {
      try runSuccessfully(command + ["--dir", folder.path, "--schema", "deployments"])
    }
    #expect(
      try database.status(of: "20250101_create_users", ledger: "deployments") == "rolled_back")
    #expect(try database.psql("TABLE migration_history") == "")
  }

  /// Functions that another role plants where the ledger is or will be. Called by a superuser,
  /// their bodies would run as the superuser; each leaves a mark and raises.
  private static func planted(_ signature: String, returns type: String) -> String {
    """
    CREATE FUNCTION public.\(signature) RETURNS \(type) LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM nextval('public.mark');
      RAISE EXCEPTION 'planted code ran as %', current_user;
    END $$;
    """
  }

  private static let signatures = [
    ("can_rollback_migration(text)", "int"), ("can_rollback_migration(varchar)", "int"),
    ("execute_migration_rollback(text, bool)", "int"),
    ("execute_migration_rollback(varchar, bool)", "int"),
    ("execute_migration_rollback(text)", "int"), ("list_rollbackable_migrations()", "int"),
    ("create_migration_snapshot(text, text)", "int"), ("migration_lock()", "void"),
    ("migration_guard(text[], text[])", "void"),
    ("migration_guard(varchar[], varchar[])", "void"),
    ("migration_record_rollbacks(uuid, text[], jsonb, jsonb)", "void"),
    ("migration_record_events(uuid, text, text[], text, jsonb, text, jsonb)", "void"),
    ("migration_version_number(text)", "numeric"), ("migration_require_visible()", "void"),
    ("migration_register(uuid, jsonb, jsonb)", "text"),
    ("migration_grant_operator(name)", "void"),
  ]

  @Test(arguments: [false, true]) func plantedFunctionsNeverRun(ledgerExists: Bool) throws {
    try database.withRole("mallory") { role in
      try database.psql(
        """
        CREATE SEQUENCE mark; GRANT ALL ON SEQUENCE mark TO PUBLIC;
        GRANT CREATE ON SCHEMA public TO \(role);
        """)
      let arguments = ["register", "20250101_create_users", "--dir", folder.path]
      if ledgerExists { try runSuccessfully(arguments) }
      for (signature, type) in Self.signatures {
        // Those that exist already are out of his reach; all others he can plant.
        let result = try database.psqlOutcome(Self.planted(signature, returns: type), user: role)
        #expect(ledgerExists || result.status == 0, "\(result.stderr)")
      }
      let before = try database.dump()
      for command in Self.commands {
        let result = try Program.run(command + ["--dir", folder.path])
        #expect(result.status == 2)
        #expect(result.stderr.contains("function public.can_rollback_migration(character varying)"))
        #expect(result.stderr.contains("owned by '\(role)': not made by migration-manager\n"))
        #expect(result.hides("planted code ran"))
      }
      #expect(try database.psql("SELECT is_called FROM mark") == "f")
      #expect(try database.dump() == before)
      #expect(try database.hasTable("users"))
    }
  }

  /// Overloads that would be preferred to ours where a call leaves out a default or a type: planted
  /// beside a ledger that exists, where no check of the program's stands between.
  @Test func plantedOverloadsDoNotStandInForOurs() throws {
    try database.adopt([
      .table("teams"), SampleMigration(name: "20250102_bad", up: "SELECT 1;", rollback: "SELEC;"),
    ])
    try database.withRole("mallory") { role in
      try database.psql(
        """
        CREATE SEQUENCE mark; GRANT ALL ON SEQUENCE mark TO PUBLIC;
        GRANT CREATE ON SCHEMA public TO \(role);
        """)
      let planted = try database.psql(
        """
        CREATE TEMP TABLE planted (signature text);
        DO $plant$
        DECLARE
          ours record;
          types text[];
        BEGIN
          FOR ours IN
            SELECT proname, ARRAY(
              SELECT format_type(type, NULL)
              FROM unnest(proargtypes) WITH ORDINALITY AS argument(type, place) ORDER BY place
            ) AS types
            FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proname ~ 'migration'
          LOOP
            FOR types IN
              -- The first arguments alone; one of them, or all, of another type.
              SELECT ours.types[1:length] FROM generate_series(0, cardinality(ours.types)) AS length
              UNION
              SELECT ours.types[1:place - 1] || other || ours.types[place + 1:]
              FROM generate_subscripts(ours.types, 1) AS place,
                unnest(ARRAY['text', 'varchar', 'name', 'json', 'anyelement']) AS other
              UNION
              SELECT array_fill('text'::text, ARRAY[cardinality(ours.types)])
              WHERE cardinality(ours.types) > 0
            LOOP
              BEGIN
                EXECUTE format(
                  'CREATE FUNCTION public.%I(%s) RETURNS text LANGUAGE plpgsql AS $body$ BEGIN '
                  'PERFORM nextval(''public.mark''); RAISE EXCEPTION ''planted code ran''; END $body$',
                  ours.proname, array_to_string(types, ', '));
                INSERT INTO planted VALUES (ours.proname);
              EXCEPTION WHEN duplicate_function OR insufficient_privilege THEN NULL;
              END;
            END LOOP;
          END LOOP;
        END $plant$;
        SELECT count(*) > 100 FROM planted;
        """, user: role)
      #expect(planted == "t")
      try database.psql(
        """
        SELECT * FROM list_rollbackable_migrations();
        SELECT * FROM can_rollback_migration('20250101_create_teams'::text);
        SELECT create_migration_snapshot('20250101_create_teams'::text, 'why'::text);
        SELECT * FROM execute_migration_rollback('20250101_create_teams'::text, true);
        SELECT * FROM execute_migration_rollback('20250101_create_teams'::text, false);
        SELECT * FROM execute_migration_rollback('20250102_bad'::text, false);
        SELECT * FROM execute_migration_rollback('unknown'::text, false);
        """)
      #expect(try database.psql("SELECT is_called FROM mark") == "f")
      #expect(try database.status(of: "20250101_create_teams") == "rolled_back")
      #expect(try database.status(of: "20250102_bad") == "failed")
    }
  }

  @Test func aLedgerOfAnotherRoleIsNotTakenForOurs() throws {
    try runSuccessfully(["init"])
    try database.withRole("mallory") { role in
      // As after a restore by another role, or an attack: one function changed hands.
      try database.psql("ALTER FUNCTION migration_lock() OWNER TO \(role)")
      try expectRefusal(
        "public.migration_lock()",
        details: [
          "function public.migration_lock() owned by '\(role)': owned by \"\(role)\", "
            + "not by \"postgres\""
        ])
      try database.psql("ALTER FUNCTION migration_lock() OWNER TO postgres")
    }
    #expect(try Program.run(["list"]).status == 0)
  }

  @Test(arguments: [["rollback", "20250101_create_users", "--yes"], nil])
  func functionsOnTheCallersPathStandInForNothing(rollback: [String]?) throws {
    // Before pg_catalog on the path: what is called must be PostgreSQL's own all the same.
    try database.withRole("mallory") { role in
      try database.psql(
        """
        CREATE SEQUENCE mark; GRANT ALL ON SEQUENCE mark TO PUBLIC;
        CREATE SCHEMA trap AUTHORIZATION \(role);
        """)
      let body = """
        LANGUAGE plpgsql AS $$ BEGIN
          PERFORM nextval('public.mark'); RAISE EXCEPTION 'planted code ran';
        END $$;
        """
      try database.psql(
        """
        CREATE FUNCTION trap.set_config(text, text, bool) RETURNS text \(body)
        CREATE FUNCTION trap.current_setting(text) RETURNS text \(body)
        CREATE FUNCTION trap.format(text, text) RETURNS text \(body)
        CREATE FUNCTION trap.jsonb_build_object(text, text) RETURNS jsonb \(body)
        CREATE FUNCTION trap.hashtext(text) RETURNS int \(body)
        CREATE FUNCTION trap.clock_timestamp() RETURNS timestamptz \(body)
        CREATE FUNCTION trap.now() RETURNS timestamptz \(body)
        CREATE FUNCTION trap.texteq(text, text) RETURNS bool \(body)
        CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.texteq);
        CREATE OPERATOR trap.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.texteq);
        CREATE DOMAIN trap.text AS int; CREATE DOMAIN trap.jsonb AS int;
        CREATE DOMAIN trap.uuid AS int; CREATE DOMAIN trap.name AS int;
        CREATE VIEW trap.pg_class AS SELECT nextval('public.mark') AS oid;
        CREATE VIEW trap.pg_namespace AS SELECT nextval('public.mark') AS oid;
        CREATE VIEW trap.pg_proc AS SELECT nextval('public.mark') AS oid;
        """, user: role)
      try database.psql(
        "ALTER DATABASE \(database.name) SET search_path = trap, pg_catalog, public")
      for command in [
        ["init"], ["register", "20250101_create_users"], ["list"],
        ["check", "20250101_create_users"], ["rollback", "20250101_create_users", "--dry-run"],
      ] {
        try runSuccessfully(command + ["--dir", folder.path])
      }
      if let rollback {
        try runSuccessfully(rollback + ["--dir", folder.path])
      } else {
        // The plain client's own words are his business; what the functions call is ours.
        try database.psql(
          """
          SELECT * FROM public.list_rollbackable_migrations();
          SELECT * FROM public.can_rollback_migration('20250101_create_users');
          SELECT public.create_migration_snapshot('20250101_create_users');
          SELECT * FROM public.execute_migration_rollback('20250101_create_users');
          """)
      }
      #expect(try database.psql("SELECT is_called FROM public.mark") == "f")
      #expect(try !database.hasTable("public.users"))
    }
  }
}

extension String {
  fileprivate func lastRange(of part: String) -> Range<String.Index>? { ranges(of: part).last }
}
