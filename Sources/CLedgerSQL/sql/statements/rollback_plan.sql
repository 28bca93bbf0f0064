-- What check.sql says, and the SQL that a rollback would run. @names@: a text[] literal.
SELECT o.migration_name,
       o.status,
       o.can_rollback,
       o.reason,
       to_json(o.dependents) AS dependents,
       o.checksum,
       o.metadata,
       h.rollback_sql
  FROM @extschema@.migration_overview AS o
  JOIN @extschema@.migration_history AS h ON h.migration_name = o.migration_name
 WHERE o.migration_name = ANY (@names@::text[]);
