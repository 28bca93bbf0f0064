-- What stands in this database beside the ledger, in one row:
-- has_other_runner: whether a runner whose ledger is looked into, by runner_tables.sql, keeps one here:
--   then a file without a row of ours may be applied all the same. Also where it may not be read: that
--   it is there is enough
-- holds_relations: whether there is a table, view or the like that is neither the system's, nor an
--   extension's, nor the ledger's
-- runner_tables: the tables that go by the names of well-known runners' ledgers, a JSON array; by
--   name alone, none of them is read. Supabase's own services keep theirs in schemas of their own.
SELECT coalesce(
         bool_or(
           class.relkind = 'r'
           AND CASE class.relname
                 WHEN 'schema_migrations' THEN namespace.nspname = 'supabase_migrations'
                 WHEN '_prisma_migrations'
                   THEN namespace.nspname !~ '^(pg_|information_schema$)'
               END),
         false) AS has_other_runner,
       EXISTS (
         SELECT
           FROM pg_class AS other
          -- What initdb made has a lower one; of its schemas people use public alone, 2200.
          WHERE other.oid >= 16384
            AND other.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND other.relpersistence <> 't'
            AND (other.relnamespace >= 16384 OR other.relnamespace = 2200)
            AND NOT (
                  other.relname = ANY (@ledgertables@ || @ledgerviews@)
                  AND other.relnamespace = (
                        SELECT own.oid FROM pg_namespace AS own WHERE own.nspname = @extschemaname@))
            -- One by one: the first that is no extension's ends it, while a join would read all.
            AND (
                  SELECT true
                    FROM pg_depend AS part
                   WHERE part.classid = 'pg_class'::regclass
                     AND part.objid = other.oid
                     AND part.deptype = 'e'
                   LIMIT 1) IS NULL) AS holds_relations,
       coalesce(
         json_agg(
           format('%I.%I', namespace.nspname, class.relname)
           ORDER BY namespace.nspname, class.relname)
         FILTER (
           WHERE CASE class.relname
                   WHEN 'changes' THEN namespace.nspname = 'sqitch'
                   WHEN 'migrations' THEN namespace.nspname IN ('graphile_migrate', 'pgroll')
                   ELSE namespace.nspname
                     !~ '^(pg_|_|information_schema$|auth$|storage$|realtime$)'
                 END),
         '[]') AS runner_tables
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
         'schema_migrations', 'SequelizeMeta']);
