-- Between two migrations of one transaction: SET CONSTRAINTS ALL IMMEDIATE, which checked those of
-- the first, stays in force; what is initially deferred is set DEFERRED again for the second.
-- By name, as there is no other way. A name that also stands for a constraint of another kind in its
-- schema is left out: SET CONSTRAINTS means all of that name, and refuses one not deferrable.
DO $ledger$
DECLARE
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
  names pg_catalog.text;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  SELECT string_agg(format('%I.%I', namespace.nspname, deferred.conname), ', ')
    INTO names
    FROM (
           SELECT DISTINCT c.connamespace, c.conname FROM pg_constraint AS c WHERE c.condeferred
         ) AS deferred
    JOIN pg_namespace AS namespace ON namespace.oid = deferred.connamespace
   WHERE NOT pg_is_other_temp_schema(namespace.oid)
     AND has_schema_privilege(namespace.oid, 'USAGE')
     AND NOT EXISTS (
           SELECT
             FROM pg_constraint AS other
            WHERE other.connamespace = deferred.connamespace
              AND other.conname = deferred.conname
              AND NOT other.condeferred);
  IF names IS NOT NULL THEN
    EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED';
  END IF;
  PERFORM set_config('search_path', caller_path, true);
END;
$ledger$;
