-- Gives the lease back, where it is this run's: after a failure, or an interruption. Without the lock,
-- which another may hold. What the run has still on its way does not run any more: MM015.
CREATE OR REPLACE FUNCTION @extschema@.migration_release_lease(p_run_id uuid)
RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $ledger$
  DELETE FROM @extschema@.migration_lease AS lease WHERE lease.run_id = p_run_id;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_release_lease(uuid) IS
  'migration-manager: gives the lease of a run back';
