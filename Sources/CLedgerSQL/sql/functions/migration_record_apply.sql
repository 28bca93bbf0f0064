-- Records a migration that has just been applied, in its own transaction: both are committed or
-- neither. p_migration: {"name", "version", "rollback_sql", "checksum", "metadata": {...},
-- "depends_on": [names]}, as migration_register takes it.
-- p_schemas: the schemas of the connection's search path, for a migration whose metadata tells none:
-- asked for once it was applied, since it may have made one of them.
-- The order of application is what happened: the next number, whatever the version. No evidence is
-- kept, since none was needed: a row with 'evidence' in metadata came from register or sync.
-- Every look-up goes down an index, also by plans made while the tables were small: a thousand
-- migrations may be applied in one session.
-- A row that was rolled back is revived: of its metadata what a person wrote stays.
CREATE OR REPLACE FUNCTION @extschema@.migration_record_apply(
  p_run_id uuid,
  p_migration jsonb,
  p_client jsonb,
  p_schemas name[]
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
AS $ledger$
DECLARE
  name CONSTANT text := p_migration ->> 'name';
  client CONSTANT jsonb := COALESCE(p_client, '{}');
  given jsonb;
  is_given_up boolean;
  is_half_applied boolean;
  status_before text;
  last_sequence numeric;
  is_waited_for boolean;
BEGIN
  -- In one statement: to begin and end one takes longer than a look. The sequence is whole, where a
  -- hand has written a fraction. Nearly always nobody waits for a name, and the index that tells it is
  -- empty.
  SELECT
    own.metadata || CASE
      WHEN own.metadata ? 'search_path' THEN '{}'
      ELSE jsonb_build_object(
        'search_path',
        (
          SELECT COALESCE(
            string_agg(
              '"' || replace(path.schema, '"', '""') || '"', ', ' ORDER BY path.place), '')
          FROM unnest(p_schemas) WITH ORDINALITY AS path(schema, place)
        ))
    END,
    EXISTS (
      SELECT
      FROM @extschema@.migration_events AS event
      WHERE event.migration_name = name
        AND event.outcome = 'fail'
        AND event.run_id = p_run_id),
    EXISTS (
      SELECT
      FROM @extschema@.migration_steps AS step
      WHERE step.is_open AND step.migration_name = name),
    (
      SELECT history.status
      FROM @extschema@.migration_history AS history
      WHERE history.migration_name = name
    ),
    (
      SELECT floor((history.metadata ->> 'sequence')::numeric)
      FROM @extschema@.migration_history AS history
      WHERE (history.metadata ->> 'sequence')::numeric < 'NaN'
      ORDER BY
        (history.metadata ->> 'sequence')::numeric DESC NULLS LAST,
        history.applied_at DESC NULLS LAST,
        history.migration_name COLLATE "C" DESC
      LIMIT 1
    ),
    EXISTS (
      SELECT
      FROM @extschema@.migration_history AS history
      WHERE history.metadata ? 'unregistered_dependencies')
  INTO given, is_given_up, is_half_applied, status_before, last_sequence, is_waited_for
  FROM (
    VALUES (COALESCE(NULLIF(p_migration -> 'metadata', 'null'), '{}') - 'search_path_from_file')
  ) AS own(metadata);

  -- A client that lost its connection has told its user that nothing was changed, and has left this
  -- event: a query string that arrives after that must not make it untrue.
  IF is_given_up THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = 'this run was given up: its client lost the connection';
  END IF;

  -- What runs statement by statement has closed its journal before.
  IF is_half_applied THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is half applied', name),
      HINT = format(
        'run ''migration-manager migrate'' with the file as it was then, or undo by hand what it did '
          'and run ''migration-manager resolve %s --rolled-back''',
        name);
  END IF;

  INSERT INTO @extschema@.migration_history AS history (
    migration_name, migration_version, rollback_sql, checksum, status, metadata)
  VALUES (
    name,
    COALESCE(p_migration ->> 'version', ''),
    p_migration ->> 'rollback_sql',
    p_migration ->> 'checksum',
    'applied',
    given || jsonb_build_object('sequence', COALESCE(last_sequence, 0) + 1))
  ON CONFLICT (migration_name) DO UPDATE
  SET migration_version = excluded.migration_version,
    applied_at = excluded.applied_at,
    applied_by = excluded.applied_by,
    rollback_sql = excluded.rollback_sql,
    checksum = excluded.checksum,
    status = 'applied',
    rollback_at = NULL,
    rollback_by = NULL,
    notes = NULL,
    metadata = (history.metadata - ARRAY[
        'up_checksum', 'rollback_checksum', 'up_code_checksum', 'rollback_code_checksum',
        'section_style', 'section_line', 'search_path', 'irreversible', 'reverts',
        'up_transaction', 'rollback_transaction', 'evidence', 'forced', 'assumed', 'resolved'])
      || excluded.metadata;

  IF status_before IS NOT NULL OR p_migration -> 'depends_on' <> '[]' THEN
    PERFORM @extschema@.migration_set_dependencies(
      name,
      ARRAY(
        SELECT needed.name
        FROM jsonb_array_elements_text(
          COALESCE(NULLIF(p_migration -> 'depends_on', 'null'), '[]')) AS needed(name)));
  END IF;
  IF is_waited_for THEN
    PERFORM @extschema@.migration_adopt_dependents(name);
  END IF;

  -- As migration_record_events does for many, which looks each up again.
  INSERT INTO @extschema@.migration_events (
    run_id, operation, migration_name, outcome, os_user, host, tool_version, duration_ms,
    checksum, up_checksum, reason, details)
  VALUES (
    p_run_id, 'migrate', name, 'applied',
    client ->> 'os_user', client ->> 'host', client ->> 'tool_version',
    round(
      (extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::numeric, 3),
    p_migration ->> 'checksum', given ->> 'up_checksum', client ->> 'reason',
    NULLIF(
      COALESCE(NULLIF(client -> 'details', 'null'), '{}')
        || jsonb_strip_nulls(jsonb_build_object('status_before', status_before)),
      '{}'));
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_record_apply(uuid, jsonb, jsonb, name[]) IS
  'migration-manager: records that a migration was applied';
