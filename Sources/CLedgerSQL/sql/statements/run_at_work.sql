-- Whether a process of this database is still in the middle of a statement of a run, after its client
-- lost the connection. The query of a process of the same role can be seen by every role, and begins
-- with the comment that names the run. @run@: the run's uuid.
SELECT EXISTS (
  SELECT
  FROM pg_catalog.pg_stat_activity AS activity
  WHERE activity.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    AND activity.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
    AND activity.state OPERATOR(pg_catalog.=) 'active'
    AND pg_catalog.strpos(activity.query, @run@::pg_catalog.text) OPERATOR(pg_catalog.>) 0
) AS is_at_work;
