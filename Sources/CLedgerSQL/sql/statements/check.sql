-- What the ledger says of some migrations. @names@: a text[] literal.
SELECT o.migration_name,
       o.status,
       o.can_rollback,
       o.reason,
       to_json(o.dependents) AS dependents,
       o.checksum,
       o.metadata
  FROM @extschema@.migration_overview AS o
 WHERE o.migration_name = ANY (@names@::text[]);
