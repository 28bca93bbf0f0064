-- Descriptions of the schema at one moment, as {kind, identity, definition} objects.
CREATE TABLE IF NOT EXISTS @extschema@.migration_snapshots (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  migration_name text NOT NULL,
  description text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by text NOT NULL DEFAULT current_user,
  server_version text NOT NULL,
  objects jsonb NOT NULL
);

CREATE INDEX IF NOT EXISTS migration_snapshots_migration_name_idx
  ON @extschema@.migration_snapshots (migration_name, created_at);

COMMENT ON TABLE @extschema@.migration_snapshots IS
  'migration-manager: snapshots of the schema, made by create_migration_snapshot';
COMMENT ON COLUMN @extschema@.migration_snapshots.objects IS
  'array of {"kind", "identity", "definition"}, without OIDs, sorted';
