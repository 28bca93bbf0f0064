-- Records a migration that is applied, or refreshes what is recorded of it.
-- p_migration: {"name", "version", "rollback_sql", "checksum", "metadata": {...},
-- "depends_on": [names], "seen_status", "operation"}; without "depends_on" the dependencies stay.
-- "seen_status" is the status by which the caller decided, 'none' without a row: where a rollback
-- came between, the objects that told him so are gone, and MM005 is raised.
-- Returns 'registered' (no row, or rolled back before: applied as if new) or 'refreshed'
-- (applied, or failed: that is the way out of failed).
-- What is half applied is not applied, whatever the catalog shows of it: it is refused, unless
-- metadata has "forced": true. Then its journal is closed.
-- A refreshed one keeps the search_path, evidence, forced and assumed of its registration, where
-- they were recorded; the file's own search_path, marked by "search_path_from_file": true in
-- metadata, is taken anew. The mark itself is not stored.
-- enable_seqscan is off here and in what this calls: plans are kept for the whole session, also
-- those made while the ledger was empty, and thousands may be registered in one transaction.
CREATE OR REPLACE FUNCTION @extschema@.migration_register(
  p_run_id uuid,
  p_migration jsonb,
  p_client jsonb
)
RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  name text := p_migration ->> 'name';
  version text := COALESCE(p_migration ->> 'version', '');
  given jsonb :=
    COALESCE(NULLIF(p_migration -> 'metadata', 'null'), '{}') - 'search_path_from_file';
  has_own_path boolean :=
    COALESCE(p_migration -> 'metadata' -> 'search_path_from_file' = 'true', false);
  -- Derived from the file: what is not given any more is not true any more.
  -- All other keys (sequence, a person's own) stay until they are given.
  file_keys CONSTANT text[] := ARRAY[
    'up_checksum', 'rollback_checksum', 'up_code_checksum', 'rollback_code_checksum',
    'section_style', 'section_line', 'irreversible', 'reverts', 'up_transaction',
    'rollback_transaction'];
  -- Of the moment at which it was found to be applied.
  registration_keys CONSTANT text[] := ARRAY['evidence', 'forced', 'assumed'];
  operation CONSTANT text := COALESCE(p_migration ->> 'operation', 'register');
  status_before text;
  half_applied text;
  outcome text;
BEGIN
  PERFORM @extschema@.migration_lock();

  IF COALESCE(name, '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value', MESSAGE = 'a migration to register needs a name';
  END IF;

  SELECT history.status
  INTO status_before
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name = name
  FOR UPDATE;

  IF status_before = 'rolled_back' AND p_migration ->> 'seen_status' <> 'rolled_back' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" was rolled back meanwhile', name),
      HINT = format(
        'if it was applied again since, run ''migration-manager register %s'' again', name);
  END IF;

  SELECT format(
    'stopped at statement %s of %s', count(step.finished_at) + 1, max(step.statement_count))
  INTO half_applied
  FROM @extschema@.migration_steps AS step
  WHERE step.is_open
    AND step.migration_name = name
    AND step.direction = 'up'
  HAVING count(*) > 0;

  IF half_applied IS NOT NULL AND (given -> 'forced' = 'true') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is half applied: it %s', name, half_applied),
      HINT = format(
        '''migration-manager migrate'' goes on with it; or undo by hand what is there and run '
          '''migration-manager resolve %s --rolled-back''',
        name);
  END IF;

  IF status_before IN ('applied', 'failed') THEN
    outcome := 'refreshed';
    UPDATE @extschema@.migration_history AS history
    SET migration_version = version,
      rollback_sql = p_migration ->> 'rollback_sql',
      checksum = p_migration ->> 'checksum',
      status = 'applied',
      notes = CASE WHEN status_before = 'applied' THEN history.notes END,
      metadata = given || (history.metadata - file_keys)
        || (given - registration_keys - CASE WHEN has_own_path THEN '' ELSE 'search_path' END)
    WHERE history.migration_name = name;
  ELSE
    outcome := 'registered';
    given := given || jsonb_build_object(
      'sequence', @extschema@.migration_next_sequence(name, version));
    INSERT INTO @extschema@.migration_history AS history (
      migration_name, migration_version, rollback_sql, checksum, status, metadata)
    VALUES (
      name, version, p_migration ->> 'rollback_sql', p_migration ->> 'checksum', 'applied', given)
    ON CONFLICT (migration_name) DO UPDATE
    SET migration_version = excluded.migration_version,
      applied_at = excluded.applied_at,
      applied_by = excluded.applied_by,
      rollback_sql = excluded.rollback_sql,
      checksum = excluded.checksum,
      status = 'applied',
      rollback_at = NULL,
      rollback_by = NULL,
      notes = NULL,
      metadata = (history.metadata - file_keys - registration_keys - 'resolved'::text) || excluded.metadata;
  END IF;

  IF p_migration ? 'depends_on' THEN
    PERFORM @extschema@.migration_set_dependencies(
      name,
      ARRAY(
        SELECT needed.name
        FROM jsonb_array_elements_text(
          COALESCE(NULLIF(p_migration -> 'depends_on', 'null'), '[]')) AS needed(name)));
  END IF;
  PERFORM @extschema@.migration_adopt_dependents(name);
  -- What is half rolled back stays that: it may have been mended to go on.
  IF half_applied IS NOT NULL THEN
    PERFORM @extschema@.migration_close_steps(name, 'up'::text);
  END IF;

  PERFORM @extschema@.migration_record_events(
    p_run_id, operation, ARRAY[name], outcome, COALESCE(p_client, '{}'), NULL::text,
    jsonb_strip_nulls(jsonb_build_object(
      'status_before', status_before, 'forced', given -> 'forced', 'assumed', given -> 'assumed')));
  RETURN outcome;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_register(uuid, jsonb, jsonb) IS
  'migration-manager: records a migration as applied, or refreshes its record';
