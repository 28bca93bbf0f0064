-- The audit trail for readers: without the rollback SQL, and without the error's own record,
-- which quotes the failing statement and may quote rows.
CREATE OR REPLACE VIEW @extschema@.migration_event_log WITH (security_barrier) AS
SELECT
  event.id,
  event.run_id,
  event.occurred_at,
  event.operation,
  event.migration_name,
  event.outcome,
  event.role_name,
  event.os_user,
  event.host,
  event.tool_version,
  event.duration_ms,
  event.checksum,
  event.up_checksum,
  event.error,
  event.reason,
  event.details - 'error' AS details
FROM @extschema@.migration_events AS event
WHERE (SELECT visibility.visible FROM @extschema@.migration_visibility AS visibility);

COMMENT ON VIEW @extschema@.migration_event_log IS
  'migration-manager: the audit trail without SQL texts';
