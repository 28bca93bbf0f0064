-- For a rollback that means all after a point, the last ones or all: raises MM005 where a migration was
-- applied after the plan was made, under which the others would be taken away.
-- @newest@: the newest of those that were planned, a text literal.
DO $ledger$
DECLARE
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
  newer pg_catalog.text;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  SELECT o.migration_name
    INTO newer
    FROM @extschema@.migration_order AS o
   WHERE o.status <> 'rolled_back'
     AND o.sequence > (
           SELECT planned.sequence
             FROM @extschema@.migration_order AS planned
            WHERE planned.migration_name = @newest@
         )
   ORDER BY o.sequence DESC NULLS LAST, o.applied_at DESC NULLS LAST,
            o.migration_name COLLATE "C" DESC
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" was applied meanwhile', newer),
      HINT = 'run the command again: it plans anew';
  END IF;
  PERFORM set_config('search_path', caller_path, true);
END;
$ledger$;
