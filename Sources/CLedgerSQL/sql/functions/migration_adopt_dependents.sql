-- A name has just got its row: the migrations that waited for it now depend on it by key.
CREATE OR REPLACE FUNCTION @extschema@.migration_adopt_dependents(p_migration_name text)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
BEGIN
  INSERT INTO @extschema@.migration_dependencies (migration_name, depends_on)
  SELECT history.migration_name, p_migration_name
  FROM @extschema@.migration_history AS history
  WHERE history.metadata ? 'unregistered_dependencies'
    AND history.metadata -> 'unregistered_dependencies' ? p_migration_name
  ON CONFLICT (migration_name, depends_on) DO NOTHING;

  UPDATE @extschema@.migration_history AS history
  SET metadata = CASE (history.metadata -> 'unregistered_dependencies') - p_migration_name
    WHEN '[]' THEN history.metadata - 'unregistered_dependencies'
    ELSE jsonb_set(
      history.metadata, '{unregistered_dependencies}',
      (history.metadata -> 'unregistered_dependencies') - p_migration_name)
  END
  WHERE history.metadata ? 'unregistered_dependencies'
    AND history.metadata -> 'unregistered_dependencies' ? p_migration_name;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_adopt_dependents(text) IS
  'migration-manager: turns waiting dependencies on a name into rows once it is registered';
