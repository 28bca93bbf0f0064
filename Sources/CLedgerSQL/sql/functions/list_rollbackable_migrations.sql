-- All applied migrations, newest first; blocking_reason is NULL where nothing blocks.
CREATE OR REPLACE FUNCTION @extschema@.list_rollbackable_migrations()
RETURNS TABLE (
  migration_name text,
  migration_version text,
  applied_at timestamptz,
  has_rollback_sql boolean,
  can_rollback boolean,
  blocking_reason text
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
#variable_conflict use_column
BEGIN
  PERFORM @extschema@.migration_require_visible();

  RETURN QUERY
  SELECT
    migration.migration_name,
    migration.migration_version,
    migration.applied_at,
    migration.has_rollback_sql,
    migration.can_rollback,
    CASE WHEN NOT migration.can_rollback THEN migration.reason END
  FROM @extschema@.migration_overview AS migration
  WHERE migration.status = 'applied'
  -- Rows that people inserted by hand may have no sequence.
  ORDER BY
    migration.sequence DESC NULLS LAST,
    migration.applied_at DESC NULLS LAST,
    migration.migration_name COLLATE "C" DESC;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.list_rollbackable_migrations() IS
  'migration-manager: applied migrations, newest first, and what blocks their rollback';
