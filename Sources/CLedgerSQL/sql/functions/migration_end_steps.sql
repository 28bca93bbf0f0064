-- Closes the journal and gives the lease back, before migration_record_apply or
-- migration_record_rollbacks in the transaction that ends it. A statement that failed is none that
-- remains to be done: it was taken out of the file, or it would have been run again.
CREATE OR REPLACE FUNCTION @extschema@.migration_end_steps(
  p_run_id uuid,
  p_migration_name text,
  p_direction text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  unfinished integer;
BEGIN
  DELETE FROM @extschema@.migration_lease AS lease WHERE lease.run_id = p_run_id;
  IF NOT FOUND THEN
    -- Tells what has become of it.
    PERFORM @extschema@.migration_renew_lease(p_run_id, p_migration_name, p_direction, 0);
  END IF;

  UPDATE @extschema@.migration_steps AS step
  SET is_open = false
  WHERE step.is_open
    AND step.migration_name = p_migration_name
    AND step.direction = p_direction
    AND (step.finished_at IS NOT NULL OR step.error IS NOT NULL);

  SELECT min(step.statement_no)
  INTO unfinished
  FROM @extschema@.migration_steps AS step
  WHERE step.is_open
    AND step.migration_name = p_migration_name
    AND step.direction = p_direction;

  IF unfinished IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM014',
      MESSAGE = format(
        'statement %s of migration "%s" is not finished', unfinished, p_migration_name),
      HINT = 'run it again: it goes on from there';
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_end_steps(uuid, text, text) IS
  'migration-manager: closes the journal of a migration and gives the lease back';
