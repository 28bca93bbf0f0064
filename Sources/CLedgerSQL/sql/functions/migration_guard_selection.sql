-- The check, under the lock, that a rollback's plan is still what was asked for: others may have
-- applied migrations or rolled some back while it waited for the lock or for an answer.
-- p_migration_names: the plan's, or what is left of them; p_meant_names: what
-- migration_rollback_range or migration_rollback_cascade says now. The order is the planner's.
-- DETAIL: {"added": names, "gone": names}.
CREATE OR REPLACE FUNCTION @extschema@.migration_guard_selection(
  p_migration_names text[],
  p_meant_names text[]
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  added jsonb;
  gone jsonb;
BEGIN
  -- EXCEPT is linear whatever the planner believes of the sizes.
  SELECT jsonb_agg(difference.name ORDER BY difference.name COLLATE "C")
  INTO added
  FROM (SELECT unnest(p_meant_names) EXCEPT SELECT unnest(p_migration_names)) AS difference(name);

  SELECT jsonb_agg(difference.name ORDER BY difference.name COLLATE "C")
  INTO gone
  FROM (SELECT unnest(p_migration_names) EXCEPT SELECT unnest(p_meant_names)) AS difference(name);

  IF added IS NOT NULL OR gone IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM014',
      MESSAGE = 'what is to be rolled back changed meanwhile',
      DETAIL = jsonb_build_object('added', COALESCE(added, '[]'), 'gone', COALESCE(gone, '[]')),
      HINT = 'run it again: it shows what is to be rolled back now';
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_guard_selection(text[], text[]) IS
  'migration-manager: raises MM014 where a rollback means other migrations than were planned';
