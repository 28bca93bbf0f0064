-- The lock of functions/migration_lock.sql, for init, when there are no functions yet: the
-- block of that function's that does it stands here for the placeholder.
-- An init and a rollback exclude each other.
DO $ledger$
DECLARE
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);

@advisory_lock@

  PERFORM set_config('search_path', caller_path, true);
END;
$ledger$;
