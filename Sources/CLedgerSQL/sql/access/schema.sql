-- Asked for first: CREATE SCHEMA IF NOT EXISTS wants the right to create even where it exists.
DO $ledger$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = @extschemaname@) THEN
    CREATE SCHEMA @extschema@;
    COMMENT ON SCHEMA @extschema@ IS 'migration-manager: ledger of migrations';
  END IF;
END;
$ledger$;
