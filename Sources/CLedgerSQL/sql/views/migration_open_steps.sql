-- How far what runs without a transaction has got, where it is half done; for readers too.
-- is_at_work: whether the run that has the lease seems to be at it. It is for reading, and cheap: what
-- decides is migration_check_lease. By the key: without it the planner expects so many leases that the
-- server would compile the query, which takes longer than all else.
-- No security_barrier, as migration_order.
CREATE OR REPLACE VIEW @extschema@.migration_open_steps AS
SELECT
  step.migration_name,
  step.direction,
  step.statement_no,
  step.statement_count,
  step.checksum,
  step.started_at,
  step.finished_at,
  step.error,
  step.observation,
  step.run_id,
  EXISTS (
    SELECT
    FROM @extschema@.migration_lease AS lease
    WHERE lease.is_only
      AND lease.migration_name = step.migration_name
      AND lease.direction = step.direction
      AND CASE
        WHEN lease.is_direct THEN EXISTS (
          SELECT
          FROM pg_stat_get_activity(lease.pid) AS backend
          WHERE pg_get_userbyid(backend.usesysid) = lease.role_name)
        ELSE lease.expires_at > clock_timestamp() OR EXISTS (
          SELECT
          FROM pg_stat_get_activity(NULL) AS backend
          WHERE backend.state = 'active' AND strpos(backend.query, lease.run_id::text) > 0)
      END) AS is_at_work
FROM (
  SELECT journal.* FROM @extschema@.migration_steps AS journal WHERE journal.is_open
) AS step
WHERE (SELECT visibility.visible FROM @extschema@.migration_visibility AS visibility);

COMMENT ON VIEW @extschema@.migration_open_steps IS
  'migration-manager: the statements of what is half applied or half rolled back';
