-- Row security without a policy shows an empty table and no error: "nothing applied" would be
-- a dangerous answer for a role that may not look. The init event stands in every ledger.
CREATE OR REPLACE FUNCTION @extschema@.migration_require_visible()
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  visible boolean;
BEGIN
  SELECT bool_and(has_table_privilege(relation.oid, 'SELECT'))
  INTO visible
  FROM pg_class AS relation
  JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = relation.relnamespace
  WHERE ledger_schema.nspname = @extschemaname@
    AND relation.relname IN ('migration_overview', 'migration_event_log');

  IF visible THEN
    visible := EXISTS (
      SELECT FROM @extschema@.migration_event_log AS event WHERE event.operation = 'init');
  END IF;

  IF NOT visible THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM003',
      MESSAGE = format(
        'role "%s" cannot see the migration ledger in schema "%s"',
        current_user, @extschemaname@),
      HINT = format(
        'ask the ledger''s owner to run ''migration-manager init --reader %s''', current_user);
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_require_visible() IS
  'migration-manager: raises MM003 where the current role cannot see the ledger';
