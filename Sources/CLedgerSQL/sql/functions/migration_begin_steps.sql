-- Begins what runs statement by statement, or goes on with it: takes lock and lease, and looks
-- whether what was planned is still right. p_done: how many of its statements are finished by the
-- journal that the plan was made of. p_checksum: of the rollback SQL that was shown; NULL for 'up'.
-- What migration_guard_apply or migration_guard_selection have to say is asked beside it.
CREATE OR REPLACE FUNCTION @extschema@.migration_begin_steps(
  p_run_id uuid,
  p_migration_name text,
  p_direction text,
  p_done integer,
  p_checksum text,
  p_is_direct boolean,
  p_client jsonb
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  journalled_count bigint;
  finished_count bigint;
  migration record;
  refusal text;
BEGIN
  PERFORM set_config('migration_manager.run_id', p_run_id::text, true);
  PERFORM @extschema@.migration_lock();

  SELECT count(*), count(step.finished_at)
  INTO journalled_count, finished_count
  FROM @extschema@.migration_steps AS step
  WHERE step.is_open
    AND step.migration_name = p_migration_name
    AND step.direction = p_direction;

  IF p_direction = 'up' THEN
    PERFORM @extschema@.migration_guard_apply(p_migration_name, '{}'::text[], NULL::text);
  ELSE
    PERFORM @extschema@.migration_check_half_done(ARRAY[p_migration_name]);
    SELECT
      overview.migration_name, overview.status, overview.dependents, overview.has_rollback_sql,
      overview.reason, overview.metadata, history.rollback_sql
    INTO migration
    FROM @extschema@.migration_overview AS overview
    LEFT JOIN @extschema@.migration_history AS history USING (migration_name)
    WHERE overview.migration_name = p_migration_name;

    refusal := CASE
      WHEN migration.migration_name IS NULL
        THEN 'Migration not found'
      -- A rollback that stopped half-way is failed, or applied still where it was interrupted.
      WHEN migration.status <> 'applied' AND (migration.status <> 'failed' OR journalled_count = 0)
        THEN migration.reason
      WHEN migration.dependents <> '{}'
        THEN 'Cannot rollback: other migrations depend on this one'
      WHEN NOT migration.has_rollback_sql
        THEN 'No rollback SQL defined for this migration'
      WHEN p_checksum IS DISTINCT FROM
          encode(sha256(convert_to(migration.rollback_sql, 'UTF8')), 'hex')
        OR migration.metadata ->> 'rollback_transaction' IS DISTINCT FROM 'none'
        THEN 'The recorded rollback SQL changed meanwhile'
    END;
    IF refusal IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM005',
        MESSAGE = refusal,
        DETAIL = jsonb_build_array(
          jsonb_build_object(
            'name', p_migration_name,
            'reason', refusal,
            'status', migration.status,
            'dependents', to_jsonb(COALESCE(migration.dependents, '{}'))))::text,
        HINT = format('run ''migration-manager check %s''', p_migration_name);
    END IF;
  END IF;

  IF finished_count <> p_done THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM014',
      MESSAGE = format(
        'another run went on with migration "%s" meanwhile: %s of its statements are finished, not %s',
        p_migration_name, finished_count, p_done),
      HINT = 'run it again: it goes on from there';
  END IF;

  INSERT INTO @extschema@.migration_lease AS lease (
    run_id, migration_name, direction, statement_no, role_name, pid, backend_start, is_direct,
    os_user, host, expires_at)
  SELECT
    p_run_id, p_migration_name, p_direction, p_done + 1, pg_get_userbyid(backend.usesysid),
    backend.pid, backend.backend_start, p_is_direct, p_client ->> 'os_user', p_client ->> 'host',
    clock_timestamp() + interval '30 seconds'
  FROM pg_stat_get_activity(pg_backend_pid()) AS backend
  -- Behind the lock no other run's is left.
  ON CONFLICT (is_only) DO UPDATE
  SET migration_name = excluded.migration_name,
    direction = excluded.direction,
    statement_no = excluded.statement_no,
    role_name = excluded.role_name,
    pid = excluded.pid,
    backend_start = excluded.backend_start,
    is_direct = excluded.is_direct,
    expires_at = excluded.expires_at;
END;
$ledger$;

COMMENT ON FUNCTION
  @extschema@.migration_begin_steps(uuid, text, text, integer, text, boolean, jsonb) IS
  'migration-manager: lease and last check for what runs statement by statement';
