-- A cycle would block all its members for ever. Walks breadth first from the migration up to
-- those that depend on it: a new migration has none, so the usual check ends at once. Notes for
-- each one what it depends on, on the way back down, so that the cycle can be shown in full.
CREATE OR REPLACE FUNCTION @extschema@.migration_refuse_cycle()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  leads_to jsonb := jsonb_build_object(NEW.migration_name, NEW.depends_on);
  frontier text[] := ARRAY[NEW.migration_name];
  found_by jsonb;
  cycle text[];
BEGIN
  -- Two sessions could else each insert one half of a cycle. 1296918371 is 'MMgc'.
  PERFORM pg_advisory_xact_lock(1296918371, hashtext(@extschemaname@));

  WHILE frontier IS NOT NULL AND NOT leads_to ? NEW.depends_on LOOP
    -- Name by name, and with a column that the key's index lacks: by the statistics of an empty table
    -- the planner would read that index from end to end.
    SELECT
      array_agg(DISTINCT dependency.migration_name),
      jsonb_object_agg(dependency.migration_name, dependency.depends_on)
    INTO frontier, found_by
    FROM unnest(frontier) AS reached(name)
    CROSS JOIN LATERAL (
      SELECT candidate.id, candidate.migration_name, candidate.depends_on
      FROM @extschema@.migration_dependencies AS candidate
      WHERE candidate.depends_on = reached.name
      OFFSET 0
    ) AS dependency
    WHERE dependency.id IS NOT NULL
      AND NOT leads_to ? dependency.migration_name;
    leads_to := leads_to || COALESCE(found_by, '{}');
  END LOOP;

  IF NOT leads_to ? NEW.depends_on THEN
    RETURN NEW;
  END IF;

  cycle := ARRAY[NEW.migration_name];
  LOOP
    cycle := cycle || (leads_to ->> cycle[cardinality(cycle)]);
    EXIT WHEN cycle[cardinality(cycle)] = NEW.migration_name;
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

-- Before, not after: in a bulk insert it then sees only the rows inserted so far.
DROP TRIGGER IF EXISTS migration_dependencies_acyclic ON @extschema@.migration_dependencies;
CREATE TRIGGER migration_dependencies_acyclic
  BEFORE INSERT OR UPDATE ON @extschema@.migration_dependencies
  FOR EACH ROW EXECUTE FUNCTION @extschema@.migration_refuse_cycle();
