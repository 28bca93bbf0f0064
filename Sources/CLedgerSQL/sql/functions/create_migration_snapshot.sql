-- Keeps a description of the whole schema as it is now, under a migration's name.
CREATE OR REPLACE FUNCTION @extschema@.create_migration_snapshot(
  p_migration_name text,
  p_description text DEFAULT NULL
)
RETURNS uuid
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  known_name text := regexp_replace(p_migration_name, '[.]sql$', '');
  snapshot_id uuid;
BEGIN
  PERFORM @extschema@.migration_require_visible();

  IF NOT EXISTS (
    SELECT
    FROM @extschema@.migration_overview AS migration
    WHERE migration.migration_name = known_name)
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM010',
      MESSAGE = format(
        'migration "%s" is not in the ledger in schema "%s"', p_migration_name, @extschemaname@),
      HINT = 'run ''migration-manager list --all'' to see the names';
  END IF;

  INSERT INTO @extschema@.migration_snapshots (
    migration_name, description, server_version, objects)
  SELECT
    known_name,
    p_description,
    current_setting('server_version'),
    COALESCE(
      jsonb_agg(to_jsonb(object) ORDER BY object.kind, object.identity COLLATE "C"), '[]')
  FROM @extschema@.migration_schema_objects() AS object
  RETURNING id INTO snapshot_id;

  PERFORM @extschema@.migration_record_events(
    NULL::uuid, 'snapshot'::text, ARRAY[known_name], 'done'::text, NULL::jsonb, NULL::text,
    jsonb_build_object('snapshot', snapshot_id));
  RETURN snapshot_id;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.create_migration_snapshot(text, text) IS
  'migration-manager: keeps a snapshot of the schema; returns its id';
