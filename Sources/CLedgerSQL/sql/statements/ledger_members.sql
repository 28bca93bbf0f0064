-- Part of ledger_glance.sql: or it is a role that the owner let in. A superuser is none: he has the
-- owner's rights, and to plan this takes a fresh backend longer than to plan all the rest of a read.
        OR (
          has_schema_privilege(history.relnamespace, 'USAGE')
          AND (
            SELECT bool_and(has_table_privilege(
              to_regclass(format('%I.%I', @extschemaname@, needed.name)), needed.privilege))
            FROM (
              VALUES
                ('read', 'migration_overview', 'SELECT'),
                ('read', 'migration_order', 'SELECT'),
                ('read', 'migration_event_log', 'SELECT'),
                ('write', 'migration_history', 'SELECT'),
                ('write', 'migration_history', 'INSERT'),
                ('write', 'migration_history', 'UPDATE'),
                ('write', 'migration_dependencies', 'SELECT'),
                ('write', 'migration_dependencies', 'INSERT'),
                ('write', 'migration_dependencies', 'DELETE'),
                ('write', 'migration_events', 'INSERT')
            ) AS needed(requirement, name, privilege)
            WHERE needed.requirement IN ('read', @requirement@)
          )
          AND (
            SELECT count(*) >= CASE @requirement@ WHEN 'read' THEN 1 ELSE 3 END
            FROM (
              VALUES
                ('read', 'migration_dependencies', 'migration_manager_read'),
                ('read', 'migration_history', 'migration_manager_write'),
                ('write', 'migration_history', 'migration_manager_write'),
                ('write', 'migration_dependencies', 'migration_manager_write'),
                ('write', 'migration_events', 'migration_manager_write')
            ) AS needed(requirement, name, policy)
            WHERE needed.requirement = @requirement@
              AND EXISTS (
                SELECT
                FROM pg_policy AS policy
                CROSS JOIN unnest(policy.polroles) AS allowed(role)
                WHERE policy.polrelid = to_regclass(format('%I.%I', @extschemaname@, needed.name))
                  AND policy.polname = needed.policy
                  AND (allowed.role = 0 OR pg_has_role(allowed.role, 'USAGE')))
          )
        )
