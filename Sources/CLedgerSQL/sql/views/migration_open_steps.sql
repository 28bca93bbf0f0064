-- How far what runs without a transaction has got, where it is half done; for readers too.
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
  step.run_id
FROM (
  SELECT journal.* FROM @extschema@.migration_steps AS journal WHERE journal.is_open
) AS step
WHERE (SELECT visibility.visible FROM @extschema@.migration_visibility AS visibility);

COMMENT ON VIEW @extschema@.migration_open_steps IS
  'migration-manager: the statements of what is half applied or half rolled back';
