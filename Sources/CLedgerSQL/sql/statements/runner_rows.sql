-- What the ledgers of other runners hold of some migrations. @names@, @versions@: text[] literals of
-- one length; a version is Supabase's, empty for a name that it would not take.
-- Yields a JSON array, an element for each such ledger, empty where there is none:
--   {"runner", "schema", "identity", "stranger", "is_readable", "is_writable", "hides_rows",
--    "reaction", "rows": [{"migration", "name", "is_followed"}]}
-- where rows is null if the table was not read. The name is the one that Supabase's row carries;
-- is_followed says that it holds a later version as well.
DO $ledger$
DECLARE
  names CONSTANT text[] := @names@;
  versions CONSTANT text[] := @versions@;
  caller_row_security CONSTANT text := current_setting('row_security');
  found jsonb := '[]';
  ledger record;
  standing jsonb;
BEGIN
  -- Most databases have none, and then this is all that is parsed and planned.
  IF NOT EXISTS (
    SELECT
    FROM pg_class AS class
    WHERE class.relname IN ('schema_migrations', '_prisma_migrations'))
  THEN
    PERFORM set_config('migration_manager.runner_rows', '[]', true);
    RETURN;
  END IF;

  FOR ledger IN EXECUTE $ledger_tables$
@tables@
  $ledger_tables$ LOOP
    standing := NULL;
    IF ledger.stranger IS NULL AND ledger.is_readable AND NOT ledger.hides_rows THEN
      BEGIN
        -- Rather an error than an answer from which a policy has taken rows.
        PERFORM set_config('row_security', 'off', true);
        EXECUTE format(
          CASE ledger.runner
            WHEN 'supabase' THEN
              'SELECT jsonb_agg(jsonb_build_object(
                        ''migration'', w.name,
                        ''name'', to_jsonb(s) ->> ''name'',
                        ''is_followed'', EXISTS (
                          SELECT
                            FROM ONLY %1$I.%2$I AS later
                           WHERE later.version::text COLLATE "C" > w.version)))
                 FROM unnest($1, $2) AS w(name, version)
                 JOIN ONLY %1$I.%2$I AS s ON s.version::text = w.version
                WHERE w.version <> '''''
            ELSE
              'SELECT jsonb_agg(jsonb_build_object(''migration'', w.name, ''is_followed'', false))
                 FROM unnest($1) AS w(name)
                WHERE EXISTS (
                        SELECT
                          FROM ONLY %1$I.%2$I AS p
                         WHERE p.migration_name::text = w.name
                           AND p.finished_at IS NOT NULL
                           AND p.rolled_back_at IS NULL)'
          END,
          ledger.schema, ledger.name)
        INTO standing
        USING names, versions;
        PERFORM set_config('row_security', caller_row_security, true);
        standing := coalesce(standing, '[]');
      EXCEPTION
        -- A table of that name and another shape is no runner's ledger.
        WHEN undefined_column OR insufficient_privilege THEN
          CONTINUE;
      END;
    END IF;
    found := found || jsonb_build_object(
      'runner', ledger.runner, 'schema', ledger.schema, 'identity', ledger.identity,
      'stranger', ledger.stranger, 'is_readable', ledger.is_readable,
      'is_writable', ledger.is_writable, 'hides_rows', ledger.hides_rows,
      'reaction', ledger.reaction, 'rows', standing);
  END LOOP;
  PERFORM set_config('migration_manager.runner_rows', found::text, true);
END;
$ledger$;
SELECT current_setting('migration_manager.runner_rows') AS runner_rows;
