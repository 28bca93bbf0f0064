-- Creates the ledger, or completes and upgrades an older one; does nothing where it is current.
-- Runs behind statements/creation_lock.sql and statements/session_check.sql, which leaves
-- 'absent', 'incomplete' or 'current' in the setting migration_manager.ledger.
-- Each object is a statement of its own: an error then quotes that object and not all of them.
DO $ledger_creation$
DECLARE
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
  caller_messages CONSTANT pg_catalog.text := pg_catalog.current_setting('client_min_messages');
  caller_role CONSTANT pg_catalog.text := pg_catalog.current_setting('role');
  state_before CONSTANT pg_catalog.text := pg_catalog.current_setting('migration_manager.ledger');
  owner pg_catalog.name;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  IF state_before = 'current' THEN
    PERFORM set_config('search_path', caller_path, true);
    RETURN;
  END IF;
  -- No notices about what exists already.
  PERFORM set_config('client_min_messages', 'warning', true);

  -- An upgrade runs as the ledger's owner: all its objects stay in one hand.
  SELECT pg_get_userbyid(history.relowner)
  INTO owner
  FROM pg_class AS history
  JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = history.relnamespace
  WHERE ledger_schema.nspname = @extschemaname@
    AND history.relname = 'migration_history';
  IF owner <> current_user THEN
    IF NOT pg_has_role(owner, 'MEMBER') THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM012',
        MESSAGE = format(
          'only "%s", who owns the migration ledger in schema "%s", may upgrade it',
          owner, @extschemaname@),
        HINT = format('run ''migration-manager init'' as "%s"', owner);
    END IF;
    PERFORM set_config('role', owner, true);
  END IF;

  -- Not under a run that goes statement by statement: the functions that it calls change.
  IF has_table_privilege(
    to_regclass(format('%I.migration_lease', @extschemaname@)), 'SELECT')
  THEN
@check_lease@
  END IF;

  PERFORM set_config(
    'migration_manager.existing_objects',
    (
      SELECT COALESCE(array_agg(existing.oid), '{}')::text
      FROM pg_namespace AS ledger_schema
      CROSS JOIN LATERAL (
        SELECT ledger_schema.oid
        UNION ALL
        SELECT class.oid FROM pg_class AS class
        WHERE class.relnamespace = ledger_schema.oid
        UNION ALL
        SELECT type.oid FROM pg_type AS type
        WHERE type.typnamespace = ledger_schema.oid
        UNION ALL
        SELECT function.oid FROM pg_proc AS function
        WHERE function.pronamespace = ledger_schema.oid
      ) AS existing
      WHERE ledger_schema.nspname = @extschemaname@),
    true);

@objects@

  -- Again, before anything is written: a table that another role planted since the first look
  -- would have been taken for ours by IF NOT EXISTS.
@check@

  -- What is new here is also for the roles that were let in before.
  PERFORM
    CASE policy.polname
      WHEN 'migration_manager_read' THEN @extschema@.migration_grant_reader(allowed.rolname)
      ELSE @extschema@.migration_grant_operator(allowed.rolname)
    END
  FROM pg_policy AS policy
  JOIN pg_class AS ledger_table ON ledger_table.oid = policy.polrelid
  JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = ledger_table.relnamespace
  JOIN pg_roles AS allowed ON allowed.oid = ANY (policy.polroles)
  WHERE ledger_schema.nspname = @extschemaname@
    AND (ledger_table.relname, policy.polname) IN (
      ('migration_dependencies', 'migration_manager_read'),
      ('migration_history', 'migration_manager_write'))
    AND allowed.oid <> ledger_table.relowner;

  IF EXISTS (SELECT FROM @extschema@.migration_events WHERE operation = 'init') THEN
    PERFORM @extschema@.migration_record_events(
      NULL::uuid, 'upgrade'::text, ARRAY[NULL]::text[], 'done'::text, NULL::jsonb, NULL::text,
      jsonb_build_object('ledger_version', @ledgerversion@));
  ELSE
    PERFORM @extschema@.migration_record_events(
      NULL::uuid, 'init'::text, ARRAY[NULL]::text[], 'done'::text, NULL::jsonb, NULL::text,
      jsonb_build_object('ledger_version', @ledgerversion@));
  END IF;

  PERFORM set_config('role', caller_role, true);
  PERFORM set_config('client_min_messages', caller_messages, true);
  PERFORM set_config('search_path', caller_path, true);
END;
$ledger_creation$;
