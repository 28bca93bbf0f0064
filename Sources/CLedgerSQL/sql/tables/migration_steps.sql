-- The journal of what runs without a transaction around it, statement by statement: a row for each
-- statement that was begun. The open rows tell how far a migration or a rollback has got; they are
-- closed when that is recorded in migration_history, and stay.
-- The name is plain text, no foreign key: what is applied for the first time has no row yet.
CREATE TABLE IF NOT EXISTS @extschema@.migration_steps (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL,
  migration_name text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('up', 'rollback')),
  statement_no integer NOT NULL CHECK (statement_no > 0),
  statement_count integer NOT NULL,
  checksum text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  error text,
  observation jsonb,
  is_open boolean NOT NULL DEFAULT true
);

-- Small however long the journal is, and all that is ever looked for but by statements/step_fate.sql.
CREATE UNIQUE INDEX IF NOT EXISTS migration_steps_open_idx
  ON @extschema@.migration_steps (migration_name, direction, statement_no)
  WHERE is_open;

CREATE INDEX IF NOT EXISTS migration_steps_run_id_idx
  ON @extschema@.migration_steps (run_id);

COMMENT ON TABLE @extschema@.migration_steps IS
  'migration-manager: journal of migrations and rollbacks that run without a transaction';
COMMENT ON COLUMN @extschema@.migration_steps.run_id IS
  'the run that began it last, or saw its end';
COMMENT ON COLUMN @extschema@.migration_steps.checksum IS
  'SHA-256 of the statement without comments and white space';
COMMENT ON COLUMN @extschema@.migration_steps.finished_at IS
  'null where nobody saw its end';
COMMENT ON COLUMN @extschema@.migration_steps.observation IS
  'what the catalog showed of its object before it was begun';
COMMENT ON COLUMN @extschema@.migration_steps.is_open IS
  'whether what it is a part of is still half done';
