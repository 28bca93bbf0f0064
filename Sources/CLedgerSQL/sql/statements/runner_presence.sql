-- Whether other runners keep ledgers in this database: then a file without a row of ours may be
-- applied all the same. Also where theirs may not be read: that they are there is enough.
-- has_other_runner: one of those that are looked into; has_unread_runner: a table by one of the names
-- that other tools give to their lists.
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
          WHERE class.relkind IN ('r', 'p')
            AND class.relname = ANY (ARRAY[
                  'schema_migrations', 'schema_migration', 'flyway_schema_history', 'goose_db_version',
                  '__diesel_schema_migrations', '_sqlx_migrations', 'gorp_migrations',
                  'databasechangelog', 'alembic_version', 'django_migrations', 'knex_migrations',
                  'pgmigrations', 'refinery_schema_history', 'SequelizeMeta'])
            -- Supabase's own services keep theirs in schemas of their own.
            AND namespace.nspname !~ '^(pg_|_|information_schema$|auth$|storage$|realtime$)'
       ) AS has_unread_runner;
