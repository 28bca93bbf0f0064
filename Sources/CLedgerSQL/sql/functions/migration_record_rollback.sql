-- Records a rollback that has run, in its own transaction: both are committed or neither.
CREATE OR REPLACE FUNCTION @extschema@.migration_record_rollback(
  p_run_id uuid,
  p_migration_name text,
  p_client jsonb
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  -- A client that lost its connection has looked for this run, found nothing, told its user that
  -- nothing was changed, and left a fail event: a query string that arrives after that must not
  -- make it untrue.
  IF EXISTS (
    SELECT
    FROM @extschema@.migration_event_log AS event
    WHERE event.run_id = p_run_id
      AND event.outcome = 'fail')
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = 'this run was given up: its client lost the connection';
  END IF;

  UPDATE @extschema@.migration_history AS history
  SET status = 'rolled_back',
    rollback_at = clock_timestamp(),
    rollback_by = current_user
  WHERE history.migration_name = p_migration_name;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM010',
      MESSAGE = format(
        'migration "%s" is not in the ledger in schema "%s"', p_migration_name, @extschemaname@),
      HINT = 'rollback SQL must leave the ledger''s own tables alone';
  END IF;

  PERFORM @extschema@.migration_record_events(
    p_run_id, 'rollback'::text, ARRAY[p_migration_name], 'done'::text, COALESCE(p_client, '{}'),
    NULL::text, '{}'::jsonb);
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_record_rollback(uuid, text, jsonb) IS
  'migration-manager: records that a migration was rolled back';
