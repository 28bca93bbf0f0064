-- Did this run finish a statement of a migration? The row was committed with it, or neither was.
-- @run@: the run's uuid. @name@: the migration. @direction@: 'up' or 'rollback'. @statement@: its
-- number.
SELECT EXISTS (
  SELECT
  FROM @extschema@.migration_steps AS step
  WHERE step.run_id OPERATOR(pg_catalog.=) @run@::pg_catalog.uuid
    AND step.migration_name OPERATOR(pg_catalog.=) @name@::pg_catalog.text
    AND step.direction OPERATOR(pg_catalog.=) @direction@::pg_catalog.text
    AND step.statement_no OPERATOR(pg_catalog.=) @statement@::pg_catalog.int4
    AND step.finished_at IS NOT NULL
) AS is_finished;
