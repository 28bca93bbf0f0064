-- Where a migration stands in the order of application. Later than every recorded one: the next
-- number. Older: directly before the row of the next later version, so that rows registered by
-- this function are always in the order of their versions.
-- Whole numbers, for people to read. Where there is none free, the later rows move up by 1000
-- once. An older one is placed right beside the neighbour that was registered just before it: a
-- run of them, upwards or downwards, then fills such a gap one by one.
-- Every look-up goes down an index, also by plans made while the table was small.
CREATE OR REPLACE FUNCTION @extschema@.migration_next_sequence(
  p_migration_name text,
  p_migration_version text
)
RETURNS numeric
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_sort = off
AS $ledger$
DECLARE
  version_number numeric := @extschema@.migration_version_number(p_migration_version);
  following numeric;
  following_name text;
  preceding numeric;
  registered_last text;
BEGIN
  SELECT (history.metadata ->> 'sequence')::numeric, history.migration_name
  INTO following, following_name
  FROM @extschema@.migration_history AS history
  WHERE (
      (
@version_number@
      ),
      history.migration_name COLLATE "C"
    ) > (version_number, p_migration_name COLLATE "C")
    -- Rows that people inserted by hand may have no sequence.
    AND history.metadata ->> 'sequence' IS NOT NULL
  ORDER BY
    (
@version_number@
    ),
    history.migration_name COLLATE "C"
  LIMIT 1;

  SELECT (history.metadata ->> 'sequence')::numeric
  INTO preceding
  FROM @extschema@.migration_history AS history
  WHERE history.migration_name <> p_migration_name
    AND (history.metadata ->> 'sequence')::numeric < COALESCE(following, 'NaN')
  ORDER BY
    (history.metadata ->> 'sequence')::numeric DESC NULLS LAST,
    history.applied_at DESC NULLS LAST,
    history.migration_name COLLATE "C" DESC
  LIMIT 1;

  IF following IS NULL THEN
    RETURN COALESCE(floor(preceding), 0) + 1;
  END IF;
  IF preceding IS NULL THEN
    RETURN ceil(following) - 1;
  END IF;

  IF floor(preceding) + 1 >= following THEN
    UPDATE @extschema@.migration_history AS history
    SET metadata = jsonb_set(
      history.metadata, '{sequence}',
      to_jsonb((history.metadata ->> 'sequence')::numeric + 1000))
    WHERE (history.metadata ->> 'sequence')::numeric >= following;
    following := following + 1000;
  END IF;

  SELECT event.migration_name
  INTO registered_last
  FROM @extschema@.migration_events AS event
  ORDER BY event.id DESC
  LIMIT 1;

  RETURN CASE
    WHEN registered_last = following_name THEN ceil(following) - 1
    ELSE floor(preceding) + 1
  END;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_next_sequence(text, text) IS
  'migration-manager: the sequence number for a migration that is registered now';
