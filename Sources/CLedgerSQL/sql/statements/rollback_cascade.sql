-- Some migrations and all that stand on them, by migration_rollback_cascade. @names@: a text[] literal.
-- Leaves them for the statements that follow, as rollback_range.sql does.
WITH listed AS MATERIALIZED (
  SELECT @extschema@.migration_rollback_cascade(@names@::text[]) AS names
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
