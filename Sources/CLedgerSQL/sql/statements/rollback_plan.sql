-- What check.sql says, and the SQL that a rollback would run. @names@: a text[] literal.
SELECT overview.migration_name,
       overview.status,
       overview.can_rollback,
       overview.reason,
       to_json(overview.dependents) AS dependents,
       overview.checksum,
       overview.metadata,
       h.rollback_sql
  FROM (SELECT DISTINCT unnest(@names@::text[])) AS wanted(name)
  JOIN LATERAL (
         SELECT o.*
           FROM @extschema@.migration_overview AS o
          WHERE o.migration_name = wanted.name
         OFFSET 0
       ) AS overview ON true
  JOIN @extschema@.migration_history AS h ON h.migration_name = overview.migration_name;
