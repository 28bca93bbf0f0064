-- Which objects exist. @objects@: a JSON array of
--   {"number", "kind", "schema", "name", "relation", "arguments", "path"}
-- where "schema" is null for an unqualified name, which is then looked for in the schemas of "path"
-- (a file's own SET search_path) or, where that is null too, in those of the connection, kept by
-- session_facts.sql; "relation" is what a part belongs to: the table of a column, constraint,
-- trigger or policy, the type of an enum label, the domain of a constraint; "arguments" are the types
-- of a function's input arguments as format_type writes them, null for any; schemas of types are
-- passed over.
-- Yields the numbers of those that exist, and what runner_ledgers.sql found.
WITH wanted AS MATERIALIZED (
  SELECT o.number, o.kind, o.name, o.relation,
         CASE
           WHEN jsonb_typeof(o.arguments) = 'array'
             THEN ARRAY(SELECT regexp_replace(a.type, '^("([^"]|"")*"|[^".]+)[.]', '')
                          FROM jsonb_array_elements_text(o.arguments)
                                 WITH ORDINALITY AS a(type, place)
                         ORDER BY a.place)
         END AS arguments,
         CASE
           WHEN o.schema IS NOT NULL THEN ARRAY[o.schema]
           WHEN o.path IS NULL THEN here.schemas
           ELSE ARRAY(SELECT CASE p.schema WHEN '$user' THEN current_user::text ELSE p.schema END
                        FROM jsonb_array_elements_text(o.path) AS p(schema))
         END AS schemas
    FROM jsonb_to_recordset(@objects@::jsonb)
           AS o(number integer, kind text, schema text, name text, relation text,
                arguments jsonb, path jsonb)
   CROSS JOIN (
           SELECT ARRAY(SELECT s.name
                          FROM jsonb_array_elements_text(
                                 current_setting('migration_manager.schemas')::jsonb) AS s(name))
         ) AS here(schemas)
),
place AS MATERIALIZED (
  SELECT w.number, w.kind, w.name, w.relation, w.arguments, n.oid AS namespace
    FROM wanted AS w
   CROSS JOIN LATERAL unnest(w.schemas) AS s(name)
    JOIN pg_namespace AS n ON n.nspname = s.name
   WHERE w.kind NOT IN ('schema', 'extension')
),
existing AS (
  SELECT w.number
    FROM wanted AS w
    JOIN pg_namespace AS n ON n.nspname = w.name
   WHERE w.kind = 'schema'
   UNION
  SELECT w.number
    FROM wanted AS w
    JOIN pg_extension AS e ON e.extname = w.name
   WHERE w.kind = 'extension'
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_class AS c ON c.relnamespace = p.namespace AND c.relname = p.name
   WHERE c.relkind::text = ANY (CASE p.kind
           WHEN 'table' THEN ARRAY['r', 'p', 'f']
           WHEN 'view' THEN ARRAY['v']
           WHEN 'materialized view' THEN ARRAY['m']
           WHEN 'index' THEN ARRAY['i', 'I']
           WHEN 'sequence' THEN ARRAY['S']
           WHEN 'relation' THEN ARRAY['r', 'p', 'f', 'v', 'm', 'i', 'I', 'S']
           ELSE ARRAY[]::text[] END)
     -- What a failed CREATE INDEX CONCURRENTLY leaves behind is no index yet.
     AND NOT EXISTS (SELECT
                       FROM pg_index AS i
                      WHERE i.indexrelid = c.oid AND c.relkind = 'i' AND NOT i.indisvalid)
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_class AS c ON c.relnamespace = p.namespace AND c.relname = p.relation
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = p.name AND NOT a.attisdropped
   WHERE p.kind = 'column'
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_class AS c ON c.relnamespace = p.namespace AND c.relname = p.relation
    JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgname = p.name AND NOT t.tgisinternal
   WHERE p.kind = 'trigger'
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_class AS c ON c.relnamespace = p.namespace AND c.relname = p.relation
    JOIN pg_policy AS l ON l.polrelid = c.oid AND l.polname = p.name
   WHERE p.kind = 'policy'
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_class AS c ON c.relnamespace = p.namespace AND c.relname = p.relation
    JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.conname = p.name
   WHERE p.kind = 'constraint'
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_type AS t ON t.typnamespace = p.namespace AND t.typname = p.relation
    JOIN pg_constraint AS k ON k.contypid = t.oid AND k.conname = p.name
   WHERE p.kind = 'constraint'
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_proc AS f ON f.pronamespace = p.namespace AND f.proname = p.name
   WHERE p.kind = 'function'
     AND (p.arguments IS NULL
          OR (f.pronargs = cardinality(p.arguments)
              AND NOT EXISTS (
                    SELECT
                      FROM unnest(p.arguments, f.proargtypes::oid[]) AS a(wanted, type)
                     WHERE a.wanted <> regexp_replace(
                             format_type(a.type, NULL), '^("([^"]|"")*"|[^".]+)[.]', ''))))
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_type AS t ON t.typnamespace = p.namespace AND t.typname = p.name
   WHERE p.kind = 'type'
     -- Tables have a type of their name, too.
     AND NOT EXISTS (SELECT
                       FROM pg_class AS c
                      WHERE c.oid = t.typrelid AND c.relkind <> 'c')
   UNION
  SELECT p.number
    FROM place AS p
    JOIN pg_type AS t ON t.typnamespace = p.namespace AND t.typname = p.relation
    JOIN pg_enum AS e ON e.enumtypid = t.oid AND e.enumlabel = p.name
   WHERE p.kind = 'enum label'
)
SELECT coalesce((SELECT json_agg(e.number) FROM existing AS e), '[]') AS existing,
       nullif(current_setting('migration_manager.runner_ledgers', true), '') AS runner_ledgers;
