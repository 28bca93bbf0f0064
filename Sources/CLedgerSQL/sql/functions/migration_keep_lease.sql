-- What each transaction of a run that goes statement by statement begins with, instead of
-- migration_lock: MM015 where it has lost its lease, else lock and lease.
-- Whether the lease is lost comes first: it is no use to wait for those who have it now.
CREATE OR REPLACE FUNCTION @extschema@.migration_keep_lease(
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
  PERFORM set_config('migration_manager.run_id', p_run_id::text, true);
  IF EXISTS (SELECT FROM @extschema@.migration_lease AS lease WHERE lease.run_id = p_run_id) THEN
    PERFORM @extschema@.migration_lock();
  END IF;
  PERFORM @extschema@.migration_renew_lease(
    p_run_id, p_migration_name, p_direction, p_statement_no);
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_keep_lease(uuid, text, text, integer) IS
  'migration-manager: lock and lease for the next statement of a run, or MM015';
