-- Records migrations that are applied and have no row, many at once.
-- p_migrations: an array of what migration_register takes, in the order of their versions; the
-- rules are the same.
-- Returns the names that it recorded, in that order: one that is missing got a row from another
-- session meanwhile, and is left alone.
-- Those later than every recorded one are inserted as a set and numbered by their place in the array,
-- which needs no sorting of megabytes; one that another session recorded meanwhile leaves a gap.
-- An older one is rare: it goes the way of migration_register, which finds it a place between the
-- others.
-- Names are looked up by scalar subqueries, which no plan can turn into a join: where the statistics
-- are of a ledger that was empty, the planner joins all with all. They ask for a column that stands
-- in no index beside the name: it would read such an index from end to end.
CREATE OR REPLACE FUNCTION @extschema@.migration_sync(
  p_run_id uuid,
  p_migrations jsonb,
  p_client jsonb
)
RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  last_number numeric;
  last_name text;
  last_sequence numeric;
  half_applied record;
  older record;
  older_count bigint := 0;
  waiting record;
  dependents jsonb;
  client jsonb := COALESCE(p_client, '{}');
BEGIN
  PERFORM @extschema@.migration_lock();

  -- What is half applied goes the way of migration_register, which refuses it unless it is forced.
  FOR half_applied IN
    SELECT DISTINCT step.migration_name AS name
    FROM @extschema@.migration_steps AS step
    WHERE step.is_open
      AND step.direction = 'up'
      AND NOT EXISTS (
        SELECT FROM @extschema@.migration_history AS history
        WHERE history.migration_name = step.migration_name)
  LOOP
    FOR older IN
      SELECT given.migration
      FROM jsonb_array_elements(p_migrations) AS given(migration)
      WHERE given.migration ->> 'name' = half_applied.name
    LOOP
      PERFORM @extschema@.migration_register(
        p_run_id, older.migration || '{"operation": "sync"}', p_client);
      RETURN NEXT half_applied.name;
    END LOOP;
  END LOOP;

  SELECT
    (
@version_number@
    ),
    history.migration_name
  INTO last_number, last_name
  FROM @extschema@.migration_history AS history
  WHERE history.metadata ->> 'sequence' IS NOT NULL
  ORDER BY
    (
@version_number@
    ) DESC,
    history.migration_name COLLATE "C" DESC
  LIMIT 1;

  IF last_number IS NOT NULL THEN
    FOR older IN
      SELECT
        given.migration ->> 'name' AS name,
        @extschema@.migration_version_number(COALESCE(given.migration ->> 'version', '')) AS number,
        given.migration
      FROM jsonb_array_elements(p_migrations) WITH ORDINALITY AS given(migration, place)
      ORDER BY given.place
    LOOP
      EXIT WHEN (older.number, older.name COLLATE "C") > (last_number, last_name COLLATE "C");
      older_count := older_count + 1;
      CONTINUE WHEN EXISTS (
        SELECT FROM @extschema@.migration_history AS history
        WHERE history.migration_name = older.name);
      PERFORM @extschema@.migration_register(
        p_run_id, older.migration || '{"operation": "sync"}', p_client);
      RETURN NEXT older.name;
    END LOOP;
  END IF;

  -- Whole, where a hand has written a fraction. Only now: placing the older ones may have moved the later ones up.
  last_sequence := COALESCE(
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
    0);

  INSERT INTO @extschema@.migration_history (
    migration_name, migration_version, rollback_sql, checksum, status, metadata)
  SELECT
    given.name, given.version, given.rollback_sql, given.checksum, 'applied',
    (COALESCE(NULLIF(given.metadata, 'null'), '{}') - 'search_path_from_file')
      || jsonb_build_object(
        'sequence',
        last_sequence + given.place - older_count)
  FROM (
    SELECT
      element.place,
      element.migration ->> 'name' AS name,
      COALESCE(element.migration ->> 'version', '') AS version,
      element.migration ->> 'rollback_sql' AS rollback_sql,
      element.migration ->> 'checksum' AS checksum,
      element.migration -> 'metadata' AS metadata
    FROM jsonb_array_elements(p_migrations) WITH ORDINALITY AS element(migration, place)
  ) AS given
  WHERE (
    SELECT history.id
    FROM @extschema@.migration_history AS history
    WHERE history.migration_name = given.name) IS NULL;

  -- What they depend on: a key where that has a row, else kept until it has one. Most depend on
  -- nothing, and each look at all of the documents takes as long as reading them: a path finds those
  -- few without taking the others apart.
  SELECT jsonb_agg(given.migration)
  INTO dependents
  FROM jsonb_path_query(p_migrations, '$[*] ? (exists (@.depends_on[*]))') AS given(migration);

  IF dependents IS NOT NULL THEN
    -- In the order given: against it the trigger that looks for cycles would have long ways to walk.
    INSERT INTO @extschema@.migration_dependencies (migration_name, depends_on)
    SELECT given.migration ->> 'name', needed.name
    FROM jsonb_array_elements(dependents) AS given(migration)
    CROSS JOIN LATERAL jsonb_array_elements_text(given.migration -> 'depends_on') AS needed(name)
    WHERE (
        SELECT (history.metadata ->> 'sequence')::numeric >= last_sequence + 1
        FROM @extschema@.migration_history AS history
        WHERE history.migration_name = given.migration ->> 'name')
      AND (
        SELECT known.id
        FROM @extschema@.migration_history AS known
        WHERE known.migration_name = needed.name) IS NOT NULL
    ON CONFLICT (migration_name, depends_on) DO NOTHING;

    FOR waiting IN
      SELECT given.migration ->> 'name' AS name, jsonb_agg(DISTINCT needed.name) AS names
      FROM jsonb_array_elements(dependents) AS given(migration)
      CROSS JOIN LATERAL jsonb_array_elements_text(given.migration -> 'depends_on') AS needed(name)
      WHERE (
        SELECT known.id
        FROM @extschema@.migration_history AS known
        WHERE known.migration_name = needed.name) IS NULL
      GROUP BY given.migration ->> 'name'
    LOOP
      -- IS TRUE: found by its name, not among all by their sequence.
      UPDATE @extschema@.migration_history AS history
      SET metadata =
        history.metadata || jsonb_build_object('unregistered_dependencies', waiting.names)
      WHERE history.migration_name = waiting.name
        AND ((history.metadata ->> 'sequence')::numeric >= last_sequence + 1) IS TRUE;
    END LOOP;
  END IF;

  PERFORM @extschema@.migration_adopt_dependents(missing.name)
  FROM (
    SELECT DISTINCT needed.name
    FROM @extschema@.migration_history AS history
    CROSS JOIN LATERAL
      jsonb_array_elements_text(history.metadata -> 'unregistered_dependencies') AS needed(name)
    WHERE history.metadata ? 'unregistered_dependencies'
  ) AS missing
  WHERE (
    SELECT known.id
    FROM @extschema@.migration_history AS known
    WHERE known.migration_name = missing.name) IS NOT NULL;

  -- As migration_record_events writes them, which would look each name up again: that took a fifth of
  -- the time of this function.
  INSERT INTO @extschema@.migration_events (
    run_id, operation, migration_name, outcome, os_user, host, tool_version, duration_ms,
    checksum, up_checksum, reason, details)
  SELECT
    COALESCE(
      p_run_id,
      NULLIF(current_setting('migration_manager.run_id', true), '')::uuid,
      gen_random_uuid()),
    'sync',
    history.migration_name,
    'registered',
    client ->> 'os_user',
    client ->> 'host',
    client ->> 'tool_version',
    round(
      (extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::numeric, 3),
    history.checksum,
    history.metadata ->> 'up_checksum',
    client ->> 'reason',
    NULLIF(
      COALESCE(NULLIF(client -> 'details', 'null'), '{}')
        || CASE WHEN history.metadata -> 'assumed' = 'true' THEN '{"assumed": true}' ELSE '{}' END
          ::jsonb,
      '{}')
  FROM @extschema@.migration_history AS history
  WHERE (history.metadata ->> 'sequence')::numeric >= last_sequence + 1
  ORDER BY (history.metadata ->> 'sequence')::numeric;

  RETURN QUERY
  SELECT history.migration_name
  FROM @extschema@.migration_history AS history
  WHERE (history.metadata ->> 'sequence')::numeric >= last_sequence + 1
  ORDER BY (history.metadata ->> 'sequence')::numeric;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_sync(uuid, jsonb, jsonb) IS
  'migration-manager: records many migrations as applied that have no row yet';
