-- The names in the order of application, with what an index or the row itself tells. The newest ones come
-- from migration_history_sequence_idx: migration_overview would group all dependencies first.
-- No security_barrier, which would keep the index from being used; what a role may see does not
-- depend on the row, so the planner asks once, above everything that reads the table.
CREATE OR REPLACE VIEW @extschema@.migration_order AS
SELECT
  history.migration_name,
  history.status,
  (history.metadata ->> 'sequence')::numeric AS sequence,
  history.applied_at,
  history.checksum,
  history.metadata ? 'evidence' AS is_registered,
  CASE history.metadata ->> 'section_style'
    WHEN 'file' THEN COALESCE(history.metadata ->> 'rollback_checksum', '')
  END AS rollback_file_checksum,
  history.rollback_at,
  history.rollback_by,
  history.metadata ? 'resolved' AS is_resolved
FROM @extschema@.migration_history AS history
WHERE (SELECT visibility.visible FROM @extschema@.migration_visibility AS visibility);

COMMENT ON VIEW @extschema@.migration_order IS
  'migration-manager: names, status and sequence; newest first by an index';
