-- May the caller see the ledger? The owner's role and the roles that init --reader and
-- --operator allowed may; they are kept in the policies, so that grants alone, such as a
-- blanket GRANT SELECT ON ALL TABLES IN SCHEMA public TO anon, open nothing.
-- A view and not a function: the views that ask it need no EXECUTE for their readers.
CREATE OR REPLACE VIEW @extschema@.migration_visibility AS
SELECT
  pg_has_role(history.relowner, 'USAGE')
  OR EXISTS (
    SELECT
    FROM pg_policy AS policy
    JOIN pg_class AS ledger_table ON ledger_table.oid = policy.polrelid
    CROSS JOIN unnest(policy.polroles) AS allowed(role)
    WHERE ledger_table.relnamespace = history.relnamespace
      AND (ledger_table.relname, policy.polname) IN (
        ('migration_dependencies', 'migration_manager_read'),
        ('migration_history', 'migration_manager_write'))
      -- Role 0 is PUBLIC: only an administrator's own ALTER POLICY puts it there.
      AND (allowed.role = 0 OR pg_has_role(allowed.role, 'USAGE'))
  ) AS visible
FROM pg_class AS history
JOIN pg_namespace AS ledger_schema ON ledger_schema.oid = history.relnamespace
WHERE history.relname = 'migration_history'
  AND ledger_schema.nspname = @extschemaname@;

COMMENT ON VIEW @extschema@.migration_visibility IS
  'migration-manager: whether the current role may see the ledger; asked by the other views';
