-- The lock for the command line: it also tells the transaction's id. RAISE INFO makes the server
-- flush, so that the client knows the id while the rest of its query string still runs.
CREATE OR REPLACE FUNCTION @extschema@.migration_lock()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  PERFORM @extschema@.migration_take_lock();
  RAISE INFO 'migration-manager: transaction %', pg_current_xact_id();
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_lock() IS
  'migration-manager: takes the ledger''s lock and tells the transaction id';
