-- What stands in this database beside the ledger, in one row:
-- has_other_runner: whether a runner whose ledger is looked into keeps one here: then a file without a
--   row of ours may be applied all the same. Also where it may not be read: that it is there is enough
-- holds_relations: whether there is a table, view or the like that is neither the system's, nor an
--   extension's, nor the ledger's
-- runner_tables: the tables that go by the names of well-known runners' ledgers, a JSON array; by
--   name alone, none of them is read. Supabase's own services keep theirs in schemas of their own.
SELECT EXISTS (
         SELECT
           FROM (
@tables@
                ) AS ledger
       ) AS has_other_runner,
       EXISTS (
         SELECT
           FROM pg_class AS class
           JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
          -- What initdb made has a lower one.
          WHERE class.oid >= 16384
            AND class.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND class.relpersistence <> 't'
            AND namespace.nspname !~ '^(pg_|information_schema$)'
            AND NOT (
                  namespace.nspname = @extschemaname@
                  AND class.relname IN (
                        'migration_history', 'migration_dependencies', 'migration_events',
                        'migration_snapshots', 'migration_visibility', 'migration_overview',
                        'migration_order', 'migration_event_log'))
            AND NOT EXISTS (
                  SELECT
                    FROM pg_depend AS part
                   WHERE part.classid = 'pg_class'::regclass
                     AND part.objid = class.oid
                     AND part.deptype = 'e')) AS holds_relations,
       (SELECT coalesce(
                 json_agg(
                   format('%I.%I', namespace.nspname, class.relname)
                   ORDER BY namespace.nspname, class.relname),
                 '[]')
          FROM pg_class AS class
          JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
         WHERE class.relkind IN ('r', 'p')
           AND class.relpersistence <> 't'
           AND class.relname = ANY (ARRAY[
                 '_prisma_migrations', '__diesel_schema_migrations', '__drizzle_migrations',
                 '_sqlx_migrations', 'alembic_version', 'atlas_schema_revisions', 'changes',
                 'databasechangelog', 'django_migrations', 'flyway_schema_history',
                 'goose_db_version', 'gorp_migrations', 'knex_migrations', 'migrations',
                 'pgmigrations', 'refinery_schema_history', 'schema_migration',
                 'schema_migrations', 'SequelizeMeta'])
           AND CASE class.relname
                 WHEN 'changes' THEN namespace.nspname = 'sqitch'
                 WHEN 'migrations' THEN namespace.nspname IN ('graphile_migrate', 'pgroll')
                 ELSE namespace.nspname
                   !~ '^(pg_|_|information_schema$|auth$|storage$|realtime$)'
               END) AS runner_tables;
