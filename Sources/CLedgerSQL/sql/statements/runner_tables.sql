-- The tables in which other runners keep their ledgers, and what speaks against using them.
-- stranger: an owner of the table or its schema whose code a query would run (the functions of an
-- index, a policy or a column's type): not this role, no superuser, not the database's owner.
-- reaction: a trigger, rule or foreign key on it, any of which runs its maker's code for whoever
-- writes. Who made a trigger is not on record, so that none can be told to be harmless.
SELECT runner.name AS runner,
       class.oid AS table_oid,
       namespace.nspname::text AS schema,
       class.relname::text AS name,
       format('%I.%I', namespace.nspname, class.relname) AS identity,
       (SELECT role.rolname::text
          FROM unnest(ARRAY[class.relowner, namespace.nspowner]) AS holder(oid)
          JOIN pg_roles AS role ON role.oid = holder.oid
         WHERE NOT role.rolsuper
           AND role.rolname NOT IN (current_user, 'pg_database_owner')
           AND role.oid <> (SELECT database.datdba FROM pg_database AS database
                             WHERE database.datname = current_database())
         LIMIT 1) AS stranger,
       has_schema_privilege(namespace.oid, 'USAGE')
         AND has_table_privilege(class.oid, 'SELECT') AS is_readable,
       has_table_privilege(
         class.oid, CASE runner.name WHEN 'supabase' THEN 'DELETE' ELSE 'UPDATE' END)
         AS is_writable,
       row_security_active(class.oid) AS hides_rows,
       (SELECT min(reaction.name)
          FROM (SELECT coalesce(foreign_key.conname, trigger.tgname)::text AS name
                  FROM pg_trigger AS trigger
                  LEFT JOIN pg_constraint AS foreign_key
                    ON foreign_key.oid = trigger.tgconstraint
                 WHERE trigger.tgrelid = class.oid
                 UNION ALL
                SELECT rule.rulename::text
                  FROM pg_rewrite AS rule
                 WHERE rule.ev_class = class.oid) AS reaction) AS reaction
  FROM (VALUES ('supabase', 'schema_migrations'), ('prisma', '_prisma_migrations'))
         AS runner(name, table_name)
  JOIN pg_class AS class ON class.relname = runner.table_name
  JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
 WHERE class.relkind = 'r'
   AND CASE runner.name
         WHEN 'supabase' THEN namespace.nspname = 'supabase_migrations'
         ELSE namespace.nspname !~ '^(pg_|information_schema$)'
       END
 ORDER BY runner.name DESC, namespace.nspname;
