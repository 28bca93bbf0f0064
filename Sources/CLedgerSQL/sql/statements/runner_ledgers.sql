-- What the ledgers of other runners say of some migrations, as the transaction-local setting
-- migration_manager.runner_ledgers: a JSON object with a member for each runner whose ledger is
-- there and may be read, an array of those wanted that stand in it as applied:
--   "supabase": versions of @versions@ (a text[] literal), with '_' and the name where the row has
--             one: two files may have one version
--   "prisma": names of @names@ (likewise), from the tables of all schemas; one that was begun and
--             not finished, or rolled back, does not stand in it.
-- For thousands at once; runner_rows.sql tells more of a few.
SELECT set_config('migration_manager.wanted_versions', @versions@, true),
       set_config('migration_manager.wanted_names', @names@, true),
       set_config('migration_manager.runner_ledgers', '{}', true);
DO $ledger$
DECLARE
  ledger record;
  standing jsonb;
  standings jsonb := '{}';
BEGIN
  FOR ledger IN
@tables@
  LOOP
    CONTINUE WHEN ledger.stranger IS NOT NULL OR NOT ledger.is_readable OR ledger.hides_rows;
    BEGIN
      PERFORM set_config('row_security', 'off', true);
      EXECUTE CASE ledger.runner
        WHEN 'supabase' THEN format(
          'SELECT coalesce(jsonb_agg(w.version || coalesce(''_'' || %s, '''')), ''[]'')
             FROM unnest(current_setting(''migration_manager.wanted_versions'')::text[])
                    AS w(version)
             JOIN ONLY %s AS s ON s.version::text = w.version',
          CASE
            WHEN EXISTS (SELECT
                           FROM pg_attribute AS attribute
                          WHERE attribute.attrelid = ledger.table_oid
                            AND attribute.attname = 'name'
                            AND attribute.atttypid = 'text'::regtype)
              THEN 's.name'
            ELSE 'NULL'
          END,
          ledger.identity)
        ELSE format(
          'SELECT coalesce(jsonb_agg(w.name), ''[]'')
             FROM unnest(current_setting(''migration_manager.wanted_names'')::text[]) AS w(name)
            WHERE w.name IN (
                    SELECT p.migration_name::text
                      FROM ONLY %s AS p
                     WHERE p.finished_at IS NOT NULL AND p.rolled_back_at IS NULL)',
          ledger.identity)
        END
        INTO standing;
      standings := jsonb_set(
        standings, ARRAY[ledger.runner],
        coalesce(standings -> ledger.runner, '[]') || standing);
    EXCEPTION
      -- A table of that name and another shape is no runner's ledger.
      WHEN insufficient_privilege OR undefined_column THEN
        CONTINUE;
    END;
  END LOOP;
  PERFORM set_config('migration_manager.runner_ledgers', standings::text, true);
END
$ledger$;
