-- Sets a migration's status by hand, for who knows better than the ledger what stands in the
-- database. No SQL of the migration runs.
-- p_status: 'applied' or 'rolled_back'.
-- p_seen_status: the status by which the caller decided, 'none' without a row; where it is another
-- one by now, MM005 is raised.
-- p_migration_version: for a name without a row. As rolled back it gets one that holds nothing but
-- that: nothing of its file was ever recorded. As applied it is refused: migration_register records
-- what an applied one needs.
-- What was set to rolled_back in this way has "resolved" in its metadata until it is applied again:
-- nothing was rolled back.
-- What was half applied or half rolled back is settled with it: its journal is closed.
-- An applied migration keeps its place in the order of application, also when it comes back.
CREATE OR REPLACE FUNCTION @extschema@.migration_resolve(
  p_run_id uuid,
  p_migration_name text,
  p_migration_version text,
  p_status text,
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
  is_recorded boolean;
BEGIN
  PERFORM @extschema@.migration_lock();

  IF (p_status IN ('applied', 'rolled_back')) IS NOT TRUE
    OR COALESCE(p_migration_name, '') = ''
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'a migration is resolved by its name, as applied or rolled_back';
  END IF;

  SELECT history.status, history.checksum IS NOT NULL
  INTO status_before, is_recorded
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name = p_migration_name
  FOR UPDATE;

  IF COALESCE(status_before, 'none') IS DISTINCT FROM p_seen_status THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('the record of migration "%s" changed meanwhile', p_migration_name),
      DETAIL = jsonb_build_object(
        'reason', 'changed meanwhile', 'status', status_before)::text,
      HINT = 'look at it again, and run the command again if it is still right';
  END IF;

  IF p_status = 'applied' THEN
    -- A row that resolving made knows neither rollback SQL nor checksum.
    IF status_before IS NULL OR (status_before = 'rolled_back' AND NOT is_recorded) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM005',
        MESSAGE = format(
          'migration "%s" was never recorded as applied: there is nothing to go back to',
          p_migration_name),
        HINT = format('run ''migration-manager register %s''', p_migration_name);
    END IF;

    UPDATE @extschema@.migration_history AS history
    SET status = 'applied',
      rollback_at = NULL,
      rollback_by = NULL,
      notes = NULL,
      metadata = CASE
        WHEN history.metadata ->> 'sequence' IS NOT NULL THEN history.metadata - 'resolved'
        ELSE (history.metadata - 'resolved') || jsonb_build_object(
          'sequence',
          @extschema@.migration_next_sequence(
            history.migration_name, history.migration_version))
      END
    WHERE history.migration_name = p_migration_name;
  ELSE
    SELECT overview.dependents
    INTO standing
    FROM @extschema@.migration_overview AS overview
    WHERE overview.migration_name = p_migration_name;

    IF standing <> '{}' AND status_before <> 'rolled_back' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM005',
        MESSAGE = 'Cannot resolve as rolled back: other migrations depend on this one',
        DETAIL = jsonb_build_object(
          'reason', 'dependents', 'status', status_before, 'dependents', standing)::text,
        HINT = 'roll those back first, or resolve them first';
    END IF;

    INSERT INTO @extschema@.migration_history AS history (
      migration_name, migration_version, applied_at, applied_by, status, rollback_at, rollback_by,
      metadata)
    VALUES (
      p_migration_name, COALESCE(p_migration_version, ''), NULL, NULL, 'rolled_back',
      clock_timestamp(), current_user, '{"resolved": true}')
    ON CONFLICT (migration_name) DO UPDATE
    SET status = excluded.status,
      rollback_at = excluded.rollback_at,
      rollback_by = excluded.rollback_by,
      notes = NULL,
      metadata = history.metadata || excluded.metadata
    -- What a rollback undid stays that.
    WHERE history.status <> 'rolled_back';
    PERFORM @extschema@.migration_adopt_dependents(p_migration_name);
  END IF;

  PERFORM @extschema@.migration_close_steps(p_migration_name, NULL::text);

  PERFORM @extschema@.migration_record_events(
    p_run_id, 'resolve'::text, ARRAY[p_migration_name], 'done'::text, COALESCE(p_client, '{}'),
    NULL::text,
    jsonb_build_object('status_before', status_before, 'status_after', p_status));
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_resolve(uuid, text, text, text, text, jsonb) IS
  'migration-manager: sets a migration''s status by hand';
