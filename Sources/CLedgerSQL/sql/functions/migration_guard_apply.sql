-- The last check before a migration is applied, in its transaction, under the lock: what the plan
-- was made of may have changed since. One that somebody else applied is no fault, and has an
-- SQLSTATE of its own: it is passed over.
-- p_after: the migration that was applied last when the plan was made, or by this run; NULL for none.
-- Where it was rolled back meanwhile, as by a deployment that takes back what a cancelled one brought,
-- nothing may come after what is gone.
CREATE OR REPLACE FUNCTION @extschema@.migration_guard_apply(
  p_migration_name text,
  p_depends_on text[],
  p_after text
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
DECLARE
  recorded_status text;
  is_half_done boolean;
  status_of_last text;
  unapplied text;
BEGIN
  -- In one statement: to begin and end one takes longer than a look. Nearly always nothing is half
  -- done, and the index that tells it is empty.
  SELECT
    (
      SELECT history.status
      FROM @extschema@.migration_history AS history
      WHERE history.migration_name = p_migration_name
      FOR UPDATE
    ),
    EXISTS (
      SELECT
      FROM @extschema@.migration_steps AS step
      WHERE step.is_open AND step.direction = 'rollback'),
    (
      SELECT history.status
      FROM @extschema@.migration_history AS history
      WHERE history.migration_name = p_after
    )
  INTO recorded_status, is_half_done, status_of_last;

  IF recorded_status = 'applied' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM013',
      MESSAGE = format('migration "%s" was applied meanwhile', p_migration_name);
  ELSIF recorded_status = 'failed' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is failed: its last rollback did not succeed', p_migration_name),
      HINT = format('run ''migration-manager check %s''', p_migration_name);
  END IF;

  IF is_half_done THEN
    PERFORM @extschema@.migration_check_half_done('{}'::text[]);
  END IF;

  IF status_of_last = 'rolled_back' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" was rolled back meanwhile', p_after),
      HINT = 'run ''migration-manager migrate'' again: it plans anew';
  END IF;

  IF cardinality(p_depends_on) > 0 THEN
    SELECT needed.name
    INTO unapplied
    FROM unnest(p_depends_on) WITH ORDINALITY AS needed(name, place)
    WHERE COALESCE(
      (
        SELECT history.status
        FROM @extschema@.migration_history AS history
        WHERE history.migration_name = needed.name
      ),
      'rolled_back') = 'rolled_back'
    ORDER BY needed.place
    LIMIT 1;

    IF unapplied IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM005',
        MESSAGE = format(
          'migration "%s", on which "%s" depends, is not applied any more', unapplied,
          p_migration_name),
        HINT = 'run ''migration-manager migrate'' again: it plans anew';
    END IF;
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_guard_apply(text, text[], text) IS
  'migration-manager: raises MM013 where a migration is applied already, MM005 where it must not be';
