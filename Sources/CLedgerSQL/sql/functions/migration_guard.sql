-- The last check before rollbacks run, in their transaction, under the lock: the migrations in the
-- order in which they will be rolled back. The rows are locked first: what migration_overview then
-- says cannot change any more before the commit.
-- A dependent that is rolled back earlier in the same transaction blocks nothing.
-- What runs without a transaction, and what is half rolled back, is none of this: see
-- migration_begin_steps.
-- p_rollback_checksums: of the SQL that was shown, name by name; NULL for whatever is recorded.
-- DETAIL names every refused migration: a JSON array of {"name", "reason", "status", "dependents"}.
CREATE OR REPLACE FUNCTION @extschema@.migration_guard(
  p_migration_names text[],
  p_rollback_checksums text[] DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  -- An object is searched by halves: looking names up in the array would be quadratic.
  places jsonb;
  locked_count bigint;
  visible_count bigint;
  refusals jsonb;
  refused_names text;
BEGIN
  PERFORM @extschema@.migration_check_half_done(p_migration_names);

  PERFORM
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name = ANY (p_migration_names)
  FOR UPDATE;
  GET DIAGNOSTICS locked_count = ROW_COUNT;

  SELECT jsonb_object_agg(given.name, given.place)
  INTO places
  FROM unnest(p_migration_names) WITH ORDINALITY AS given(name, place);

  SELECT
    count(overview.migration_name),
    jsonb_agg(
      jsonb_build_object(
        'name', given.name,
        'reason', verdict.refusal,
        'status', overview.status,
        'dependents', COALESCE(standing.dependents, '[]'))
      ORDER BY given.place) FILTER (WHERE verdict.refusal IS NOT NULL),
    string_agg(given.name, ' ' ORDER BY given.place) FILTER (WHERE verdict.refusal IS NOT NULL)
  INTO visible_count, refusals, refused_names
  FROM unnest(p_migration_names, p_rollback_checksums)
    WITH ORDINALITY AS given(name, checksum, place)
  LEFT JOIN LATERAL (
    SELECT
      migration.migration_name, migration.status, migration.dependents, migration.can_rollback,
      migration.has_rollback_sql, migration.reason,
      migration.metadata ->> 'rollback_transaction' = 'none' AS is_stepwise
    FROM @extschema@.migration_overview AS migration
    WHERE migration.migration_name = given.name
    OFFSET 0
  ) AS overview ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(dependent.name ORDER BY dependent.place) AS dependents
    FROM unnest(overview.dependents) WITH ORDINALITY AS dependent(name, place)
    WHERE ((places ->> dependent.name)::bigint < given.place) IS NOT TRUE
  ) AS standing ON true
  LEFT JOIN LATERAL (
    SELECT format(
      'Its rollback stopped at statement %s of %s', count(step.finished_at) + 1,
      max(step.statement_count)) AS words
    FROM @extschema@.migration_steps AS step
    WHERE step.is_open
      AND step.migration_name = given.name
      AND step.direction = 'rollback'
    HAVING count(*) > 0
  ) AS stopped ON true
  LEFT JOIN @extschema@.migration_history AS history
    ON given.checksum IS NOT NULL
    AND history.migration_name = given.name
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN overview.migration_name IS NULL
        THEN 'Migration not found'
      -- What stood on it is gone by then: the rule of migration_overview that comes next.
      WHEN overview.status = 'applied'
        AND overview.dependents <> '{}'
        AND standing.dependents IS NULL
        AND NOT overview.has_rollback_sql
        THEN 'No rollback SQL defined for this migration'
      WHEN NOT overview.can_rollback
        AND (
          overview.status <> 'applied'
          OR overview.dependents = '{}'
          OR standing.dependents IS NOT NULL)
        THEN overview.reason
      WHEN given.checksum <> encode(sha256(convert_to(history.rollback_sql, 'UTF8')), 'hex')
        THEN 'The recorded rollback SQL changed meanwhile'
      WHEN stopped.words IS NOT NULL
        THEN stopped.words
      WHEN overview.is_stepwise
        THEN 'Its rollback runs without a transaction'
    END AS refusal
  ) AS verdict;

  IF visible_count < cardinality(p_migration_names) THEN
    PERFORM @extschema@.migration_require_visible();
  END IF;
  IF locked_count < visible_count THEN
    -- Seen through the view, hidden by row security: a reader with table privileges.
    RAISE EXCEPTION USING
      ERRCODE = 'MM012',
      MESSAGE = format(
        'role "%s" may read but not write the migration ledger in schema "%s"',
        current_user, @extschemaname@),
      HINT = format(
        'ask the ledger''s owner to run ''migration-manager init --operator %s''', current_user);
  END IF;

  IF refusals IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = CASE
        WHEN jsonb_array_length(refusals) = 1 THEN refusals -> 0 ->> 'reason'
        ELSE format(
          '%s of %s migrations cannot be rolled back',
          jsonb_array_length(refusals), cardinality(p_migration_names))
      END,
      DETAIL = refusals::text,
      HINT = format('run ''migration-manager check %s''', refused_names);
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_guard(text[], text[]) IS
  'migration-manager: raises MM005 with the reasons where migrations cannot be rolled back';
