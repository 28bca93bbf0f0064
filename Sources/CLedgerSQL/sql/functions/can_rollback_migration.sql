-- Can this migration be rolled back, and if not, why? Always one row.
CREATE OR REPLACE FUNCTION @extschema@.can_rollback_migration(p_migration_name text)
RETURNS TABLE (can_rollback boolean, reason text, dependent_migrations text[])
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
#variable_conflict use_column
BEGIN
  PERFORM @extschema@.migration_require_visible();

  RETURN QUERY
  SELECT
    COALESCE(migration.can_rollback, false),
    COALESCE(migration.reason, 'Migration not found'),
    COALESCE(migration.dependents, '{}')
  FROM (VALUES (true)) AS always(found)
  LEFT JOIN @extschema@.migration_overview AS migration
    ON migration.migration_name = regexp_replace(p_migration_name, '[.]sql$', '');
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.can_rollback_migration(text) IS
  'migration-manager: whether a migration can be rolled back, why not, and what depends on it';
