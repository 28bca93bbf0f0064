-- Whether a process of this database is still in the middle of a statement of a run, after its client
-- lost the connection. The query of a process of the same role can be seen by every role, and begins
-- with the comment that names the run. The run's own process on a direct connection is so until it is
-- gone: where it waits, the statement may be on its way to it still, so it is ended. @run@: the run's
-- uuid.
SELECT EXISTS (
  SELECT
  FROM pg_catalog.pg_stat_activity AS activity
  WHERE activity.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    AND activity.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
    AND activity.state OPERATOR(pg_catalog.=) 'active'
    AND pg_catalog.strpos(activity.query, @run@::pg_catalog.text) OPERATOR(pg_catalog.>) 0
) OR (
  SELECT pg_catalog.count(
      CASE WHEN activity.state OPERATOR(pg_catalog.<>) 'active'
        THEN pg_catalog.pg_terminate_backend(activity.pid)
        ELSE false
      END) OPERATOR(pg_catalog.>) 0
  FROM @extschema@.migration_lease AS lease
  CROSS JOIN LATERAL pg_catalog.pg_stat_get_activity(lease.pid) AS activity
  WHERE lease.run_id OPERATOR(pg_catalog.=) @run@::pg_catalog.uuid
    AND lease.is_direct
    AND activity.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
    AND activity.backend_start OPERATOR(pg_catalog.=) lease.backend_start
) AS is_at_work;
