-- Gives this run's lease 30 seconds more, and tells where it has got and which server process serves
-- it now: behind a pooler, and after a lost connection, another one. Raises MM015 where the lease is
-- not this run's any more: whatever it still meant to do, it must not.
CREATE OR REPLACE FUNCTION @extschema@.migration_renew_lease(
  p_run_id uuid,
  p_migration_name text,
  p_direction text,
  p_statement_no integer
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  UPDATE @extschema@.migration_lease AS lease
  SET migration_name = p_migration_name,
    direction = p_direction,
    statement_no = p_statement_no,
    role_name = pg_get_userbyid(backend.usesysid),
    pid = backend.pid,
    backend_start = backend.backend_start,
    expires_at = clock_timestamp() + interval '30 seconds'
  FROM pg_stat_get_activity(pg_backend_pid()) AS backend
  WHERE lease.run_id = p_run_id;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM015',
      MESSAGE = format(
        'this run does not hold the ledger in schema "%s" any more: it stood still too long, or was '
          'given up',
        @extschemaname@),
      DETAIL = COALESCE(
        (
          SELECT jsonb_build_object(
            'run_id', lease.run_id,
            'user', lease.role_name,
            'migration_name', lease.migration_name,
            'direction', lease.direction,
            'statement', lease.statement_no)::text
          FROM @extschema@.migration_lease AS lease
        ),
        '{}'),
      HINT = format(
        '''migration-manager status'' shows how far "%s" has got, and the same command goes on from '
          'there',
        p_migration_name);
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_renew_lease(uuid, text, text, integer) IS
  'migration-manager: renews the lease of a run, or raises MM015 where it has lost it';
