-- Which migrations a rollback to a point means, by migration_rollback_range.
-- @to@: a name or a version that stays, or NULL; @version@: its version where it may be one, else
-- NULL; of several with that version all stay. @last@: how many at most, or NULL for all.
-- Leaves them for the statements that follow, as text[], in the settings migration_manager.names and
-- migration_manager.versions (Supabase's, as runner_rows.sql takes them). Yields the status of what
-- is to stay, {name: status}, and where the order of versions would mean others: the names that only
-- that order means and those that only the sequence means.
WITH target AS (
  SELECT t.*
    FROM @extschema@.migration_rollback_point(@to@::text, @version@::text) AS t
   -- Known when it is planned: without a point the function is not even compiled.
   WHERE @to@::text IS NOT NULL
),
point AS (
  SELECT t.migration_version, t.migration_name
    FROM target AS t
   WHERE t.is_point
),
listed AS MATERIALIZED (
  SELECT @extschema@.migration_rollback_range(@to@::text, @version@::text, @last@::bigint) AS names
),
meant_by_version AS (
  SELECT h.migration_name
    FROM @extschema@.migration_history AS h
   WHERE h.status <> 'rolled_back'
     AND (
           @to@::text IS NULL
           OR EXISTS (
                SELECT
                  FROM point AS p
                 -- As files are ordered: of one version by their names.
                 WHERE (@extschema@.migration_version_number(h.migration_version),
                        h.migration_name COLLATE "C")
                     > (@extschema@.migration_version_number(p.migration_version),
                        p.migration_name COLLATE "C")
              )
         )
   ORDER BY @extschema@.migration_version_number(h.migration_version) DESC,
            h.migration_name COLLATE "C" DESC
   LIMIT @last@::bigint
)
SELECT set_config('migration_manager.names', l.names::text, true),
       set_config(
         'migration_manager.versions',
         ARRAY(
           SELECT coalesce(substring(n.name FROM '^([0-9]+)_'), '')
             FROM unnest(l.names) WITH ORDINALITY AS n(name, place)
            ORDER BY n.place
         )::text,
         true),
       (SELECT json_object_agg(t.migration_name, t.status) FROM target AS t) AS targets,
       -- EXCEPT is linear whatever the planner believes of the sizes. All is all in any order.
       CASE
         WHEN @to@::text IS NULL AND @last@::bigint IS NULL THEN '[]'
         ELSE (
           SELECT coalesce(json_agg(d.migration_name ORDER BY d.migration_name COLLATE "C"), '[]')
             FROM (
                    SELECT v.migration_name FROM meant_by_version AS v
                    EXCEPT
                    SELECT unnest(l.names) AS migration_name
                  ) AS d
         )
       END AS only_by_version,
       CASE
         WHEN @to@::text IS NULL AND @last@::bigint IS NULL THEN '[]'
         ELSE (
           SELECT coalesce(json_agg(d.migration_name ORDER BY d.migration_name COLLATE "C"), '[]')
             FROM (
                    SELECT unnest(l.names) AS migration_name
                    EXCEPT
                    SELECT v.migration_name FROM meant_by_version AS v
                  ) AS d
         )
       END AS only_by_sequence
  FROM listed AS l;
