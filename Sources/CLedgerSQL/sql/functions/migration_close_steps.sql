-- Closes the journal of what is settled otherwise: resolved, registered, forgotten. The rows stay as
-- they are. p_direction: NULL for both.
CREATE OR REPLACE FUNCTION @extschema@.migration_close_steps(
  p_migration_name text,
  p_direction text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  UPDATE @extschema@.migration_steps AS step
  SET is_open = false
  WHERE step.is_open
    AND step.migration_name = p_migration_name
    AND (p_direction IS NULL OR step.direction = p_direction);
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_close_steps(text, text) IS
  'migration-manager: closes the journal of a migration that was settled otherwise';
