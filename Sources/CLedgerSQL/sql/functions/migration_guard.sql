-- The last check before a rollback runs, in its transaction, under the lock. The row is locked
-- first: what migration_overview then says cannot change any more before the commit.
CREATE OR REPLACE FUNCTION @extschema@.migration_guard(
  p_migration_name text,
  p_rollback_checksum text DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  recorded_sql text;
  is_locked boolean;
  overview record;
  refusal text;
BEGIN
  SELECT history.rollback_sql
  INTO recorded_sql
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name = p_migration_name
  FOR UPDATE;
  is_locked := FOUND;

  SELECT migration.status, migration.can_rollback, migration.reason, migration.dependents
  INTO overview
  FROM @extschema@.migration_overview AS migration
  WHERE migration.migration_name = p_migration_name;

  IF NOT FOUND THEN
    PERFORM @extschema@.migration_require_visible();
    refusal := 'Migration not found';
  ELSIF NOT is_locked THEN
    -- Seen through the view, hidden by row security: a reader with table privileges.
    RAISE EXCEPTION USING
      ERRCODE = 'MM012',
      MESSAGE = format(
        'role "%s" may read but not write the migration ledger in schema "%s"',
        current_user, @extschemaname@),
      HINT = format(
        'ask the ledger''s owner to run ''migration-manager init --operator %s''', current_user);
  ELSIF NOT overview.can_rollback THEN
    refusal := overview.reason;
  ELSIF p_rollback_checksum IS NOT NULL
    AND p_rollback_checksum <> encode(sha256(convert_to(recorded_sql, 'UTF8')), 'hex')
  THEN
    refusal := 'The recorded rollback SQL changed meanwhile';
  END IF;

  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = refusal,
      DETAIL = jsonb_build_object(
        'reason', refusal,
        'status', overview.status,
        'dependents', COALESCE(to_jsonb(overview.dependents), '[]'))::text,
      HINT = format('run ''migration-manager check %s''', p_migration_name);
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_guard(text, text) IS
  'migration-manager: raises MM005 with the reason where a migration cannot be rolled back';
