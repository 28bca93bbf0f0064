-- What the ledger says of some migrations. @names@: a text[] literal.
-- A column for each key of metadata that is read: an odd one does not hide the others.
-- Name by name, kept apart by OFFSET 0: = ANY over the view would group all dependencies there are.
SELECT overview.migration_name,
       overview.status,
       overview.can_rollback,
       overview.reason,
       to_json(overview.dependents) AS dependents,
       overview.checksum,
       overview.metadata ->> 'up_checksum' AS up_checksum,
       overview.metadata ->> 'rollback_checksum' AS rollback_checksum,
       overview.metadata ->> 'up_code_checksum' AS up_code_checksum,
       overview.metadata ->> 'rollback_code_checksum' AS rollback_code_checksum,
       overview.metadata ->> 'search_path' AS search_path,
       overview.metadata ->> 'irreversible' AS irreversible,
       overview.metadata ? 'evidence' AS is_registered,
       overview.metadata ->> 'rollback_transaction' AS rollback_transaction
  FROM (SELECT DISTINCT unnest(@names@::text[])) AS wanted(name)
  JOIN LATERAL (
         SELECT o.*
           FROM @extschema@.migration_overview AS o
          WHERE o.migration_name = wanted.name
         OFFSET 0
       ) AS overview ON true;
