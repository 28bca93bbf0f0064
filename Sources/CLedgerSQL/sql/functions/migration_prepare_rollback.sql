-- What execute_migration_rollback must know before it runs anything, found under a safe
-- search_path. Takes lock and guard, unless it is a dry run; a refusal is an answer here,
-- the lock held by another is an error that the caller must notice.
CREATE OR REPLACE FUNCTION @extschema@.migration_prepare_rollback(
  p_migration_name text,
  p_dry_run boolean,
  OUT migration_name text,
  OUT refusal text,
  OUT rollback_sql text,
  OUT recorded_search_path text
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
#variable_conflict use_column
BEGIN
  PERFORM @extschema@.migration_require_visible();
  migration_name := regexp_replace(p_migration_name, '[.]sql$', '');

  IF p_dry_run THEN
    SELECT CASE WHEN NOT checked.can_rollback THEN checked.reason END
    INTO refusal
    FROM @extschema@.can_rollback_migration(p_migration_name) AS checked;
  ELSE
    PERFORM @extschema@.migration_lock();
    -- A function runs in its caller's transaction.
    SELECT format(
      'Rollback failed: it runs without a transaction: use ''migration-manager rollback %s''',
      overview.migration_name)
    INTO refusal
    FROM @extschema@.migration_overview AS overview
    WHERE overview.migration_name = migration_prepare_rollback.migration_name
      AND overview.can_rollback
      AND overview.metadata ->> 'rollback_transaction' = 'none';
    IF FOUND THEN
      RETURN;
    END IF;

    BEGIN
      PERFORM @extschema@.migration_guard(ARRAY[COALESCE(migration_name, '')], NULL::text[]);
    EXCEPTION
      WHEN SQLSTATE 'MM005' THEN
        refusal := SQLERRM;
    END;
  END IF;

  IF refusal IS NULL THEN
    SELECT history.rollback_sql, history.metadata ->> 'search_path'
    INTO rollback_sql, recorded_search_path
    FROM @extschema@.migration_history AS history
    WHERE history.migration_name = migration_prepare_rollback.migration_name;
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_prepare_rollback(text, boolean) IS
  'migration-manager: lock, guard and rollback SQL for execute_migration_rollback';
