-- Where a migration stands in the order of application. Later than every recorded one: the next
-- number. Older: directly before the first row of a later version, half-way to the row below,
-- so that no other row is rewritten. Multiplied, not divided: numeric division would round.
CREATE OR REPLACE FUNCTION @extschema@.migration_next_sequence(
  p_migration_name text,
  p_migration_version text
)
RETURNS numeric
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  following numeric;
  preceding numeric;
BEGIN
  -- The newest version is the usual case, and one look at the index of versions tells.
  PERFORM
  FROM @extschema@.migration_history AS history
  WHERE (
      @extschema@.migration_version_number(history.migration_version),
      history.migration_name COLLATE "C"
    ) > (
      @extschema@.migration_version_number(p_migration_version),
      p_migration_name COLLATE "C"
    )
  ORDER BY
    @extschema@.migration_version_number(history.migration_version),
    history.migration_name COLLATE "C"
  LIMIT 1;

  IF NOT FOUND THEN
    SELECT (history.metadata ->> 'sequence')::numeric
    INTO preceding
    FROM @extschema@.migration_history AS history
    WHERE history.migration_name <> p_migration_name
    ORDER BY (history.metadata ->> 'sequence')::numeric DESC NULLS LAST
    LIMIT 1;
    RETURN COALESCE(floor(preceding), 0) + 1;
  END IF;

  SELECT min((history.metadata ->> 'sequence')::numeric)
  INTO following
  FROM @extschema@.migration_history AS history
  WHERE (
      @extschema@.migration_version_number(history.migration_version),
      history.migration_name COLLATE "C"
    ) > (
      @extschema@.migration_version_number(p_migration_version),
      p_migration_name COLLATE "C"
    );

  SELECT max((history.metadata ->> 'sequence')::numeric)
  INTO preceding
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name <> p_migration_name
    AND (history.metadata ->> 'sequence')::numeric < following;

  RETURN CASE
    WHEN preceding IS NULL THEN ceil(following) - 1
    ELSE trim_scale((preceding + following) * 0.5)
  END;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_next_sequence(text, text) IS
  'migration-manager: the sequence number for a migration that is registered now';
