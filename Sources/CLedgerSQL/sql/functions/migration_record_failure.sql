-- Records a migration whose SQL failed and was undone; returns the status after, NULL where it has
-- no row. p_operation: 'rollback' or 'migrate'. A failed apply changes no row: it is pending still.
-- p_error: {"sqlstate", "message", "detail", "statement", "line", ...}.
-- Only an applied row becomes failed: another session may have settled it meanwhile.
CREATE OR REPLACE FUNCTION @extschema@.migration_record_failure(
  p_run_id uuid,
  p_operation text,
  p_migration_name text,
  p_error jsonb,
  p_client jsonb
)
RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  is_transient boolean := @extschema@.migration_error_is_transient(p_error ->> 'sqlstate');
  status_after text;
BEGIN
  IF p_operation = 'rollback' AND NOT is_transient THEN
    UPDATE @extschema@.migration_history AS history
    SET status = 'failed',
      notes = concat(
        'Rollback failed: ', p_error ->> 'message',
        ' (SQLSTATE ' || (p_error ->> 'sqlstate') || ')',
        E'\n' || NULLIF(p_error ->> 'detail', ''))
    WHERE history.migration_name = p_migration_name
      AND history.status = 'applied';
  END IF;

  PERFORM @extschema@.migration_record_events(
    p_run_id, p_operation, ARRAY[p_migration_name], 'fail'::text, COALESCE(p_client, '{}'),
    p_error ->> 'message',
    jsonb_build_object('error', p_error, 'transient', is_transient));

  SELECT history.status
  INTO status_after
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name = p_migration_name;
  RETURN status_after;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_record_failure(uuid, text, text, jsonb, jsonb) IS
  'migration-manager: records that a migration''s SQL failed; transient errors leave the status';
