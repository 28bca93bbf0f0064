-- Takes migrations off the ledgers of other runners, in the transaction of their rollback: deletes
-- Supabase's row, as 'supabase migration repair --status reverted' does, and marks Prisma's as
-- rolled back. @rows@: a JSON array of {"runner", "schema", "migration", "version"}.
-- Leaves what is needed to put it back in the setting migration_manager.removed_rows, for the
-- event: no SQL texts, which may hold what readers of the audit trail may not see.
-- Raises MM005 where the table is not what the plan saw.
DO $ledger$
DECLARE
  wanted_rows CONSTANT pg_catalog.jsonb := @rows@;
  caller_path CONSTANT pg_catalog.text := pg_catalog.current_setting('search_path');
  caller_row_security CONSTANT pg_catalog.text := pg_catalog.current_setting('row_security');
  removed pg_catalog.jsonb := '[]';
  wanted pg_catalog.record;
  ledger pg_catalog.record;
  gone pg_catalog.jsonb;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  PERFORM set_config('row_security', 'off', true);
  FOR wanted IN
    SELECT w.runner, w.schema, w.migration, w.version,
           CASE w.runner WHEN 'supabase' THEN 'schema_migrations' ELSE '_prisma_migrations' END
             AS table_name
      FROM jsonb_to_recordset(wanted_rows)
             AS w(runner text, schema text, migration text, version text)
  LOOP
    -- From here on nobody can change its owner or give it a trigger.
    EXECUTE format(
      'LOCK TABLE ONLY %I.%I IN ROW EXCLUSIVE MODE', wanted.schema, wanted.table_name);
    SELECT runner_table.*
      INTO ledger
      FROM (
@tables@
           ) AS runner_table
     WHERE runner_table.runner = wanted.runner AND runner_table.schema = wanted.schema;
    IF NOT FOUND OR ledger.stranger IS NOT NULL OR ledger.reaction IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM005',
        MESSAGE = format(
          'The table "%s"."%s" has changed meanwhile', wanted.schema, wanted.table_name),
        HINT = 'look again with ''rollback --dry-run'', or give ''--runner-ledger keep''';
    END IF;

    EXECUTE format(
      CASE wanted.runner
        WHEN 'supabase' THEN
          'WITH gone AS (
             DELETE FROM ONLY %1$I.%2$I AS s WHERE s.version::text = $2 RETURNING to_jsonb(s) AS row
           )
           SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    ''version'', gone.row -> ''version'',
                    ''name'', gone.row -> ''name'',
                    ''created_by'', gone.row -> ''created_by'',
                    ''idempotency_key'', gone.row -> ''idempotency_key'',
                    ''statements'', script.statements,
                    ''statements_sha256'', script.checksum)))
             FROM gone
             LEFT JOIN LATERAL (
                    SELECT count(*) AS statements,
                           encode(sha256(convert_to(
                             string_agg(s.text, chr(10) ORDER BY s.number), ''UTF8'')), ''hex'')
                             AS checksum
                      FROM jsonb_array_elements_text(
                             CASE jsonb_typeof(gone.row -> ''statements'')
                               WHEN ''array'' THEN gone.row -> ''statements'' ELSE ''[]''
                             END) WITH ORDINALITY AS s(text, number)
                  ) AS script ON true'
        ELSE
          'WITH gone AS (
                UPDATE ONLY %1$I.%2$I AS p
                   SET rolled_back_at = now()
                 WHERE p.migration_name::text = $1
                   AND p.finished_at IS NOT NULL
                   AND p.rolled_back_at IS NULL
             RETURNING p.id::text AS id
           )
           SELECT jsonb_agg(jsonb_build_object(''id'', gone.id)) FROM gone'
      END,
      wanted.schema, wanted.table_name)
    INTO gone
    USING wanted.migration, wanted.version;
    removed := removed || jsonb_build_object(
      'migration', wanted.migration, 'runner', wanted.runner, 'table', ledger.identity,
      'removed', coalesce(gone, '[]'));
  END LOOP;
  PERFORM set_config('migration_manager.removed_rows', removed::text, true);
  PERFORM set_config('row_security', caller_row_security, true);
  PERFORM set_config('search_path', caller_path, true);
END;
$ledger$;
