-- Gives a migration another name and version, after its file got one. Its place in the order of
-- application stays. What depends on it follows, by the keys or by the name that it waits for.
-- The events before keep the old name; this one, under the new name, tells both.
CREATE OR REPLACE FUNCTION @extschema@.migration_rename(
  p_run_id uuid,
  p_migration_name text,
  p_new_name text,
  p_new_version text,
  p_client jsonb
)
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $ledger$
BEGIN
  PERFORM @extschema@.migration_lock();

  IF COALESCE(p_new_name, '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value', MESSAGE = 'a migration to rename needs a new name';
  END IF;

  IF EXISTS (
    SELECT
    FROM @extschema@.migration_history AS history
    WHERE history.migration_name = p_new_name)
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is recorded already', p_new_name),
      HINT = 'give a name that is not recorded, or forget that one first';
  END IF;

  IF EXISTS (
    SELECT
    FROM @extschema@.migration_steps AS step
    WHERE step.is_open AND step.migration_name IN (p_migration_name, p_new_name))
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format(
        'migration "%s" is half applied or half rolled back',
        (
          SELECT step.migration_name
          FROM @extschema@.migration_steps AS step
          WHERE step.is_open AND step.migration_name IN (p_migration_name, p_new_name)
          LIMIT 1
        )),
      HINT = '''migration-manager status'' shows how far it has got: finish or resolve it first';
  END IF;

  -- A row that was inserted by hand may still be waited for.
  PERFORM @extschema@.migration_adopt_dependents(p_migration_name);

  UPDATE @extschema@.migration_history AS history
  SET migration_name = p_new_name,
    migration_version = COALESCE(p_new_version, '')
  WHERE history.migration_name = p_migration_name;

  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM010',
      MESSAGE = format(
        'migration "%s" is not in the ledger in schema "%s"', p_migration_name, @extschemaname@),
      HINT = '''migration-manager list --all'' shows what is recorded';
  END IF;

  PERFORM @extschema@.migration_adopt_dependents(p_new_name);

  PERFORM @extschema@.migration_record_events(
    p_run_id, 'rename'::text, ARRAY[p_new_name], 'done'::text, COALESCE(p_client, '{}'),
    NULL::text, jsonb_build_object('old_name', p_migration_name));
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_rename(uuid, text, text, text, jsonb) IS
  'migration-manager: gives a recorded migration another name';
