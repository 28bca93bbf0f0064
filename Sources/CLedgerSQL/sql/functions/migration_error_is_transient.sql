-- Errors that say nothing about the rollback SQL: trying again may do. PostgreSQL manual,
-- appendix A: lock not available, serialization failure, deadlock, query cancelled,
-- server shutting down or starting, connection exceptions, insufficient resources.
CREATE OR REPLACE FUNCTION @extschema@.migration_error_is_transient(p_sqlstate text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $ledger$
  SELECT COALESCE(p_sqlstate ~ '^(55P03|40001|40P01|57014|57P0.|08...|53...)$', false);
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_error_is_transient(text) IS
  'migration-manager: whether an SQLSTATE tells of a passing trouble; then the status stays';
