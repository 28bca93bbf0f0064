-- May the caller see the ledger? The owner's role and the roles that init --reader and
-- --operator allowed may; they are kept in the policies, so that grants alone, such as a
-- blanket GRANT SELECT ON ALL TABLES IN SCHEMA public TO anon, open nothing.
-- A view and not a function: the views that ask it need no EXECUTE for their readers.
-- Names are looked up, not joined: on a fresh connection each catalog more costs planning time in
-- every query of every view.
CREATE OR REPLACE VIEW @extschema@.migration_visibility AS
SELECT
  pg_has_role(history.relowner, 'USAGE')
  OR EXISTS (
    SELECT
    FROM pg_policy AS policy
    CROSS JOIN unnest(policy.polroles) AS allowed(role)
    WHERE (policy.polrelid, policy.polname) IN (
        (
          to_regclass(format('%I.migration_dependencies', @extschemaname@)),
          'migration_manager_read'),
        (to_regclass(format('%I.migration_history', @extschemaname@)), 'migration_manager_write'))
      -- Role 0 is PUBLIC: only an administrator's own ALTER POLICY puts it there.
      AND (allowed.role = 0 OR pg_has_role(allowed.role, 'USAGE'))
  ) AS visible
FROM pg_class AS history
WHERE history.oid = to_regclass(format('%I.migration_history', @extschemaname@));

COMMENT ON VIEW @extschema@.migration_visibility IS
  'migration-manager: whether the current role may see the ledger; asked by the other views';
