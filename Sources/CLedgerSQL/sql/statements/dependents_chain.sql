-- What must be rolled back before each of some migrations: its dependents that still stand, theirs
-- and so on, in an order that can be carried out: the longest way up first, newest first among
-- equals; and those among them that cannot be rolled back themselves. @names@: a text[] literal.
-- Name by name, kept apart by OFFSET 0, as in check.sql.
WITH RECURSIVE edge AS (
  SELECT root.name, dependent.name AS dependent, overview.sequence, overview.applied_at,
         overview.status = 'applied' AND overview.has_rollback_sql AS has_way_back
    FROM (SELECT DISTINCT unnest(@names@::text[])) AS root(name)
    JOIN LATERAL (
           SELECT o.*
             FROM @extschema@.migration_overview AS o
            WHERE o.migration_name = root.name
           OFFSET 0
         ) AS overview ON true
   CROSS JOIN unnest(overview.dependents) AS dependent(name)
  UNION
  SELECT edge.dependent, dependent.name, overview.sequence, overview.applied_at,
         overview.status = 'applied' AND overview.has_rollback_sql
    FROM edge
    JOIN LATERAL (
           SELECT o.*
             FROM @extschema@.migration_overview AS o
            WHERE o.migration_name = edge.dependent
           OFFSET 0
         ) AS overview ON true
   -- A row for each, also for those on which nothing depends: they have a place in the order too.
   CROSS JOIN unnest(
     CASE WHEN overview.dependents = '{}' THEN ARRAY[NULL] ELSE overview.dependents END
   ) AS dependent(name)
),
step AS (
  SELECT DISTINCT edge.name, edge.sequence, edge.applied_at, edge.has_way_back
    FROM edge
),
chain AS (
  SELECT edge.name AS root, edge.dependent AS name, 1 AS depth
    FROM edge
   WHERE edge.name = ANY (@names@::text[])
     AND edge.dependent IS NOT NULL
  UNION
  SELECT chain.root, edge.dependent, chain.depth + 1
    FROM chain
    JOIN edge ON edge.name = chain.name AND edge.dependent IS NOT NULL
   -- The ledger refuses cycles; one that was forced in must not turn for ever here.
   WHERE chain.depth < (SELECT count(*) FROM step)
),
deepest AS (
  SELECT chain.root, chain.name, max(chain.depth) AS depth
    FROM chain
   GROUP BY chain.root, chain.name
)
SELECT deepest.root,
       json_agg(deepest.name ORDER BY deepest.depth DESC, step.sequence DESC NULLS LAST,
         step.applied_at DESC NULLS LAST, deepest.name COLLATE "C" DESC) AS dependents,
       coalesce(
         json_agg(deepest.name ORDER BY deepest.name COLLATE "C")
           FILTER (WHERE NOT step.has_way_back),
         '[]') AS stuck
  FROM deepest
  JOIN step ON step.name = deepest.name
 GROUP BY deepest.root;
