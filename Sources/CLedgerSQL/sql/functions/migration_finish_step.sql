-- Journals that a statement is done: in the transaction in which it ran, so that both are committed or
-- neither; or, of one that runs in none, in the next one.
CREATE OR REPLACE FUNCTION @extschema@.migration_finish_step(
  p_run_id uuid,
  p_migration_name text,
  p_direction text,
  p_statement_no integer,
  p_statement_count integer,
  p_checksum text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  PERFORM @extschema@.migration_renew_lease(
    p_run_id, p_migration_name, p_direction, p_statement_no);

  INSERT INTO @extschema@.migration_steps AS step (
    run_id, migration_name, direction, statement_no, statement_count, checksum, started_at,
    finished_at)
  VALUES (
    p_run_id, p_migration_name, p_direction, p_statement_no, p_statement_count, p_checksum,
    transaction_timestamp(), clock_timestamp())
  ON CONFLICT (migration_name, direction, statement_no) WHERE is_open DO UPDATE
  SET run_id = excluded.run_id,
    statement_count = excluded.statement_count,
    checksum = excluded.checksum,
    -- What failed before and is tried again began anew.
    started_at = CASE WHEN step.error IS NULL THEN step.started_at ELSE excluded.started_at END,
    finished_at = excluded.finished_at,
    error = NULL
  WHERE step.finished_at IS NULL;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM014',
      MESSAGE = format(
        'statement %s of migration "%s" is finished already', p_statement_no, p_migration_name),
      HINT = 'run it again: it goes on from there';
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION
  @extschema@.migration_finish_step(uuid, text, text, integer, integer, text) IS
  'migration-manager: journals that a statement is done';
