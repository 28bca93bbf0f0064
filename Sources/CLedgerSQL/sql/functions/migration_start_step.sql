-- Journals that a statement which cannot run in a transaction is about to: before it, in a transaction
-- of its own. After a crash the row tells that it may have run, and p_observation, what the catalog
-- showed of its object before, whether it has. One that is begun again keeps its first observation,
-- unless it is given a new one; what it left when it failed is not told any more.
CREATE OR REPLACE FUNCTION @extschema@.migration_start_step(
  p_run_id uuid,
  p_migration_name text,
  p_direction text,
  p_statement_no integer,
  p_statement_count integer,
  p_checksum text,
  p_observation jsonb
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  PERFORM @extschema@.migration_renew_lease(
    p_run_id, p_migration_name, p_direction, p_statement_no);

  INSERT INTO @extschema@.migration_steps AS step (
    run_id, migration_name, direction, statement_no, statement_count, checksum, observation)
  VALUES (
    p_run_id, p_migration_name, p_direction, p_statement_no, p_statement_count, p_checksum,
    NULLIF(p_observation, 'null'))
  ON CONFLICT (migration_name, direction, statement_no) WHERE is_open DO UPDATE
  SET run_id = excluded.run_id,
    statement_count = excluded.statement_count,
    checksum = excluded.checksum,
    started_at = excluded.started_at,
    error = NULL,
    observation = COALESCE(excluded.observation, NULLIF(step.observation - 'left', '{}'))
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
  @extschema@.migration_start_step(uuid, text, text, integer, integer, text, jsonb) IS
  'migration-manager: journals that a statement is about to run';
