-- The audit trail only grows.
CREATE OR REPLACE FUNCTION @extschema@.migration_refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'object_not_in_prerequisite_state',
    MESSAGE = format('"%s" is append-only: %s refused', TG_TABLE_NAME, TG_OP),
    HINT = 'add an event instead';
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_refuse_change() IS
  'migration-manager: trigger that keeps the audit trail append-only';

-- For the whole statement, so that one that meets no row is refused as well.
DROP TRIGGER IF EXISTS migration_events_append_only ON @extschema@.migration_events;
CREATE TRIGGER migration_events_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON @extschema@.migration_events
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();

-- ALWAYS: session_replication_role = replica in rollback SQL does not open the trail.
ALTER TABLE @extschema@.migration_events ENABLE ALWAYS TRIGGER migration_events_append_only;
