-- Writes an event for each of some migrations, in the order given; p_migration_names is
-- ARRAY[NULL] for an event that concerns none. What is known of a migration is taken from its row
-- as it stands now.
-- p_client: {"os_user", "host", "tool_version", "reason", "details"}, any may be absent.
-- Where the caller has no run or client to pass on (init, grants), they are taken from the
-- settings that statements/session_run.sql made for the transaction.
-- Here and everywhere: a function of the ledger is called with every argument and its exact type.
-- Only then can no overload, which others may plant, be the better match.
CREATE OR REPLACE FUNCTION @extschema@.migration_record_events(
  p_run_id uuid,
  p_operation text,
  p_migration_names text[],
  p_outcome text,
  p_client jsonb,
  p_error text DEFAULT NULL,
  p_details jsonb DEFAULT '{}'
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  client jsonb := COALESCE(
    p_client, NULLIF(current_setting('migration_manager.client', true), '')::jsonb, '{}');
BEGIN
  INSERT INTO @extschema@.migration_events (
    run_id, operation, migration_name, outcome, os_user, host, tool_version, duration_ms,
    checksum, rollback_sql, up_checksum, error, reason, details)
  SELECT
    COALESCE(
      p_run_id,
      NULLIF(current_setting('migration_manager.run_id', true), '')::uuid,
      gen_random_uuid()),
    p_operation,
    given.name,
    p_outcome,
    client ->> 'os_user',
    client ->> 'host',
    client ->> 'tool_version',
    round(
      (extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::numeric, 3),
    history.checksum,
    CASE WHEN p_operation IN ('rollback', 'forget') THEN history.rollback_sql END,
    history.metadata ->> 'up_checksum',
    p_error,
    client ->> 'reason',
    NULLIF(
      COALESCE(NULLIF(client -> 'details', 'null'), '{}') || COALESCE(p_details, '{}'), '{}')
  FROM unnest(p_migration_names) WITH ORDINALITY AS given(name, place)
  LEFT JOIN @extschema@.migration_history AS history ON history.migration_name = given.name
  ORDER BY given.place;
END;
$ledger$;

COMMENT ON FUNCTION
  @extschema@.migration_record_events(uuid, text, text[], text, jsonb, text, jsonb) IS
  'migration-manager: appends events to the audit trail';
