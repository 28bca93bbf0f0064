-- Can this migration be rolled back, and if not, why? Always one row. What is half rolled back goes on
-- by the program alone, and as long as anything is half done no plain client rolls back anything: see
-- migration_guard and migration_check_half_done.
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
    COALESCE(migration.can_rollback AND half_done.words IS NULL, false),
    COALESCE(
      CASE WHEN migration.can_rollback THEN half_done.words END,
      migration.reason,
      'Migration not found'),
    COALESCE(migration.dependents, '{}')
  FROM (VALUES (true)) AS always(found)
  LEFT JOIN @extschema@.migration_overview AS migration
    ON migration.migration_name = regexp_replace(p_migration_name, '[.]sql$', '')
  LEFT JOIN LATERAL (
    SELECT CASE
      WHEN step.direction = 'up' THEN format('migration "%s" is half applied', step.migration_name)
      WHEN step.migration_name <> migration.migration_name
        THEN format('migration "%s" is half rolled back', step.migration_name)
      ELSE format(
        'Its rollback stopped at statement %s of %s', count(step.finished_at) + 1,
        max(step.statement_count))
    END AS words
    FROM @extschema@.migration_open_steps AS step
    GROUP BY step.migration_name, step.direction
    ORDER BY step.direction <> 'rollback', step.migration_name = migration.migration_name
    LIMIT 1
  ) AS half_done ON true;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.can_rollback_migration(text) IS
  'migration-manager: whether a migration can be rolled back, why not, and what depends on it';
