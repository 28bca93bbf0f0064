-- Some migrations and all that stand on them, on those, and so on. @names@: a text[] literal.
-- Leaves them for the statements that follow, as rollback_range.sql does.
WITH RECURSIVE meant AS (
  SELECT DISTINCT wanted.name FROM unnest(@names@::text[]) AS wanted(name)
  UNION
  SELECT dependent.name
    FROM meant
    JOIN LATERAL (
           SELECT o.dependents
             FROM @extschema@.migration_overview AS o
            WHERE o.migration_name = meant.name
           OFFSET 0
         ) AS overview ON true
   CROSS JOIN unnest(overview.dependents) AS dependent(name)
),
listed AS (
  SELECT array_agg(m.name ORDER BY m.name COLLATE "C") AS names FROM meant AS m
)
SELECT set_config('migration_manager.names', l.names::text, true),
       set_config(
         'migration_manager.versions',
         ARRAY(
           SELECT coalesce(substring(n.name FROM '^([0-9]+)_'), '')
             FROM unnest(l.names) WITH ORDINALITY AS n(name, place)
            ORDER BY n.place
         )::text,
         true) AS versions
  FROM listed AS l;
