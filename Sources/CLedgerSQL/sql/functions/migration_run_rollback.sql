-- Runs rollback SQL under the search_path recorded for its migration. The SET clause makes the
-- server put the caller's path back at the end, whatever SET LOCAL did inside; only a plain SET
-- in the SQL escapes, and the caller looks for that.
-- Deferred constraints are checked here: at COMMIT it would be too late to record a failure.
CREATE OR REPLACE FUNCTION @extschema@.migration_run_rollback(
  p_rollback_sql text,
  p_search_path text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  PERFORM set_config('search_path', p_search_path, true);
  EXECUTE p_rollback_sql;
  SET CONSTRAINTS ALL IMMEDIATE;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_run_rollback(text, text) IS
  'migration-manager: runs rollback SQL under a given search_path';
