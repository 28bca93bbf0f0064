-- What a rollback to a point leaves standing: the migration of that name, else all of that version.
-- is_point: the last applied of them, after which the rollback begins; none where none is applied.
-- p_version: the point's version where it may be one, else NULL.
CREATE OR REPLACE FUNCTION @extschema@.migration_rollback_point(
  p_to text,
  p_version text
)
RETURNS TABLE (
  migration_name text,
  status text,
  migration_version text,
  applied_at timestamptz,
  sequence numeric,
  is_point boolean
)
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH target AS (
    SELECT
      history.migration_name, history.status, history.migration_version, history.applied_at,
      (history.metadata ->> 'sequence')::numeric AS sequence
    FROM @extschema@.migration_history AS history
    WHERE history.migration_name = p_to
      OR (
        p_version IS NOT NULL
        AND @extschema@.migration_version_number(history.migration_version)
          = @extschema@.migration_version_number(p_version)
        AND NOT EXISTS (
          SELECT
          FROM @extschema@.migration_history AS named
          WHERE named.migration_name = p_to))
  )
  SELECT
    target.migration_name, target.status, target.migration_version, target.applied_at,
    target.sequence,
    target.status = 'applied'
      AND row_number() OVER (
        PARTITION BY target.status
        ORDER BY
          target.sequence DESC NULLS LAST,
          target.applied_at DESC NULLS LAST,
          target.migration_name COLLATE "C" DESC) = 1
  FROM target;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_rollback_point(text, text) IS
  'migration-manager: what a rollback to a point leaves standing';
