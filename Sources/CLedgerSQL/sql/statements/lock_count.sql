-- How many entries of the server's lock table it takes to drop some relations, about: theirs, those
-- of what goes with them, and one for each object that hangs on them (manual, chapter 13.3
-- "Explicit Locking"; LockDatabaseObject in lmgr.c).
-- @names@: JSON, [{"schema", "name"}]; the schema is null where a search path decides: then any one
-- of that name is counted.
WITH RECURSIVE named AS (
  SELECT DISTINCT ON (w.schema, w.name) c.oid
    FROM jsonb_to_recordset(@names@) AS w(schema text, name text)
    JOIN pg_class AS c ON c.relname = w.name
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
   WHERE n.nspname = coalesce(w.schema, n.nspname)
     AND n.nspname <> 'information_schema'
     AND n.nspname !~ '^pg_'
   ORDER BY w.schema, w.name, c.oid
),
dropped AS (
  SELECT named.oid FROM named
  UNION
  SELECT i.inhrelid FROM dropped JOIN pg_inherits AS i ON i.inhparent = dropped.oid
),
relation AS (
  SELECT c.oid,
         -- Itself, its row type and that one's array type, its TOAST table and the index of that.
         1 + CASE WHEN c.reltype <> 0 THEN 2 ELSE 0 END
           + CASE WHEN c.reltoastrelid <> 0 THEN 2 ELSE 0 END AS locks
    FROM dropped
    JOIN pg_class AS c ON c.oid = dropped.oid
)
SELECT (
         coalesce((SELECT sum(r.locks) FROM relation AS r), 0)
         + (SELECT count(*) FROM relation AS r JOIN pg_index AS i ON i.indrelid = r.oid)
         + (SELECT count(*) FROM relation AS r JOIN pg_constraint AS c ON c.conrelid = r.oid)
         + (SELECT count(*) FROM relation AS r JOIN pg_attrdef AS d ON d.adrelid = r.oid)
         + (SELECT count(*) FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid)
         + (SELECT count(*) FROM relation AS r JOIN pg_policy AS p ON p.polrelid = r.oid)
         + (SELECT count(*) FROM relation AS r JOIN pg_rewrite AS w ON w.ev_class = r.oid)
         + (
             SELECT count(*)
               FROM relation AS r
               JOIN pg_depend AS d
                 ON d.refclassid = 'pg_class'::regclass
                AND d.refobjid = r.oid
                AND d.classid = 'pg_class'::regclass
                AND d.deptype IN ('a', 'i')
               JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
           )
       )::bigint AS lock_count;
