-- Records rollbacks that have run, in their own transaction: all is committed or nothing. The names
-- in the order in which they were rolled back.
-- p_removed_rows: what statements/remove_runner_rows.sql left, or NULL; each migration's event takes
-- up its own.
CREATE OR REPLACE FUNCTION @extschema@.migration_record_rollbacks(
  p_run_id uuid,
  p_migration_names text[],
  p_client jsonb,
  p_removed_rows jsonb DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  client jsonb := COALESCE(p_client, '{}');
  name text;
  missing text;
BEGIN
  -- A client that lost its connection has looked for this run, found nothing, told its user that
  -- nothing was changed, and left a fail event: a query string that arrives after that must not
  -- make it untrue.
  IF EXISTS (
    SELECT
    FROM @extschema@.migration_events AS event
    WHERE event.run_id = p_run_id
      AND event.migration_name = ANY (p_migration_names)
      AND event.outcome = 'fail')
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = 'this run was given up: its client lost the connection';
  END IF;

  UPDATE @extschema@.migration_history AS history
  SET status = 'rolled_back',
    rollback_at = clock_timestamp(),
    rollback_by = current_user,
    -- One that stopped half-way told there why.
    notes = CASE WHEN history.status <> 'failed' THEN history.notes END
  WHERE history.migration_name = ANY (p_migration_names);

  SELECT given.name
  INTO missing
  FROM unnest(p_migration_names) WITH ORDINALITY AS given(name, place)
  LEFT JOIN @extschema@.migration_history AS history ON history.migration_name = given.name
  WHERE history.status IS DISTINCT FROM 'rolled_back'
  ORDER BY given.place
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM010',
      MESSAGE = format(
        'migration "%s" is not in the ledger in schema "%s"', missing, @extschemaname@),
      HINT = 'rollback SQL must leave the ledger''s own tables alone';
  END IF;

  IF p_removed_rows IS NULL THEN
    PERFORM @extschema@.migration_record_events(
      p_run_id, 'rollback'::text, p_migration_names, 'done'::text, client, NULL::text,
      '{}'::jsonb);
    RETURN;
  END IF;
  FOREACH name IN ARRAY p_migration_names LOOP
    PERFORM @extschema@.migration_record_events(
      p_run_id, 'rollback'::text, ARRAY[name], 'done'::text, client, NULL::text,
      (
        SELECT jsonb_strip_nulls(
          jsonb_build_object(
            'runner_ledgers', jsonb_agg(removed.entry - 'migration' ORDER BY removed.place)))
        FROM jsonb_array_elements(p_removed_rows) WITH ORDINALITY AS removed(entry, place)
        WHERE removed.entry ->> 'migration' = name));
  END LOOP;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_record_rollbacks(uuid, text[], jsonb, jsonb) IS
  'migration-manager: records that migrations were rolled back';
