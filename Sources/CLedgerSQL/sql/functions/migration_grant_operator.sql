-- init --operator ROLE: what register, rollback, resolve, forget and the like need.
-- Who may write migration_history can run SQL as whoever rolls back.
CREATE OR REPLACE FUNCTION @extschema@.migration_grant_operator(p_role name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  is_new boolean := @extschema@.migration_allow_role(
    'migration_history'::name, 'migration_manager_write'::name, p_role);
  function_signature text;
BEGIN
  PERFORM
    @extschema@.migration_allow_role(
      'migration_dependencies'::name, 'migration_manager_write'::name, p_role),
    @extschema@.migration_allow_role(
      'migration_events'::name, 'migration_manager_write'::name, p_role),
    @extschema@.migration_allow_role(
      'migration_snapshots'::name, 'migration_manager_write'::name, p_role),
    @extschema@.migration_allow_role(
      'migration_steps'::name, 'migration_manager_write'::name, p_role),
    @extschema@.migration_allow_role(
      'migration_lease'::name, 'migration_manager_write'::name, p_role);

  IF NOT has_schema_privilege(p_role, @extschemaname@, 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', @extschemaname@, p_role);
  END IF;

  EXECUTE format(
    'GRANT SELECT ON %1$I.migration_overview, %1$I.migration_order, %1$I.migration_event_log, '
      '%1$I.migration_open_steps TO %2$I',
    @extschemaname@, p_role);
  -- Of a record's deletion migration_refuse_erasure sees to it that an event stays.
  EXECUTE format(
    'GRANT SELECT, INSERT, UPDATE, DELETE '
      'ON %1$I.migration_history, %1$I.migration_dependencies TO %2$I',
    @extschemaname@, p_role);
  EXECUTE format(
    'GRANT SELECT, INSERT ON %1$I.migration_events, %1$I.migration_snapshots TO %2$I',
    @extschemaname@, p_role);
  -- The journal is closed, never deleted.
  EXECUTE format(
    'GRANT SELECT, INSERT, UPDATE ON %1$I.migration_steps TO %2$I', @extschemaname@, p_role);
  EXECUTE format(
    'GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.migration_lease TO %2$I',
    @extschemaname@, p_role);
  EXECUTE format(
    'GRANT USAGE ON SEQUENCE %1$I.migration_events_id_seq, %1$I.migration_steps_id_seq TO %2$I',
    @extschemaname@, p_role);

  -- Ours alone, known by their comments: the schema may hold the application's functions too.
  FOR function_signature IN
    SELECT function.oid::regprocedure::text
    FROM pg_proc AS function
    JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = function.pronamespace
    WHERE ledger_schema.nspname = @extschemaname@
      AND obj_description(function.oid, 'pg_proc') ~ '^migration-manager'
      AND function.proname !~ '^migration_(grant|allow|refuse|stamp)_'
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', function_signature, p_role);
  END LOOP;

  IF is_new THEN
    PERFORM @extschema@.migration_record_events(
      NULL::uuid, 'grant'::text, ARRAY[NULL]::text[], 'done'::text, NULL::jsonb, NULL::text,
      jsonb_build_object('role', p_role, 'access', 'operator'));
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_grant_operator(name) IS
  'migration-manager: lets a role write the ledger and roll back';
