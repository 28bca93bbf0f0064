-- While a rollback is half done, nothing else is applied or rolled back: what stands is neither the
-- schema before it nor the one after. p_migration_names: those that may be half rolled back.
CREATE OR REPLACE FUNCTION @extschema@.migration_check_half_done(p_migration_names text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  half_done text;
BEGIN
  SELECT step.migration_name
  INTO half_done
  FROM @extschema@.migration_steps AS step
  WHERE step.is_open
    AND step.direction = 'rollback'
    AND step.migration_name <> ALL (p_migration_names)
  ORDER BY step.id
  LIMIT 1;

  IF half_done IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is half rolled back', half_done),
      HINT = format(
        'finish it with ''migration-manager rollback %1$s'', or undo the rest by hand and run '
          '''migration-manager resolve %1$s --rolled-back''',
        half_done);
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_check_half_done(text[]) IS
  'migration-manager: raises MM005 where another migration is half rolled back';
