-- Who runs statement by statement: one row at most. A lock would be let go at each COMMIT, and a
-- session's lock breaks behind poolers; this row excludes other runs for the whole of it, without a
-- snapshot that CREATE INDEX CONCURRENTLY would wait for. migration_refuse_lease tells whether its
-- holder is alive; who needs the ledger takes it from a dead one.
CREATE TABLE IF NOT EXISTS @extschema@.migration_lease (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  run_id uuid NOT NULL,
  migration_name text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('up', 'rollback')),
  statement_no integer NOT NULL,
  role_name name NOT NULL,
  pid integer NOT NULL,
  backend_start timestamptz,
  is_direct boolean NOT NULL,
  os_user text,
  host text,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);

COMMENT ON TABLE @extschema@.migration_lease IS
  'migration-manager: the run that goes statement by statement now; excludes all others';
COMMENT ON COLUMN @extschema@.migration_lease.role_name IS
  'the role that connected';
COMMENT ON COLUMN @extschema@.migration_lease.backend_start IS
  'when the process pid was started; null where the role may not see it';
COMMENT ON COLUMN @extschema@.migration_lease.is_direct IS
  'whether the process pid serves this run alone: false behind a pooler';
