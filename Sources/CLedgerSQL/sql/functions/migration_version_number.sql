-- A version as a number of any length: '2025_10_20' and '20251020' are the same.
-- Anything but digits counts as 0. statements/version_number.sql says the same of a row, in the index
-- and in what is to go down it: a function with a setting of its own is planned anew for each row that
-- is written.
CREATE OR REPLACE FUNCTION @extschema@.migration_version_number(p_version text)
RETURNS numeric
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $ledger$
  SELECT CASE
    WHEN translate(p_version, '-_', '') ~ '^[0-9]+$' THEN translate(p_version, '-_', '')::numeric
    ELSE 0
  END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_version_number(text) IS
  'migration-manager: a version as a number, for ordering';
