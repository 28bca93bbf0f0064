-- Replaces what a migration depends on. Names without a row cannot be foreign keys yet:
-- they wait in metadata.unregistered_dependencies and become rows when they are registered.
CREATE OR REPLACE FUNCTION @extschema@.migration_set_dependencies(
  p_migration_name text,
  p_depends_on text[]
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  unregistered jsonb;
BEGIN
  DELETE FROM @extschema@.migration_dependencies AS dependency
  WHERE dependency.migration_name = p_migration_name
    AND dependency.depends_on <> ALL (p_depends_on);

  -- Name by name: = ANY and joins read the whole history, by plans made while it was small.
  INSERT INTO @extschema@.migration_dependencies (migration_name, depends_on)
  SELECT DISTINCT p_migration_name, needed.name
  FROM unnest(p_depends_on) AS needed(name)
  WHERE (
    SELECT true FROM @extschema@.migration_history AS history
    WHERE history.migration_name = needed.name)
  ON CONFLICT (migration_name, depends_on) DO NOTHING;

  SELECT jsonb_agg(DISTINCT needed.name)
  INTO unregistered
  FROM unnest(p_depends_on) AS needed(name)
  WHERE (
    SELECT true FROM @extschema@.migration_history AS history
    WHERE history.migration_name = needed.name) IS NULL;

  UPDATE @extschema@.migration_history AS history
  SET metadata = (history.metadata - 'unregistered_dependencies') || CASE
    WHEN unregistered IS NULL THEN '{}'
    ELSE jsonb_build_object('unregistered_dependencies', unregistered)
  END
  WHERE history.migration_name = p_migration_name
    AND history.metadata -> 'unregistered_dependencies' IS DISTINCT FROM unregistered;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_set_dependencies(text, text[]) IS
  'migration-manager: replaces the dependencies of a migration';
