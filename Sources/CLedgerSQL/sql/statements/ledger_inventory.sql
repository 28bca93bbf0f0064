-- What the ledger consists of here and who may drop it, as one JSON document; two statements.
-- Runs behind statements/session_check.sql with the requirement 'drop', which has made sure that
-- what bears the ledger's names is the ledger's, and under statements/set_search_path.sql.
-- Leaves the document in the setting migration_manager.inventory for statements/drop_ledger.sql.
-- Raises MM012 where this role may not drop all of it.
DO $ledger$
DECLARE
  names CONSTANT jsonb := current_setting('migration_manager.names')::jsonb;
  ledger_schema oid;
  schema_owner oid;
  made_schema boolean;
  relations oid[];
  functions oid[];
  owner oid;
  ledger_table record;
  row_count bigint;
  counted jsonb := '[]';
BEGIN
  -- Names of types are compared as the server writes them.
  PERFORM set_config('quote_all_identifiers', 'off', true);

  SELECT
    namespace.oid, namespace.nspowner,
    COALESCE(obj_description(namespace.oid, 'pg_namespace'), '') ~ '^migration-manager'
  INTO ledger_schema, schema_owner, made_schema
  FROM pg_namespace AS namespace
  WHERE namespace.nspname = @extschemaname@;

  SELECT COALESCE(array_agg(class.oid), '{}'), min(class.relowner)
  INTO relations, owner
  FROM pg_class AS class
  WHERE class.relnamespace = ledger_schema
    AND ((names -> 'tables') || (names -> 'views')) ? class.relname::text;

  SELECT COALESCE(array_agg(function.oid), '{}'), COALESCE(owner, min(function.proowner))
  INTO functions, owner
  FROM pg_proc AS function
  WHERE function.pronamespace = ledger_schema
    AND (names -> 'functions')
      ? (function.proname || '(' || oidvectortypes(function.proargtypes) || ')');

  -- The schema's owner may drop what is in it, whoever owns that.
  IF NOT pg_has_role(owner, 'USAGE') AND NOT pg_has_role(schema_owner, 'USAGE') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM012',
      MESSAGE = format(
        'only "%s", who owns the migration ledger in schema "%s", may drop it',
        pg_get_userbyid(owner), @extschemaname@),
      HINT = format('run ''migration-manager init --drop'' as "%s"', pg_get_userbyid(owner));
  END IF;

  FOR ledger_table IN
    SELECT class.relname, has_table_privilege(class.oid, 'SELECT') AS may_count
    FROM jsonb_array_elements_text(names -> 'tables') WITH ORDINALITY AS listed(name, place)
    JOIN pg_class AS class ON class.relnamespace = ledger_schema AND class.relname = listed.name
    ORDER BY listed.place
  LOOP
    row_count := NULL;
    IF ledger_table.may_count THEN
      BEGIN
        EXECUTE format(
          'SELECT count(*) FROM ONLY %I.%I', @extschemaname@, ledger_table.relname)
        INTO row_count;
      EXCEPTION
        -- Another run has dropped it in between, which shows when this one has the lock.
        WHEN undefined_table THEN
          NULL;
      END;
    END IF;
    counted := counted || jsonb_build_object('name', ledger_table.relname, 'rows', row_count);
  END LOOP;

  PERFORM set_config(
    'migration_manager.inventory',
    jsonb_build_object(
      'tables', counted,
      'views', (
        SELECT COALESCE(jsonb_agg(listed.name ORDER BY listed.place), '[]')
        FROM jsonb_array_elements_text(names -> 'views') WITH ORDINALITY AS listed(name, place)
        JOIN pg_class AS class
          ON class.relnamespace = ledger_schema AND class.relname = listed.name),
      'functions', (
        SELECT COALESCE(jsonb_agg(listed.signature ORDER BY listed.place), '[]')
        FROM jsonb_array_elements_text(names -> 'functions')
          WITH ORDINALITY AS listed(signature, place)
        JOIN pg_proc AS function
          ON function.oid = ANY (functions)
          AND function.proname || '(' || oidvectortypes(function.proargtypes) || ')'
            = listed.signature),
      'made_schema', COALESCE(made_schema, false),
      'drops_schema', COALESCE(
        made_schema
        AND cardinality(relations || functions) > 0
        AND pg_has_role(schema_owner, 'USAGE')
        -- Everything in a schema depends on it, sequences of identity columns too.
        AND NOT EXISTS (
          SELECT
          FROM pg_depend AS inside
          WHERE inside.refclassid = 'pg_namespace'::regclass
            AND inside.refobjid = ledger_schema
            AND NOT (
              inside.classid = 'pg_proc'::regclass AND inside.objid = ANY (functions)
              OR inside.classid = 'pg_class'::regclass
                AND (
                  inside.objid = ANY (relations)
                  OR EXISTS (
                    SELECT
                    FROM pg_depend AS part
                    WHERE part.classid = 'pg_class'::regclass
                      AND part.objid = inside.objid
                      AND part.refclassid = 'pg_class'::regclass
                      AND part.refobjid = ANY (relations)
                      AND part.deptype = 'i')))),
        false))::text,
    true);
END;
$ledger$;
SELECT current_setting('migration_manager.inventory') AS inventory;
