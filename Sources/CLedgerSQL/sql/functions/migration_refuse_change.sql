-- The audit trail only grows, no table of the ledger is emptied, and its views are for reading:
-- written through a view, a table would be written with its owner's rights.
CREATE OR REPLACE FUNCTION @extschema@.migration_refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'object_not_in_prerequisite_state',
    MESSAGE = format(
      CASE
        WHEN TG_WHEN = 'INSTEAD OF' THEN '"%s" is for reading: %s refused'
        WHEN TG_TABLE_NAME = 'migration_events' THEN '"%s" is append-only: %s refused'
        ELSE '"%s" is never emptied: %s refused'
      END,
      TG_TABLE_NAME, TG_OP),
    HINT = CASE TG_TABLE_NAME
      WHEN 'migration_events' THEN 'add an event instead'
      ELSE 'use the ledger''s functions instead'
    END;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_refuse_change() IS
  'migration-manager: trigger that refuses changes to the audit trail, to views, and TRUNCATE';

-- For the whole statement, so that one that meets no row is refused as well.
DROP TRIGGER IF EXISTS migration_events_append_only ON @extschema@.migration_events;
CREATE TRIGGER migration_events_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON @extschema@.migration_events
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();

-- ALWAYS: session_replication_role = replica in rollback SQL does not open the trail.
ALTER TABLE @extschema@.migration_events ENABLE ALWAYS TRIGGER migration_events_append_only;

DROP TRIGGER IF EXISTS migration_history_never_emptied ON @extschema@.migration_history;
CREATE TRIGGER migration_history_never_emptied
  BEFORE TRUNCATE ON @extschema@.migration_history
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();
ALTER TABLE @extschema@.migration_history
  ENABLE ALWAYS TRIGGER migration_history_never_emptied;

DROP TRIGGER IF EXISTS migration_dependencies_never_emptied ON @extschema@.migration_dependencies;
CREATE TRIGGER migration_dependencies_never_emptied
  BEFORE TRUNCATE ON @extschema@.migration_dependencies
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();
ALTER TABLE @extschema@.migration_dependencies
  ENABLE ALWAYS TRIGGER migration_dependencies_never_emptied;

DROP TRIGGER IF EXISTS migration_snapshots_never_emptied ON @extschema@.migration_snapshots;
CREATE TRIGGER migration_snapshots_never_emptied
  BEFORE TRUNCATE ON @extschema@.migration_snapshots
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();
ALTER TABLE @extschema@.migration_snapshots
  ENABLE ALWAYS TRIGGER migration_snapshots_never_emptied;

DROP TRIGGER IF EXISTS migration_steps_never_emptied ON @extschema@.migration_steps;
CREATE TRIGGER migration_steps_never_emptied
  BEFORE TRUNCATE ON @extschema@.migration_steps
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();
ALTER TABLE @extschema@.migration_steps ENABLE ALWAYS TRIGGER migration_steps_never_emptied;

DROP TRIGGER IF EXISTS migration_lease_never_emptied ON @extschema@.migration_lease;
CREATE TRIGGER migration_lease_never_emptied
  BEFORE TRUNCATE ON @extschema@.migration_lease
  FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.migration_refuse_change();
ALTER TABLE @extschema@.migration_lease ENABLE ALWAYS TRIGGER migration_lease_never_emptied;

DROP TRIGGER IF EXISTS migration_visibility_for_reading ON @extschema@.migration_visibility;
CREATE TRIGGER migration_visibility_for_reading
  INSTEAD OF INSERT OR UPDATE OR DELETE ON @extschema@.migration_visibility
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_change();

DROP TRIGGER IF EXISTS migration_overview_for_reading ON @extschema@.migration_overview;
CREATE TRIGGER migration_overview_for_reading
  INSTEAD OF INSERT OR UPDATE OR DELETE ON @extschema@.migration_overview
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_change();

DROP TRIGGER IF EXISTS migration_order_for_reading ON @extschema@.migration_order;
CREATE TRIGGER migration_order_for_reading
  INSTEAD OF INSERT OR UPDATE OR DELETE ON @extschema@.migration_order
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_change();

DROP TRIGGER IF EXISTS migration_event_log_for_reading ON @extschema@.migration_event_log;
CREATE TRIGGER migration_event_log_for_reading
  INSTEAD OF INSERT OR UPDATE OR DELETE ON @extschema@.migration_event_log
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_change();

DROP TRIGGER IF EXISTS migration_open_steps_for_reading ON @extschema@.migration_open_steps;
CREATE TRIGGER migration_open_steps_for_reading
  INSTEAD OF INSERT OR UPDATE OR DELETE ON @extschema@.migration_open_steps
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_change();
