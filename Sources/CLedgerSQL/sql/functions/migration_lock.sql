-- One writer at a time. By try, at transaction level: a waiter inside a transaction would stall
-- CREATE INDEX CONCURRENTLY, and session locks break behind poolers. 1296918386 is 'MMgr'.
-- READ COMMITTED, because under a kept snapshot the guard would read what was, not what is.
-- statements/creation_lock.sql has the same block (statements/advisory_lock.sql), where there are no
-- functions yet.
-- A run that goes statement by statement has the lease beside it, between its transactions too. It
-- says which run it is by the setting migration_manager.run_id. Others look before they try the lock,
-- so that those who wait do not get in its way, and again behind it; what a dead one left they take.
-- By the key: where a caller has sequential scans off, one would cost enough to be compiled each time.
CREATE OR REPLACE FUNCTION @extschema@.migration_lock()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  own_run CONSTANT uuid := NULLIF(current_setting('migration_manager.run_id', true), '')::uuid;
BEGIN
  IF EXISTS (
    SELECT
    FROM @extschema@.migration_lease AS lease
    WHERE lease.is_only AND lease.run_id IS DISTINCT FROM own_run)
  THEN
    PERFORM @extschema@.migration_check_lease();
  END IF;

@advisory_lock@

  IF EXISTS (
    SELECT
    FROM @extschema@.migration_lease AS lease
    WHERE lease.is_only AND lease.run_id IS DISTINCT FROM own_run)
  THEN
    PERFORM @extschema@.migration_check_lease();
    DELETE FROM @extschema@.migration_lease AS lease
    WHERE lease.is_only AND lease.run_id IS DISTINCT FROM own_run;
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_lock() IS
  'migration-manager: takes the ledger''s lock for this transaction, or raises MM004 at once';
