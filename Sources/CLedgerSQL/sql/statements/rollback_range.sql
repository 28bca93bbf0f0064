-- Which migrations a rollback to a point means: all that stand after it by sequence, newest first.
-- @to@: a name or a version that stays, or NULL; @version@: its version where it may be one, else
-- NULL; of several with that version all stay. @last@: how many at most, or NULL for all.
-- Leaves them for the statements that follow, as text[], in the settings migration_manager.names and
-- migration_manager.versions (Supabase's, as runner_rows.sql takes them). Yields the status of what
-- is to stay, {name: status}, and where the order of versions would mean others: the names that only
-- that order means and those that only the sequence means.
WITH named AS (
  SELECT h.migration_name
    FROM @extschema@.migration_history AS h
   WHERE h.migration_name = @to@::text
),
target AS (
  SELECT h.migration_name, h.status, h.migration_version, h.applied_at,
         (h.metadata ->> 'sequence')::numeric AS sequence
    FROM @extschema@.migration_history AS h
   WHERE h.migration_name IN (SELECT named.migration_name FROM named)
      OR (
           NOT EXISTS (SELECT FROM named)
           AND @version@::text IS NOT NULL
           AND @extschema@.migration_version_number(h.migration_version)
             = @extschema@.migration_version_number(@version@::text)
         )
),
point AS (
  SELECT t.*
    FROM target AS t
   WHERE t.status = 'applied'
   ORDER BY t.sequence DESC NULLS LAST, t.applied_at DESC NULLS LAST,
            t.migration_name COLLATE "C" DESC
   LIMIT 1
),
meant AS (
  SELECT o.migration_name, o.sequence, o.applied_at
    FROM @extschema@.migration_order AS o
   WHERE o.status <> 'rolled_back'
     AND (
           @to@::text IS NULL
           OR EXISTS (
                SELECT
                  FROM point AS p
                 -- Without a sequence is before all that have one.
                 WHERE (o.sequence IS NOT NULL, coalesce(o.sequence, 0),
                        coalesce(o.applied_at, '-infinity'), o.migration_name COLLATE "C")
                     > (p.sequence IS NOT NULL, coalesce(p.sequence, 0),
                        coalesce(p.applied_at, '-infinity'), p.migration_name COLLATE "C")
              )
         )
   ORDER BY o.sequence DESC NULLS LAST, o.applied_at DESC NULLS LAST,
            o.migration_name COLLATE "C" DESC
   LIMIT @last@::bigint
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
),
listed AS (
  SELECT coalesce(
           array_agg(m.migration_name ORDER BY m.sequence DESC NULLS LAST,
             m.applied_at DESC NULLS LAST, m.migration_name COLLATE "C" DESC),
           '{}') AS names
    FROM meant AS m
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
                    SELECT m.migration_name FROM meant AS m
                  ) AS d
         )
       END AS only_by_version,
       CASE
         WHEN @to@::text IS NULL AND @last@::bigint IS NULL THEN '[]'
         ELSE (
           SELECT coalesce(json_agg(d.migration_name ORDER BY d.migration_name COLLATE "C"), '[]')
             FROM (
                    SELECT m.migration_name FROM meant AS m
                    EXCEPT
                    SELECT v.migration_name FROM meant_by_version AS v
                  ) AS d
         )
       END AS only_by_sequence
  FROM listed AS l;
