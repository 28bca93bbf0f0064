-- Which migration stands on which. Names without a row in migration_history cannot be here:
-- they wait in metadata.unregistered_dependencies of the migration that names them.
CREATE TABLE IF NOT EXISTS @extschema@.migration_dependencies (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  migration_name text NOT NULL
    REFERENCES @extschema@.migration_history (migration_name) ON UPDATE CASCADE,
  depends_on text NOT NULL
    REFERENCES @extschema@.migration_history (migration_name) ON UPDATE CASCADE,
  created_at timestamptz DEFAULT now(),
  UNIQUE (migration_name, depends_on)
);

CREATE INDEX IF NOT EXISTS migration_dependencies_depends_on_idx
  ON @extschema@.migration_dependencies (depends_on);

COMMENT ON TABLE @extschema@.migration_dependencies IS
  'migration-manager: which migration depends on which; cycles are refused';
