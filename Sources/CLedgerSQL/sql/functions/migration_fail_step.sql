-- Journals what was wrong with a statement. Where none was journalled before it, that one has run in a
-- transaction, which was undone: then nothing is half done, and no row is needed. p_left: what it left
-- behind, an array of objects as in the observation, whose member "left" it becomes; NULL where nobody
-- knows.
CREATE OR REPLACE FUNCTION @extschema@.migration_fail_step(
  p_run_id uuid,
  p_migration_name text,
  p_direction text,
  p_statement_no integer,
  p_statement_count integer,
  p_checksum text,
  p_error text,
  p_left jsonb
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  PERFORM @extschema@.migration_renew_lease(
    p_run_id, p_migration_name, p_direction, p_statement_no);

  INSERT INTO @extschema@.migration_steps AS step (
    run_id, migration_name, direction, statement_no, statement_count, checksum, error,
    observation)
  SELECT
    p_run_id, p_migration_name, p_direction, p_statement_no, p_statement_count, p_checksum, p_error,
    CASE WHEN p_left IS NOT NULL THEN jsonb_build_object('left', p_left) END
  WHERE EXISTS (
    SELECT
    FROM @extschema@.migration_steps AS other
    WHERE other.is_open
      AND other.migration_name = p_migration_name
      AND other.direction = p_direction)
  ON CONFLICT (migration_name, direction, statement_no) WHERE is_open DO UPDATE
  SET run_id = excluded.run_id,
    error = excluded.error,
    observation = CASE
      WHEN excluded.observation IS NULL THEN step.observation - 'left'
      ELSE COALESCE(step.observation, '{}') || excluded.observation
    END
  WHERE step.finished_at IS NULL;
END;
$ledger$;

COMMENT ON FUNCTION
  @extschema@.migration_fail_step(uuid, text, text, integer, integer, text, text, jsonb) IS
  'migration-manager: journals the error of a statement';
