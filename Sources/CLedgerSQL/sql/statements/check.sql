-- What the ledger says of some migrations. @names@: a text[] literal.
-- Name by name, kept apart by OFFSET 0: = ANY over the view would group all dependencies there are.
SELECT overview.migration_name,
       overview.status,
       overview.can_rollback,
       overview.reason,
       to_json(overview.dependents) AS dependents,
       overview.checksum,
       overview.metadata
  FROM (SELECT DISTINCT unnest(@names@::text[])) AS wanted(name)
  JOIN LATERAL (
         SELECT o.*
           FROM @extschema@.migration_overview AS o
          WHERE o.migration_name = wanted.name
         OFFSET 0
       ) AS overview ON true;
