-- Row security on every table, with the owner alone on the lists at first: grants that come
-- from elsewhere (Supabase's default privileges, GRANT ... ON ALL TABLES) open nothing.
-- migration_manager_read lists the readers, migration_manager_write the operators. An existing
-- policy is left alone: it holds the roles that were allowed since.
DO $ledger$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT ledger_table.oid, policy.table_name, policy.policy_name, policy.command
    FROM (
      VALUES
        ('migration_dependencies', 'migration_manager_read', 'SELECT'),
        ('migration_history', 'migration_manager_write', 'ALL'),
        ('migration_dependencies', 'migration_manager_write', 'ALL'),
        ('migration_events', 'migration_manager_write', 'ALL'),
        ('migration_snapshots', 'migration_manager_write', 'ALL'),
        ('migration_steps', 'migration_manager_write', 'ALL'),
        ('migration_lease', 'migration_manager_write', 'ALL')
    ) AS policy(table_name, policy_name, command)
    JOIN pg_class AS ledger_table ON ledger_table.relname = policy.table_name
    JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = ledger_table.relnamespace
    WHERE ledger_schema.nspname = @extschemaname@
  LOOP
    EXECUTE format(
      'ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', @extschemaname@, wanted.table_name);
    CONTINUE WHEN EXISTS (
      SELECT
      FROM pg_policy AS policy
      WHERE policy.polrelid = wanted.oid AND policy.polname = wanted.policy_name);
    EXECUTE format(
      'CREATE POLICY %I ON %I.%I FOR %s TO CURRENT_USER USING (true)',
      wanted.policy_name, @extschemaname@, wanted.table_name, wanted.command);
    EXECUTE format(
      'COMMENT ON POLICY %I ON %I.%I IS %L',
      wanted.policy_name, @extschemaname@, wanted.table_name,
      CASE wanted.command
        WHEN 'ALL' THEN 'migration-manager: roles that may write the ledger'
        ELSE 'migration-manager: roles that may read the ledger, without SQL texts'
      END);
  END LOOP;
END;
$ledger$;
