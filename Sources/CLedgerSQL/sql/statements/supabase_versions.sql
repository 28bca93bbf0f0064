-- Which of the versions @versions@ (a text[] literal) stand in the ledger of the Supabase CLI, as
-- the transaction-local setting migration_manager.supabase_versions: a JSON array; empty where that
-- ledger is absent or this role may not read it.
--
-- The table is read only if it is a plain table of this role, a superuser or the database's owner,
-- in a schema of one of them, and never through its row security policies: a view, a policy or a
-- column's type would run its author's functions with our rights.
SELECT set_config('migration_manager.wanted_versions', @versions@, true),
       set_config('migration_manager.supabase_versions', '', true);
DO $supabase$
DECLARE
  standing jsonb;
BEGIN
  IF EXISTS (SELECT
               FROM pg_class AS c
               JOIN pg_namespace AS n ON n.oid = c.relnamespace
              WHERE n.nspname = 'supabase_migrations'
                AND c.relname = 'schema_migrations'
                AND c.relkind IN ('r', 'p')
                AND NOT EXISTS (
                      SELECT
                        FROM unnest(ARRAY[c.relowner, n.nspowner]) AS holder(oid)
                        JOIN pg_roles AS r ON r.oid = holder.oid
                        JOIN pg_database AS d ON d.datname = current_database()
                       WHERE NOT r.rolsuper AND r.rolname <> current_user AND r.oid <> d.datdba))
  THEN
    PERFORM set_config('row_security', 'off', true);
    EXECUTE 'SELECT coalesce(jsonb_agg(s.version::text), ''[]'')
               FROM supabase_migrations.schema_migrations AS s
              WHERE s.version::text = ANY ($1)'
       INTO standing
      USING current_setting('migration_manager.wanted_versions')::text[];
    PERFORM set_config('migration_manager.supabase_versions', standing::text, true);
  END IF;
EXCEPTION
  WHEN insufficient_privilege OR undefined_column THEN
    NULL;
END
$supabase$;
