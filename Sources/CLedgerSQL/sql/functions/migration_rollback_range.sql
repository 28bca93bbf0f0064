-- Which migrations a rollback to a point means now: all that stand after it by sequence, newest
-- first. The rule stands here and nowhere else: the plan is made by it, and the last check before
-- the rollback, under the lock.
-- p_to, p_version: the point, as migration_rollback_point takes it; p_to NULL for all.
-- p_last: how many at most, or NULL for all.
CREATE OR REPLACE FUNCTION @extschema@.migration_rollback_range(
  p_to text,
  p_version text,
  p_last bigint
)
RETURNS text[]
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  -- A statement of its own: what is not run is not planned, which on a fresh connection takes longer
  -- than to run it.
  IF p_to IS NULL THEN
    RETURN ARRAY(
      SELECT history.migration_name
      FROM @extschema@.migration_history AS history
      WHERE history.status <> 'rolled_back'
      ORDER BY
        (history.metadata ->> 'sequence')::numeric DESC NULLS LAST,
        history.applied_at DESC NULLS LAST,
        history.migration_name COLLATE "C" DESC
      LIMIT p_last);
  END IF;

  RETURN ARRAY(
    SELECT standing.migration_name
    FROM @extschema@.migration_order AS standing
    WHERE standing.status <> 'rolled_back'
      AND EXISTS (
        SELECT
        FROM @extschema@.migration_rollback_point(p_to, p_version) AS point
        WHERE point.is_point
          -- Without a sequence is before all that have one.
          AND (
            standing.sequence IS NOT NULL, COALESCE(standing.sequence, 0),
            COALESCE(standing.applied_at, '-infinity'), standing.migration_name COLLATE "C")
          > (
            point.sequence IS NOT NULL, COALESCE(point.sequence, 0),
            COALESCE(point.applied_at, '-infinity'), point.migration_name COLLATE "C"))
    ORDER BY
      standing.sequence DESC NULLS LAST,
      standing.applied_at DESC NULLS LAST,
      standing.migration_name COLLATE "C" DESC
    LIMIT p_last);
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_rollback_range(text, text, bigint) IS
  'migration-manager: the names that a rollback to a point means, newest first';
