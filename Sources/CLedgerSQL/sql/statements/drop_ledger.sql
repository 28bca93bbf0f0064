-- Drops what statements/ledger_inventory.sql found, and nothing else: without CASCADE, the server
-- refuses (2BP01) where something of others depends on it. Each kind in one command, which sorts
-- out what they need of each other.
DO $ledger$
DECLARE
  inventory CONSTANT jsonb := current_setting('migration_manager.inventory')::jsonb;
  command text;
BEGIN
  -- Not under a run that goes statement by statement and needs it again in a moment.
  IF has_table_privilege(
    to_regclass(format('%I.migration_lease', @extschemaname@)), 'SELECT')
  THEN
@check_lease@
  END IF;

  FOR command IN
    SELECT dropped.command
    FROM (
      SELECT
        1 AS place,
        'DROP VIEW ' || string_agg(format('%I.%I', @extschemaname@, listed.name), ', ') AS command
      FROM jsonb_array_elements_text(inventory -> 'views') AS listed(name)
      UNION ALL
      SELECT
        2,
        'DROP TABLE '
          || string_agg(format('%I.%I', @extschemaname@, listed.entry ->> 'name'), ', ')
      FROM jsonb_array_elements(inventory -> 'tables') AS listed(entry)
      UNION ALL
      SELECT
        3,
        -- Signatures of our own list, in the server's own words.
        'DROP FUNCTION ' || string_agg(format('%I.%s', @extschemaname@, listed.signature), ', ')
      FROM jsonb_array_elements_text(inventory -> 'functions') AS listed(signature)
      UNION ALL
      SELECT 4, format('DROP SCHEMA %I', @extschemaname@)
      WHERE (inventory -> 'drops_schema')::boolean
    ) AS dropped
    WHERE dropped.command IS NOT NULL
    ORDER BY dropped.place
  LOOP
    EXECUTE command;
  END LOOP;
END;
$ledger$;
