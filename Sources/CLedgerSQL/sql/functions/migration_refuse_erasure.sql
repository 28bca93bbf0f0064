-- An operator deletes a record only together with its event, which stays: as migration_forget does.
-- The time of an event is the server's word. The owner may do as he likes.
CREATE OR REPLACE FUNCTION @extschema@.migration_refuse_erasure()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
BEGIN
  IF NOT EXISTS (
    SELECT
    FROM @extschema@.migration_events AS event
    WHERE event.migration_name = OLD.migration_name
      AND event.operation = 'forget'
      AND event.occurred_at >= transaction_timestamp())
    AND NOT pg_has_role(
      (SELECT class.relowner FROM pg_class AS class WHERE class.oid = TG_RELID), 'USAGE')
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format(
        'the record of migration "%s" is deleted only together with an event that says so',
        OLD.migration_name),
      HINT = 'use ''migration-manager forget''';
  END IF;
  RETURN OLD;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_refuse_erasure() IS
  'migration-manager: trigger that refuses to delete records without an event';

DROP TRIGGER IF EXISTS migration_history_never_erased ON @extschema@.migration_history;
CREATE TRIGGER migration_history_never_erased
  BEFORE DELETE ON @extschema@.migration_history
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_erasure();

-- ALWAYS: as migration_events_append_only.
ALTER TABLE @extschema@.migration_history ENABLE ALWAYS TRIGGER migration_history_never_erased;
