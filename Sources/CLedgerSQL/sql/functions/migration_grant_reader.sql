-- init --reader ROLE: what list, check, status and history need, without the SQL texts.
-- The list of readers is kept in a policy on migration_dependencies, which holds nothing
-- secret: on a table with SQL in it, a blanket grant of SELECT would then show it to readers.
CREATE OR REPLACE FUNCTION @extschema@.migration_grant_reader(p_role name)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  is_new boolean := @extschema@.migration_allow_role(
    'migration_dependencies'::name, 'migration_manager_read'::name, p_role);
BEGIN
  IF NOT has_schema_privilege(p_role, @extschemaname@, 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', @extschemaname@, p_role);
  END IF;

  EXECUTE format(
    'GRANT SELECT ON %1$I.migration_overview, %1$I.migration_order, %1$I.migration_event_log, '
      '%1$I.migration_open_steps TO %2$I',
    @extschemaname@, p_role);
  EXECUTE format(
    'GRANT EXECUTE ON FUNCTION %1$I.can_rollback_migration(text), '
      '%1$I.list_rollbackable_migrations(), %1$I.migration_require_visible() TO %2$I',
    @extschemaname@, p_role);

  IF is_new THEN
    PERFORM @extschema@.migration_record_events(
      NULL::uuid, 'grant'::text, ARRAY[NULL]::text[], 'done'::text, NULL::jsonb, NULL::text,
      jsonb_build_object('role', p_role, 'access', 'reader'));
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_grant_reader(name) IS
  'migration-manager: lets a role read the ledger, without the SQL texts';
