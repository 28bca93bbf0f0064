-- What was applied, and what became of it: one row a migration.
-- These columns exactly, because people query them; all else stands in metadata.
CREATE TABLE IF NOT EXISTS @extschema@.migration_history (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  migration_name text NOT NULL UNIQUE,
  migration_version text NOT NULL,
  applied_at timestamptz DEFAULT now(),
  applied_by text DEFAULT current_user,
  rollback_sql text,
  checksum text,
  status text NOT NULL DEFAULT 'applied' CHECK (status IN ('applied', 'rolled_back', 'failed')),
  rollback_at timestamptz,
  rollback_by text,
  notes text,
  metadata jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX IF NOT EXISTS migration_history_status_idx
  ON @extschema@.migration_history (status);

CREATE INDEX IF NOT EXISTS migration_history_version_idx
  ON @extschema@.migration_history (migration_version);

CREATE INDEX IF NOT EXISTS migration_history_applied_at_idx
  ON @extschema@.migration_history (applied_at);

-- Newest first, as migration_order and lists read it.
CREATE INDEX IF NOT EXISTS migration_history_sequence_idx
  ON @extschema@.migration_history (
    ((metadata ->> 'sequence')::numeric) DESC NULLS LAST,
    applied_at DESC NULLS LAST,
    migration_name COLLATE "C" DESC);

-- The order of versions, as migration_version_number compares them.
CREATE INDEX IF NOT EXISTS migration_history_version_order_idx
  ON @extschema@.migration_history (
    (
@version_number@
    ),
    migration_name COLLATE "C");

-- The few rows that wait for a name to be registered; migration_register looks for them.
CREATE INDEX IF NOT EXISTS migration_history_unregistered_idx
  ON @extschema@.migration_history (migration_name)
  WHERE metadata ? 'unregistered_dependencies';

COMMENT ON TABLE @extschema@.migration_history IS
  'migration-manager ledger, version @ledgerversion@: one row for each migration that was applied';
COMMENT ON COLUMN @extschema@.migration_history.migration_name IS
  'file name without .sql';
COMMENT ON COLUMN @extschema@.migration_history.migration_version IS
  'leading digits of the name';
COMMENT ON COLUMN @extschema@.migration_history.rollback_sql IS
  'what a rollback runs, word for word';
COMMENT ON COLUMN @extschema@.migration_history.checksum IS
  'SHA-256 of the migration file, as sha256sum prints it';
COMMENT ON COLUMN @extschema@.migration_history.status IS
  'applied, rolled_back, or failed: a rollback was tried, failed and changed nothing';
COMMENT ON COLUMN @extschema@.migration_history.notes IS
  'the error of a failed rollback';
COMMENT ON COLUMN @extschema@.migration_history.metadata IS
  'sequence (order of application), search_path, checksums of the parts, and what else is known';
