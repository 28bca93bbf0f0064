-- While something is half applied or half rolled back, no other rollback runs, and while a rollback is
-- half done, nothing is applied: what stands is neither the schema before it nor the one after. What is
-- half rolled back goes on, whatever else is half done: there is a way out of everything.
-- p_migration_names: those that are to be rolled back.
CREATE OR REPLACE FUNCTION @extschema@.migration_check_half_done(p_migration_names text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  half_done record;
BEGIN
  -- The rollback comes first: it may be what goes on, and is what stands against applying.
  SELECT step.migration_name AS name, step.direction
  INTO half_done
  FROM @extschema@.migration_steps AS step
  WHERE step.is_open
  ORDER BY
    step.direction <> 'rollback', step.migration_name = ANY (p_migration_names), step.id
  LIMIT 1;

  IF half_done.direction = 'rollback' AND half_done.name <> ALL (p_migration_names) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is half rolled back', half_done.name),
      HINT = format(
        'finish it with ''migration-manager rollback %1$s'', or undo the rest by hand and run '
          '''migration-manager resolve %1$s --rolled-back''',
        half_done.name);
  ELSIF half_done.direction = 'up' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM005',
      MESSAGE = format('migration "%s" is half applied', half_done.name),
      HINT = format(
        'finish it with ''migration-manager migrate'', or undo by hand what is there and run '
          '''migration-manager resolve %s --rolled-back''',
        half_done.name);
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_check_half_done(text[]) IS
  'migration-manager: raises MM005 where another migration is half applied or half rolled back';
