-- A cycle would block all its members for ever. Walks breadth first from the new dependency,
-- noting for each migration which one led there, so that the cycle can be shown in full.
CREATE OR REPLACE FUNCTION @extschema@.migration_refuse_cycle()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  led_by jsonb := jsonb_build_object(NEW.depends_on, NEW.migration_name);
  frontier text[] := ARRAY[NEW.depends_on];
  found_by jsonb;
  cycle text[];
BEGIN
  -- Two sessions could else each insert one half of a cycle. 1296918371 is 'MMgc'.
  PERFORM pg_advisory_xact_lock(1296918371, hashtext(@extschemaname@));

  WHILE frontier IS NOT NULL AND NOT led_by ? NEW.migration_name LOOP
    SELECT array_agg(DISTINCT dependency.depends_on),
      jsonb_object_agg(dependency.depends_on, dependency.migration_name)
    INTO frontier, found_by
    FROM @extschema@.migration_dependencies AS dependency
    WHERE dependency.migration_name = ANY (frontier)
      AND NOT led_by ? dependency.depends_on;
    led_by := led_by || COALESCE(found_by, '{}');
  END LOOP;

  IF NOT led_by ? NEW.migration_name THEN
    RETURN NULL;
  END IF;

  cycle := ARRAY[NEW.migration_name];
  LOOP
    cycle := (led_by ->> cycle[1]) || cycle;
    EXIT WHEN cycle[1] = NEW.migration_name;
  END LOOP;

  RAISE EXCEPTION USING
    ERRCODE = 'MM009',
    MESSAGE = format('dependency cycle: %s', array_to_string(cycle, ' -> ')),
    DETAIL = to_jsonb(cycle)::text,
    HINT = 'remove one ''-- Depends on:'' of these files, then register it again';
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_refuse_cycle() IS
  'migration-manager: trigger that refuses dependency cycles';

DROP TRIGGER IF EXISTS migration_dependencies_acyclic ON @extschema@.migration_dependencies;
CREATE TRIGGER migration_dependencies_acyclic
  AFTER INSERT OR UPDATE ON @extschema@.migration_dependencies
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_cycle();
