-- What must be rolled back before each of some migrations: its applied dependents, theirs and so
-- on, newest first. @names@: a text[] literal.
WITH RECURSIVE chain AS (
  SELECT root.migration_name AS root, dependent.name
    FROM @extschema@.migration_overview AS root,
         unnest(root.dependents) AS dependent(name)
   WHERE root.migration_name = ANY (@names@::text[])
  UNION
  SELECT chain.root, dependent.name
    FROM chain
    JOIN @extschema@.migration_overview AS step ON step.migration_name = chain.name,
         unnest(step.dependents) AS dependent(name)
)
SELECT chain.root,
       json_agg(chain.name ORDER BY step.sequence DESC NULLS LAST) AS dependents
  FROM chain
  JOIN @extschema@.migration_overview AS step ON step.migration_name = chain.name
 GROUP BY chain.root;
