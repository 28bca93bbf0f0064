-- The rollback for plain SQL clients: the same rules and records as the command line's.
-- No SET clause and every name qualified: this runs under the caller's search_path, which the
-- rollback SQL must not find changed to ours (unqualified names in it would then drop nothing).
-- The role that the SQL leaves behind may have no rights here: it is put back by functions of
-- pg_catalog alone. Not by RESET: the caller may have had a role of his own set.
CREATE OR REPLACE FUNCTION @extschema@.execute_migration_rollback(
  p_migration_name text,
  p_dry_run boolean DEFAULT false
)
RETURNS TABLE (success boolean, message text, sql_executed text)
LANGUAGE plpgsql
AS $ledger$
DECLARE
  caller_session CONSTANT pg_catalog.text :=
    pg_catalog.current_setting('session_authorization');
  caller_role CONSTANT pg_catalog.text := pg_catalog.current_setting('role');
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
  run_id CONSTANT pg_catalog.uuid := pg_catalog.gen_random_uuid();
  client CONSTANT pg_catalog.jsonb := '{"details": {"function": "execute_migration_rollback"}}';
  plan pg_catalog.record;
  error_state pg_catalog.text;
  error_message pg_catalog.text;
  error_detail pg_catalog.text;
  error_hint pg_catalog.text;
BEGIN
  SELECT prepared.migration_name, prepared.refusal, prepared.rollback_sql,
    COALESCE(prepared.recorded_search_path, caller_path) AS search_path
  INTO plan
  FROM @extschema@.migration_prepare_rollback(p_migration_name, p_dry_run) AS prepared;

  success := plan.refusal IS NULL;
  sql_executed := plan.rollback_sql;
  IF plan.refusal IS NOT NULL THEN
    message := plan.refusal;
    RETURN NEXT;
    RETURN;
  END IF;
  IF p_dry_run THEN
    message := 'Dry run: rollback SQL shown below (not executed)';
    RETURN NEXT;
    RETURN;
  END IF;

  BEGIN
    PERFORM @extschema@.migration_run_rollback(plan.rollback_sql, plan.search_path);

    -- Session authorization first: setting it resets the role.
    IF pg_catalog.current_setting('session_authorization')
      OPERATOR(pg_catalog.<>) caller_session
    THEN
      PERFORM pg_catalog.set_config('session_authorization', caller_session, false);
    END IF;
    IF pg_catalog.current_setting('role') OPERATOR(pg_catalog.<>) caller_role THEN
      PERFORM pg_catalog.set_config('role', caller_role, false);
    END IF;
    IF pg_catalog.current_setting('search_path') OPERATOR(pg_catalog.<>) caller_path THEN
      PERFORM pg_catalog.set_config('search_path', caller_path, false);
    END IF;

    PERFORM @extschema@.migration_record_rollbacks(
      run_id, ARRAY[plan.migration_name]::pg_catalog.text[], client, NULL::pg_catalog.jsonb);
    message := 'Migration rolled back successfully';
  EXCEPTION
    -- The block's savepoint has already put back the schema, the role and the path.
    -- OTHERS leaves out a failed ASSERT, which is the SQL's own failure like any, and a cancelled
    -- query, which is left out here as well: whoever cancels, or set a timeout, wants this whole
    -- transaction to end, and the status stays as it was.
    WHEN OTHERS OR assert_failure THEN
      GET STACKED DIAGNOSTICS
        error_state = RETURNED_SQLSTATE,
        error_message = MESSAGE_TEXT,
        error_detail = PG_EXCEPTION_DETAIL,
        error_hint = PG_EXCEPTION_HINT;
      PERFORM @extschema@.migration_record_failure(
        run_id, 'rollback'::pg_catalog.text, plan.migration_name,
        pg_catalog.jsonb_build_object(
          'sqlstate', error_state, 'message', error_message,
          'detail', error_detail, 'hint', error_hint),
        client);
      success := false;
      message := pg_catalog.format('Rollback failed: %s', error_message);
  END;
  RETURN NEXT;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.execute_migration_rollback(text, boolean) IS
  'migration-manager: rolls one migration back, or shows its rollback SQL';
