-- What the ledgers of other runners say of some migrations, as the transaction-local setting
-- migration_manager.runner_ledgers: a JSON object with a member for each runner whose ledger is
-- there and may be read, an array of those wanted that stand in it as applied:
--   "supabase": versions of @versions@ (a text[] literal), from supabase_migrations.schema_migrations
--   "prisma": names of @names@ (likewise), from the tables _prisma_migrations of all schemas;
--             one that was begun and not finished, or rolled back, does not stand in it.
--
-- A table is read only if it is a plain table of this role, a superuser or the database's owner,
-- in a schema of one of them, and never through its row security policies: a view, a policy or a
-- column's type would run its author's functions with our rights.
SELECT set_config('migration_manager.wanted_versions', @versions@, true),
       set_config('migration_manager.wanted_names', @names@, true),
       set_config('migration_manager.runner_ledgers', '{}', true);
DO $runners$
DECLARE
  ledger record;
  standing jsonb;
  standings jsonb := '{}';
BEGIN
  FOR ledger IN
    SELECT
      CASE class.relname WHEN 'schema_migrations' THEN 'supabase' ELSE 'prisma' END AS runner,
      format('%I.%I', namespace.nspname, class.relname) AS identity
    FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE class.relname IN ('schema_migrations', '_prisma_migrations')
      AND (class.relname = '_prisma_migrations' OR namespace.nspname = 'supabase_migrations')
      AND class.relkind IN ('r', 'p')
      AND namespace.nspname !~ '^(pg_|information_schema$)'
      AND NOT EXISTS (
        SELECT
        FROM unnest(ARRAY[class.relowner, namespace.nspowner]) AS holder(oid)
        JOIN pg_roles AS role ON role.oid = holder.oid
        JOIN pg_database AS database ON database.datname = current_database()
        -- pg_database_owner, which owns the schema public, is the database's owner.
        WHERE NOT role.rolsuper
          AND role.rolname NOT IN (current_user, 'pg_database_owner')
          AND role.oid <> database.datdba)
    ORDER BY namespace.nspname
  LOOP
    BEGIN
      PERFORM set_config('row_security', 'off', true);
      EXECUTE CASE ledger.runner
        WHEN 'supabase' THEN format(
          'SELECT coalesce(jsonb_agg(given.version), ''[]'')
             FROM unnest(current_setting(''migration_manager.wanted_versions'')::text[])
               AS given(version)
            WHERE given.version IN (SELECT s.version::text FROM %s AS s)', ledger.identity)
        ELSE format(
          'SELECT coalesce(jsonb_agg(given.name), ''[]'')
             FROM unnest(current_setting(''migration_manager.wanted_names'')::text[])
               AS given(name)
            WHERE given.name IN (
                    SELECT p.migration_name::text
                      FROM %s AS p
                     WHERE p.finished_at IS NOT NULL AND p.rolled_back_at IS NULL)',
          ledger.identity)
        END
        INTO standing;
      standings := jsonb_set(
        standings, ARRAY[ledger.runner],
        COALESCE(standings -> ledger.runner, '[]') || standing);
    EXCEPTION
      WHEN insufficient_privilege OR undefined_column THEN
        NULL;
    END;
  END LOOP;
  PERFORM set_config('migration_manager.runner_ledgers', standings::text, true);
END
$runners$;
