-- Which migrations a rollback of some means now, where all that stand on them go as well, and on
-- those, and so on. The names that were given are in it, whatever their status.
CREATE OR REPLACE FUNCTION @extschema@.migration_rollback_cascade(p_migration_names text[])
RETURNS text[]
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
BEGIN
  RETURN ARRAY(
    WITH RECURSIVE meant AS (
      SELECT DISTINCT given.name
      FROM unnest(p_migration_names) AS given(name)
      UNION
      SELECT dependent.name
      FROM meant
      JOIN LATERAL (
        SELECT overview.dependents
        FROM @extschema@.migration_overview AS overview
        WHERE overview.migration_name = meant.name
        OFFSET 0
      ) AS standing ON true
      CROSS JOIN unnest(standing.dependents) AS dependent(name)
    )
    SELECT meant.name
    FROM meant
    ORDER BY meant.name COLLATE "C");
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_rollback_cascade(text[]) IS
  'migration-manager: some migrations and all that stand on them';
