-- What the catalog says of the object of a statement that runs outside transactions, to tell later
-- whether it was carried out. @question@: a JSON object {"kind", "name", "default_name", "relation",
-- "owner", "relation_number", "owner_number", "roles"}:
--   create_index   "owner": the table, "name": the index's; where the server gives it one,
--                  "default_name" is kept for the answer
--   index          "relation": the index that is dropped or built anew
--   table          "relation": the table whose indexes are built anew
--   schema         "name": the schema whose indexes are
--   all            those of the database
--   partition      "relation": the partition, "owner": the table that it is taken from
--   database, tablespace, subscription   "name"
-- "relation_number" and "owner_number" name the same by the oids that an earlier answer had; "roles" is
-- kept for the answer. Names of relations are such as to_regclass reads, and are looked up in the search path of the
-- session: all others here are qualified.
WITH asked AS MATERIALIZED (
  SELECT q.kind, q.name, q.default_name, q.roles,
         coalesce(q.relation_number, pg_catalog.to_regclass(q.relation)::pg_catalog.oid) AS relation,
         coalesce(q.owner_number, pg_catalog.to_regclass(q.owner)::pg_catalog.oid) AS owner
    FROM pg_catalog.jsonb_to_record(@question@::pg_catalog.jsonb)
           AS q(kind pg_catalog.text, name pg_catalog.text, default_name pg_catalog.text,
                relation pg_catalog.text, owner pg_catalog.text,
                relation_number pg_catalog.oid, owner_number pg_catalog.oid,
                roles pg_catalog.jsonb)
),
named AS MATERIALIZED (
  SELECT a.relation AS oid
    FROM asked AS a
   WHERE a.relation IS NOT NULL
   UNION ALL
  SELECT c.oid
    FROM asked AS a
    JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) a.owner
    JOIN pg_catalog.pg_class AS c
      ON c.relnamespace OPERATOR(pg_catalog.=) t.relnamespace
         AND c.relname OPERATOR(pg_catalog.=) a.name::pg_catalog.name
   WHERE a.kind OPERATOR(pg_catalog.=) 'create_index'::pg_catalog.text
),
-- The tables all of whose indexes matter. Building those of a table anew, the server builds those of
-- its TOAST table too.
tables AS MATERIALIZED (
  SELECT a.owner AS oid
    FROM asked AS a
   WHERE a.kind OPERATOR(pg_catalog.=) 'create_index'::pg_catalog.text
   UNION ALL
  SELECT i.indrelid
    FROM named AS n
    JOIN pg_catalog.pg_index AS i ON i.indexrelid OPERATOR(pg_catalog.=) n.oid
    JOIN asked AS a ON a.kind OPERATOR(pg_catalog.=) 'index'::pg_catalog.text
   UNION ALL
  SELECT t.oid
    FROM asked AS a
    JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) a.relation
   CROSS JOIN LATERAL (VALUES (c.oid), (c.reltoastrelid)) AS t(oid)
   WHERE a.kind OPERATOR(pg_catalog.=) 'table'::pg_catalog.text
),
indexes AS (
  SELECT c.oid, c.relname, s.nspname, i.indisvalid,
         pg_catalog.pg_get_indexdef(c.oid) AS definition,
         -- Which index another role builds, this role may not see: but everybody sees the lock on its
         -- table, which a build holds from its beginning to its end. It stands for one, whatever holds it
         -- but autovacuum, which has no role: DROP INDEX CONCURRENTLY would wait for it in any case, and
         -- a build in turn for that.
         NOT i.indisvalid
           AND (EXISTS (SELECT
                          FROM pg_catalog.pg_stat_progress_create_index AS p
                         WHERE p.index_relid OPERATOR(pg_catalog.=) c.oid)
                OR EXISTS (SELECT
                             FROM pg_catalog.pg_locks AS l
                             JOIN pg_catalog.pg_stat_activity AS b
                               ON b.pid OPERATOR(pg_catalog.=) l.pid
                            WHERE l.locktype OPERATOR(pg_catalog.=) 'relation'::pg_catalog.text
                              AND l.database
                                    OPERATOR(pg_catalog.=)
                                    (SELECT d.oid
                                       FROM pg_catalog.pg_database AS d
                                      WHERE d.datname
                                              OPERATOR(pg_catalog.=) pg_catalog.current_database())
                              AND l.relation OPERATOR(pg_catalog.=) i.indrelid
                              AND l.mode
                                    OPERATOR(pg_catalog.=) 'ShareUpdateExclusiveLock'::pg_catalog.text
                              AND l.granted
                              AND l.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
                              AND b.usesysid IS NOT NULL)) AS is_building
    FROM asked AS a
   CROSS JOIN pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid
    JOIN pg_catalog.pg_namespace AS s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
   WHERE EXISTS (SELECT
                   FROM tables AS t
                  WHERE t.oid OPERATOR(pg_catalog.=) i.indrelid)
      -- What REINDEX CONCURRENTLY leaves behind where it does not come to its end.
      OR (NOT i.indisvalid
          AND c.relname OPERATOR(pg_catalog.~) '_cc(new|old)[0-9]*$'::pg_catalog.text
          AND (a.kind OPERATOR(pg_catalog.=) 'all'::pg_catalog.text
               OR (a.kind OPERATOR(pg_catalog.=) 'schema'::pg_catalog.text
                   AND s.nspname OPERATOR(pg_catalog.=) a.name::pg_catalog.name)))
)
SELECT pg_catalog.json_build_object(
         'kind', a.kind,
         'name', a.name,
         'default_name', a.default_name,
         'relation', a.relation::pg_catalog.int8,
         'owner', a.owner::pg_catalog.int8,
         'roles', coalesce(a.roles, '[]'::pg_catalog.jsonb),
         'named', (SELECT n.oid::pg_catalog.int8 FROM named AS n),
         'indexes', (SELECT coalesce(
                              pg_catalog.json_agg(
                                pg_catalog.json_build_object(
                                  'oid', i.oid::pg_catalog.int8,
                                  'name', i.relname,
                                  'identity', pg_catalog.format('%I.%I', i.nspname, i.relname),
                                  'is_valid', i.indisvalid,
                                  'is_building', i.is_building,
                                  'definition', i.definition)
                                ORDER BY i.oid),
                              '[]'::pg_catalog.json)
                       FROM indexes AS i),
         'partition', (SELECT pg_catalog.json_build_object(
                                'parent', pg_catalog.format('%I.%I', ps.nspname, p.relname),
                                'partition', pg_catalog.format('%I.%I', cs.nspname, c.relname),
                                -- A column since PostgreSQL 14.
                                'is_pending',
                                coalesce(
                                  (pg_catalog.to_jsonb(h)
                                     OPERATOR(pg_catalog.->>) 'inhdetachpending'::pg_catalog.text
                                  )::pg_catalog.bool,
                                  false))
                         FROM pg_catalog.pg_inherits AS h
                         JOIN pg_catalog.pg_class AS p ON p.oid OPERATOR(pg_catalog.=) h.inhparent
                         JOIN pg_catalog.pg_namespace AS ps
                           ON ps.oid OPERATOR(pg_catalog.=) p.relnamespace
                         JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) h.inhrelid
                         JOIN pg_catalog.pg_namespace AS cs
                           ON cs.oid OPERATOR(pg_catalog.=) c.relnamespace
                        WHERE a.kind OPERATOR(pg_catalog.=) 'partition'::pg_catalog.text
                          AND h.inhparent OPERATOR(pg_catalog.=) a.owner
                          AND h.inhrelid OPERATOR(pg_catalog.=) a.relation),
         'is_there',
         (a.kind OPERATOR(pg_catalog.=) 'database'::pg_catalog.text
            AND EXISTS (SELECT
                          FROM pg_catalog.pg_database AS d
                         WHERE d.datname OPERATOR(pg_catalog.=) a.name::pg_catalog.name))
           OR (a.kind OPERATOR(pg_catalog.=) 'tablespace'::pg_catalog.text
               AND EXISTS (SELECT
                             FROM pg_catalog.pg_tablespace AS t
                            WHERE t.spcname OPERATOR(pg_catalog.=) a.name::pg_catalog.name))
           OR (a.kind OPERATOR(pg_catalog.=) 'subscription'::pg_catalog.text
               AND EXISTS (SELECT
                             FROM pg_catalog.pg_subscription AS b
                             JOIN pg_catalog.pg_database AS d
                               ON d.oid OPERATOR(pg_catalog.=) b.subdbid
                            WHERE b.subname OPERATOR(pg_catalog.=) a.name::pg_catalog.name
                              AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()))
       ) AS observation
  FROM asked AS a;
