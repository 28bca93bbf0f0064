-- The audit trail, append-only. The migration's name is plain text, no foreign key:
-- what happened stays on record when the migration itself is renamed or forgotten.
CREATE TABLE IF NOT EXISTS @extschema@.migration_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  operation text NOT NULL,
  migration_name text,
  outcome text NOT NULL,
  role_name text NOT NULL DEFAULT current_user,
  os_user text,
  host text,
  tool_version text,
  duration_ms numeric,
  checksum text,
  rollback_sql text,
  up_checksum text,
  error text,
  reason text,
  details jsonb
);

-- After a lost connection the run's id decides whether its transaction was committed.
CREATE INDEX IF NOT EXISTS migration_events_run_id_idx
  ON @extschema@.migration_events (run_id);

CREATE INDEX IF NOT EXISTS migration_events_migration_name_idx
  ON @extschema@.migration_events (migration_name);

-- The first query of every connection looks for this event.
CREATE INDEX IF NOT EXISTS migration_events_init_idx
  ON @extschema@.migration_events (operation)
  WHERE operation = 'init';

-- Few, and looked for often: has this run been given up, what is a migration's last error?
CREATE INDEX IF NOT EXISTS migration_events_failure_idx
  ON @extschema@.migration_events (migration_name)
  WHERE outcome = 'fail';

-- The few that tell of other names; statements/history.sql looks for them.
CREATE INDEX IF NOT EXISTS migration_events_rename_idx
  ON @extschema@.migration_events (operation)
  WHERE operation = 'rename';

COMMENT ON TABLE @extschema@.migration_events IS
  'migration-manager: audit trail, append-only: who did what, when, from where, with which outcome';
COMMENT ON COLUMN @extschema@.migration_events.run_id IS
  'one invocation that writes; made by the client';
COMMENT ON COLUMN @extschema@.migration_events.rollback_sql IS
  'the rollback SQL that was run, or was recorded of a migration that is forgotten';
COMMENT ON COLUMN @extschema@.migration_events.duration_ms IS
  'milliseconds since the transaction began';
