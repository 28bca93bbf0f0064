-- Deletes a migration's row, and with it what it depends on. The events stay; the one that is
-- written here keeps the rollback SQL, which would else be lost with the row.
-- What stands and depends on it is a reason to refuse. What depends on it and was rolled back
-- waits for the name again, as before it had a row.
-- p_seen_status: the status by which the caller decided; where it is another one by now, MM005 is
-- raised.
CREATE OR REPLACE FUNCTION @extschema@.migration_forget(
  p_run_id uuid,
  p_migration_name text,
  p_seen_status text,
  p_client jsonb
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  status_before text;
  standing text[];
BEGIN
  PERFORM @extschema@.migration_lock();

  SELECT history.status
  INTO status_before
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name = p_migration_name
  FOR UPDATE;

  IF status_before IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM010',
      MESSAGE = format(
        'migration "%s" is not in the ledger in schema "%s"', p_migration_name, @extschemaname@),
      HINT = '''migration-manager list --all'' shows what is recorded';
  END IF;
  IF status_before IS DISTINCT FROM p_seen_status THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('the record of migration "%s" changed meanwhile', p_migration_name),
      DETAIL = jsonb_build_object(
        'reason', 'changed meanwhile', 'status', status_before)::text,
      HINT = 'look at it again, and run the command again if it is still right';
  END IF;

  SELECT overview.dependents
  INTO standing
  FROM @extschema@.migration_overview AS overview
  WHERE overview.migration_name = p_migration_name;

  IF standing <> '{}' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = 'Cannot forget: other migrations depend on this one',
      DETAIL = jsonb_build_object(
        'reason', 'dependents', 'status', status_before, 'dependents', standing)::text,
      HINT = 'roll those back or forget them first';
  END IF;

  PERFORM @extschema@.migration_record_events(
    p_run_id, 'forget'::text, ARRAY[p_migration_name], 'done'::text, COALESCE(p_client, '{}'),
    NULL::text, jsonb_build_object('status_before', status_before));

  PERFORM @extschema@.migration_close_steps(p_migration_name, NULL::text);

  UPDATE @extschema@.migration_history AS history
  SET metadata = history.metadata || jsonb_build_object(
    'unregistered_dependencies',
    COALESCE(history.metadata -> 'unregistered_dependencies', '[]')
      || to_jsonb(p_migration_name))
  FROM @extschema@.migration_dependencies AS dependency
  WHERE dependency.depends_on = p_migration_name
    AND history.migration_name = dependency.migration_name;

  DELETE FROM @extschema@.migration_dependencies AS dependency
  WHERE dependency.depends_on = p_migration_name;
  DELETE FROM @extschema@.migration_dependencies AS dependency
  WHERE dependency.migration_name = p_migration_name;

  DELETE FROM @extschema@.migration_history AS history
  WHERE history.migration_name = p_migration_name;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_forget(uuid, text, text, jsonb) IS
  'migration-manager: deletes a migration''s row; its events stay';
