-- Puts a role on the list that a policy holds. ALTER POLICY ... TO replaces the whole list.
-- Returns whether the role is new there.
CREATE OR REPLACE FUNCTION @extschema@.migration_allow_role(
  p_table name,
  p_policy name,
  p_role name
)
RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  role_oid oid := (SELECT role.oid FROM pg_roles AS role WHERE role.rolname = p_role);
  allowed oid[];
BEGIN
  IF role_oid IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('role "%s" does not exist', p_role),
      HINT = 'create it with CREATE ROLE, or check the name with ''psql -c "' || chr(92) || 'du"''';
  END IF;

  SELECT policy.polroles
  INTO allowed
  FROM pg_policy AS policy
  JOIN pg_class AS ledger_table ON ledger_table.oid = policy.polrelid
  JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = ledger_table.relnamespace
  WHERE ledger_schema.nspname = @extschemaname@
    AND ledger_table.relname = p_table
    AND policy.polname = p_policy;

  IF role_oid = ANY (allowed) THEN
    RETURN false;
  END IF;

  EXECUTE format(
    'ALTER POLICY %I ON %I.%I TO %s',
    p_policy, @extschemaname@, p_table,
    (
      SELECT string_agg(
        CASE WHEN member.role = 0 THEN 'PUBLIC' ELSE member.role::regrole::text END, ', ')
      FROM unnest(allowed || role_oid) AS member(role)));
  RETURN true;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_allow_role(name, name, name) IS
  'migration-manager: adds a role to the list of a policy';
