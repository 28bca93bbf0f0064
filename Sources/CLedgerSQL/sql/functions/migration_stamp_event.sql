-- Who and when are what the server knows, whatever an operator's INSERT says. The role that
-- connected is kept too where it is not the one that acts.
CREATE OR REPLACE FUNCTION @extschema@.migration_stamp_event()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  NEW.role_name := current_user;
  NEW.occurred_at := clock_timestamp();
  IF session_user <> current_user THEN
    NEW.details := COALESCE(NEW.details, '{}') || jsonb_build_object('session_user', session_user);
  ELSIF NEW.details ? 'session_user' THEN
    NEW.details := NEW.details - 'session_user';
  END IF;
  RETURN NEW;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_stamp_event() IS
  'migration-manager: trigger that writes who and when into every event';

DROP TRIGGER IF EXISTS migration_events_stamp ON @extschema@.migration_events;
CREATE TRIGGER migration_events_stamp
  BEFORE INSERT ON @extschema@.migration_events
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_stamp_event();

-- ALWAYS: as migration_events_append_only.
ALTER TABLE @extschema@.migration_events ENABLE ALWAYS TRIGGER migration_events_stamp;
