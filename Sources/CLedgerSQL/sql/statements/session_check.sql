-- The whole check: is there a ledger, is it ours, may this role use it?
-- Raises MM001, MM002, MM003, MM006, MM007, MM008 or MM012; else leaves 'absent', 'incomplete'
-- or 'current' in the setting migration_manager.ledger for the rest of the transaction.
-- @requirement@: 'read', 'write', 'create' or 'drop'. For the last two an absent, older or
-- incomplete ledger is no error; 'drop' also leaves the names of what the ledger consists of, as
-- JSON, in migration_manager.names.
-- @explicit@: 'true' where the user named the schema, else 'false'.
--
-- It comes before anything of the ledger is called: a function planted by another role under
-- one of our names would run with the rights of whoever calls it. All that it reads itself until
-- the owners are known is pg_catalog's, under a search_path of its own, put back at the end.
--
-- It runs where ledger_glance.sql found fault, and in transactions that come long after that. A
-- complete ledger is recognised by four short queries, and only where they find fault is each object
-- looked at.
DO $ledger$
DECLARE
  requirement CONSTANT pg_catalog.text := @requirement@;
  may_be_absent CONSTANT pg_catalog.bool :=
    requirement OPERATOR(pg_catalog.=) ANY (ARRAY['create', 'drop']);
  is_explicit CONSTANT pg_catalog.bool := @explicit@;
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
  caller_quoting CONSTANT pg_catalog.text := pg_catalog.current_setting('quote_all_identifiers');
  tables CONSTANT pg_catalog.text[] := @ledgertables@;
  views CONSTANT pg_catalog.text[] := @ledgerviews@;
  functions CONSTANT pg_catalog.text[] := @ledgerfunctions@;
  ledger_schema pg_catalog.oid;
  relation_oids pg_catalog.oid[];
  function_oids pg_catalog.oid[];
  marker pg_catalog.text;
  owner pg_catalog.oid;
  found_foreign pg_catalog.jsonb;
  found_ours pg_catalog.int4;
  version pg_catalog.int4;
  is_complete pg_catalog.bool := false;
  may_use pg_catalog.bool;
  state pg_catalog.text;
  program pg_catalog.text;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  -- Names of types are compared as the server writes them.
  PERFORM set_config('quote_all_identifiers', 'off', true);

  program := 'migration-manager';
  IF is_explicit THEN
    program := program || format(
      ' --schema %s',
      CASE
        WHEN @extschemaname@ ~ '^[A-Za-z0-9_]+$' THEN @extschemaname@
        ELSE format('"%s"', @extschemaname@)
      END);
  END IF;

  SELECT namespace.oid, class.relowner, description.description
  INTO ledger_schema, owner, marker
  FROM pg_namespace AS namespace
  LEFT JOIN pg_class AS class
    ON class.relname = 'migration_history' AND class.relnamespace = namespace.oid
  LEFT JOIN pg_description AS description
    ON description.objoid = class.oid
    AND description.classoid = 'pg_class'::regclass
    AND description.objsubid = 0
  WHERE namespace.nspname = @extschemaname@;

  version := (regexp_match(marker, '^migration-manager ledger, version ([0-9]{1,9}):'))[1];
  IF version > @ledgerversion@ THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM007',
      MESSAGE = format(
        'the migration ledger in schema "%s" has version %s, this program knows version %s',
        @extschemaname@, version, @ledgerversion@),
      HINT = 'use a newer migration-manager';
  END IF;

  IF version = @ledgerversion@ THEN
    SELECT
      count(*) = cardinality(tables || views)
      AND bool_and(
        class.relowner = owner
        AND class.relkind = CASE WHEN class.relname = ANY (views) THEN 'v' ELSE 'r' END::"char"
        AND class.relhasrules = (class.relkind = 'v')),
      array_agg(class.oid)
    INTO is_complete, relation_oids
    FROM pg_class AS class
    WHERE class.relname = ANY (tables || views)
      AND class.relnamespace = ledger_schema;
  END IF;
  IF is_complete THEN
    SELECT
      count(*) = cardinality(functions)
      AND bool_and(
        function.proowner = owner
        AND function.proname || '(' || oidvectortypes(function.proargtypes) || ')'
          = ANY (functions)),
      array_agg(function.oid)
    INTO is_complete, function_oids
    FROM pg_proc AS function
    WHERE function.proname = ANY (
        ARRAY(SELECT split_part(signature, '(', 1) FROM unnest(functions) AS signature))
      AND function.pronamespace = ledger_schema;
  END IF;
  -- Whoever was granted TRIGGER can have code of his own run by whoever writes next.
  IF is_complete THEN
    is_complete := NOT EXISTS (
      SELECT
      FROM pg_trigger AS trigger
      WHERE trigger.tgrelid = ANY (relation_oids)
        AND NOT trigger.tgisinternal
        AND (trigger.tgqual IS NOT NULL OR trigger.tgfoid <> ALL (function_oids)));
  END IF;

  -- prisma migrate takes tables that it does not know in its own schema for drift.
  IF version IS NULL AND NOT is_explicit AND @extschemaname@ <> 'migration_manager' THEN
    IF EXISTS (
      SELECT
      FROM pg_class AS prisma
      JOIN pg_namespace AS prisma_schema ON prisma_schema.oid = prisma.relnamespace
      WHERE prisma.relname = '_prisma_migrations'
        AND prisma.relkind IN ('r', 'p')
        AND prisma_schema.nspname !~ '^(pg_|information_schema$)')
    THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM008',
        MESSAGE = 'the ledger belongs in schema "migration_manager", because Prisma''s table '
          '"_prisma_migrations" exists in this database',
        HINT = 'use ''--schema migration_manager''';
    END IF;
  END IF;

  IF NOT is_complete THEN
    owner := COALESCE(
      owner, (SELECT role.oid FROM pg_roles AS role WHERE role.rolname = current_user));

    WITH expected_relation AS (
      SELECT unnest(tables) AS name, 'r' AS kind
      UNION ALL
      SELECT unnest(views), 'v'
      UNION ALL
      SELECT unnest(ARRAY[
        'migration_history_pkey',
        'migration_history_migration_name_key',
        'migration_history_status_idx',
        'migration_history_version_idx',
        'migration_history_applied_at_idx',
        'migration_history_sequence_idx',
        'migration_history_version_order_idx',
        'migration_history_unregistered_idx',
        'migration_dependencies_pkey',
        'migration_dependencies_migration_name_depends_on_key',
        'migration_dependencies_depends_on_idx',
        'migration_events_pkey',
        'migration_events_run_id_idx',
        'migration_events_migration_name_idx',
        'migration_events_init_idx',
        'migration_events_failure_idx',
        'migration_events_rename_idx',
        'migration_snapshots_pkey',
        'migration_snapshots_migration_name_idx',
        'migration_steps_pkey',
        'migration_steps_open_idx',
        'migration_steps_run_id_idx',
        'migration_lease_pkey']), 'i'
      UNION ALL
      SELECT unnest(ARRAY['migration_events_id_seq', 'migration_steps_id_seq']), 'S'
    ),
    expected_function AS (
      SELECT signature, split_part(signature, '(', 1) AS name
      FROM unnest(functions) AS signature
    ),
    found AS (
      SELECT
        CASE class.relkind
          WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'f' THEN 'foreign table'
          WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'type'
          WHEN 'S' THEN 'sequence' ELSE 'index'
        END AS kind,
        class.relname::text AS identity,
        class.relowner AS owner,
        class.relkind = expected_relation.kind::"char" AND CASE expected_relation.kind
          -- Indexes and sequences are parts of a table, which has its own line here.
          WHEN 'i' THEN EXISTS (
            SELECT
            FROM pg_index AS index
            JOIN pg_class AS indexed ON indexed.oid = index.indrelid
            WHERE index.indexrelid = class.oid
              AND indexed.relnamespace = ledger_schema
              AND indexed.relname = ANY (tables))
          WHEN 'S' THEN EXISTS (
            SELECT
            FROM pg_depend AS part
            JOIN pg_class AS using_table ON using_table.oid = part.refobjid
            WHERE part.classid = 'pg_class'::regclass
              AND part.objid = class.oid
              AND part.refclassid = 'pg_class'::regclass
              AND part.deptype = 'i'
              AND using_table.relnamespace = ledger_schema
              AND using_table.relname || '_id_seq' = class.relname)
          ELSE COALESCE(description.description, '') ~ '^migration-manager'
            AND (
              class.relname <> 'migration_history'
              OR description.description ~ '^migration-manager ledger, version [0-9]{1,9}:')
        END AS is_ours,
        expected_relation.kind IN ('r', 'v') AS is_counted
      FROM expected_relation
      JOIN pg_class AS class
        ON class.relname = expected_relation.name
        AND class.relnamespace = ledger_schema
      LEFT JOIN pg_description AS description
        ON description.objoid = class.oid
        AND description.classoid = 'pg_class'::regclass
        AND description.objsubid = 0

      UNION ALL
      SELECT
        'function',
        function.proname || '(' || oidvectortypes(function.proargtypes) || ')',
        function.proowner,
        COALESCE(description.description, '') ~ '^migration-manager'
          AND function.proname || '(' || oidvectortypes(function.proargtypes) || ')'
            = ANY (functions),
        true
      FROM expected_function
      JOIN pg_proc AS function
        ON function.proname = expected_function.name
        AND function.pronamespace = ledger_schema
      LEFT JOIN pg_description AS description
        ON description.objoid = function.oid
        AND description.classoid = 'pg_proc'::regclass
        AND description.objsubid = 0

      UNION ALL
      -- Row types of tables and views are no objects of their own.
      SELECT 'type', type.typname::text, type.typowner, false, false
      FROM pg_type AS type
      WHERE type.typname = ANY (tables || views)
        AND type.typnamespace = ledger_schema
        AND type.typrelid = 0

      UNION ALL
      SELECT
        'trigger', class.relname || '.' || quote_ident(trigger.tgname), function.proowner,
        false, false
      FROM pg_class AS class
      JOIN pg_trigger AS trigger ON trigger.tgrelid = class.oid
      JOIN pg_proc AS function ON function.oid = trigger.tgfoid
      WHERE class.relname = ANY (tables || views)
        AND class.relnamespace = ledger_schema
        AND NOT trigger.tgisinternal
        AND (
          trigger.tgqual IS NOT NULL
          OR function.proname <> ALL (
            ARRAY(SELECT split_part(signature, '(', 1) FROM unnest(functions) AS signature))
          OR function.pronamespace <> ledger_schema
          OR function.proowner <> owner)

      UNION ALL
      SELECT
        'rule', class.relname || '.' || quote_ident(rule.rulename), class.relowner, false, false
      FROM pg_class AS class
      JOIN pg_rewrite AS rule ON rule.ev_class = class.oid
      WHERE class.relname = ANY (tables || views)
        AND class.relnamespace = ledger_schema
        AND rule.rulename <> '_RETURN'
    )
    SELECT
      jsonb_agg(
        jsonb_build_object(
          'kind', found.kind,
          'identity', format('%I.%s', @extschemaname@, found.identity),
          'owner', pg_get_userbyid(found.owner),
          'why', CASE
            WHEN found.kind IN ('trigger', 'rule') THEN 'would run for whoever writes the ledger'
            WHEN NOT found.is_ours THEN 'not made by migration-manager'
            ELSE format(
              'owned by "%s", not by "%s"',
              pg_get_userbyid(found.owner), pg_get_userbyid(session_check.owner))
          END)
        ORDER BY found.kind, found.identity)
      FILTER (WHERE NOT found.is_ours OR found.owner <> session_check.owner),
      count(*) FILTER (WHERE found.is_counted)
    INTO found_foreign, found_ours
    FROM found
    CROSS JOIN (VALUES (owner)) AS session_check(owner);

    IF found_foreign IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM002',
        MESSAGE = format(
          'schema "%s" holds objects under the ledger''s names that are not the ledger''s: %s',
          @extschemaname@,
          (SELECT string_agg(object ->> 'identity', ', ')
            FROM jsonb_array_elements(found_foreign) AS object)),
        DETAIL = found_foreign::text,
        HINT = 'rename or drop them, or keep the ledger elsewhere with ''--schema NAME''';
    END IF;
  END IF;

  -- Triggers, defaults and functions are the owner's code, and run as whoever calls. A superuser
  -- lends his rights only to those who have as many, or whose database or schema it is. Dropping
  -- runs none of it.
  IF version IS NOT NULL
    AND requirement <> 'drop'
    AND current_setting('is_superuser') = 'on'
    AND pg_get_userbyid(owner) <> current_user
    AND NOT EXISTS (
      SELECT
      FROM pg_roles AS role
      WHERE role.oid = owner
        AND (
          role.rolsuper
          OR role.oid = (
            SELECT current.datdba FROM pg_database AS current
            WHERE current.datname = current_database())
          OR role.oid = (
            SELECT namespace.nspowner FROM pg_namespace AS namespace
            WHERE namespace.oid = ledger_schema)))
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM002',
      MESSAGE = format(
        'the migration ledger in schema "%s" belongs to role "%s", whose code would run with a '
          'superuser''s rights',
        @extschemaname@, pg_get_userbyid(owner)),
      DETAIL = jsonb_build_array(
        jsonb_build_object(
          'kind', 'table',
          'identity', format('%I.migration_history', @extschemaname@),
          'owner', pg_get_userbyid(owner)))::text,
      HINT = format(
        'connect as "%s", or give all of the ledger to a role that you trust with '
          '''ALTER ... OWNER TO''',
        pg_get_userbyid(owner));
  END IF;

  state := CASE
    WHEN is_complete THEN 'current'
    WHEN found_ours = 0 THEN 'absent'
    ELSE 'incomplete'
  END;

  IF NOT may_be_absent AND state = 'absent' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM001',
      MESSAGE = format('there is no migration ledger in schema "%s"', @extschemaname@),
      HINT = format('run ''%s init''', program);
  END IF;
  IF NOT may_be_absent AND state = 'incomplete' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM006',
      MESSAGE = format(
        'the migration ledger in schema "%s" is %s', @extschemaname@,
        CASE WHEN version < @ledgerversion@ THEN 'older than this program' ELSE 'incomplete' END),
      HINT = format('run ''%s init''', program);
  END IF;

  -- The owner and his members pass by both row security and grants.
  IF NOT may_be_absent AND NOT pg_has_role(owner, 'USAGE') THEN
    SELECT bool_and(has_table_privilege(class.oid, 'SELECT'))
    INTO may_use
    FROM pg_class AS class
    WHERE class.relname IN ('migration_overview', 'migration_order', 'migration_event_log')
      AND class.relnamespace = ledger_schema;
    may_use := may_use AND has_schema_privilege(ledger_schema, 'USAGE');
    -- Asked of the view only where it may be: row security answers with silence.
    IF may_use THEN
      may_use := EXISTS (
        SELECT FROM @extschema@.migration_event_log AS event WHERE event.operation = 'init');
    END IF;
    IF NOT may_use THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM003',
        MESSAGE = format(
          'role "%s" cannot see the migration ledger in schema "%s"',
          current_user, @extschemaname@),
        HINT = format(
          'ask the ledger''s owner to run ''%s init --%s %s''', program,
          CASE requirement WHEN 'write' THEN 'operator' ELSE 'reader' END, current_user);
    END IF;
  END IF;

  IF requirement = 'write' AND NOT pg_has_role(owner, 'USAGE') THEN
    SELECT
      bool_and(has_table_privilege(ledger_table.oid, needed.privilege))
      AND bool_and(
        NOT row_security_active(ledger_table.oid)
        OR EXISTS (
          SELECT
          FROM pg_policy AS policy
          CROSS JOIN unnest(policy.polroles) AS allowed(role)
          WHERE policy.polrelid = ledger_table.oid
            AND policy.polname = 'migration_manager_write'
            AND (allowed.role = 0 OR pg_has_role(allowed.role, 'USAGE'))))
    INTO may_use
    FROM (
      VALUES
        ('migration_history', 'SELECT'), ('migration_history', 'INSERT'),
        ('migration_history', 'UPDATE'), ('migration_dependencies', 'SELECT'),
        ('migration_dependencies', 'INSERT'), ('migration_dependencies', 'DELETE'),
        ('migration_events', 'INSERT')
    ) AS needed(table_name, privilege)
    JOIN pg_class AS ledger_table
      ON ledger_table.relname = needed.table_name
      AND ledger_table.relnamespace = ledger_schema;
    IF NOT may_use THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM012',
        MESSAGE = format(
          'role "%s" may read but not write the migration ledger in schema "%s"',
          current_user, @extschemaname@),
        HINT = format(
          'ask the ledger''s owner to run ''%s init --operator %s''', program, current_user);
    END IF;
  END IF;

  IF requirement = 'drop' THEN
    PERFORM set_config(
      'migration_manager.names',
      jsonb_build_object('tables', tables, 'views', views, 'functions', functions)::text,
      true);
  END IF;
  PERFORM set_config('migration_manager.ledger', state, true);
  PERFORM set_config('quote_all_identifiers', caller_quoting, true);
  PERFORM set_config('search_path', caller_path, true);
END;
$ledger$;
