-- Which objects exist. @objects@: a JSON array of
--   {"number", "kind", "schema", "name", "relation", "arguments", "path"}
-- where "schema" is null for an unqualified name, which is then looked for in the schemas of "path"
-- (a file's own SET search_path) or, where that is null too, in those of the connection, kept by
-- session_facts.sql; "relation" is the table of a column; "arguments" is how many input arguments a
-- function takes, null for any.
-- Yields the numbers of those that exist, and what the Supabase CLI's ledger says.
WITH wanted AS MATERIALIZED (
  SELECT o.number, o.kind, o.name, o.relation, o.arguments,
         CASE
           WHEN o.schema IS NOT NULL THEN ARRAY[o.schema]
           ELSE ARRAY(SELECT CASE p.schema WHEN '$user' THEN current_user::text ELSE p.schema END
                        FROM jsonb_array_elements_text(
                               CASE
                                 WHEN jsonb_typeof(o.path) = 'array' THEN o.path
                                 ELSE current_setting('migration_manager.schemas')::jsonb
                               END) AS p(schema))
         END AS schemas
    FROM jsonb_to_recordset(@objects@::jsonb)
           AS o(number integer, kind text, schema text, name text, relation text,
                arguments integer, path jsonb)
)
SELECT coalesce(json_agg(w.number) FILTER (WHERE
         CASE
           WHEN w.kind = 'schema' THEN
             EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = w.name)
           WHEN w.kind = 'column' THEN
             EXISTS (SELECT
                       FROM pg_namespace AS n
                       JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.relation
                       JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = w.name
                      WHERE n.nspname = ANY (w.schemas) AND NOT a.attisdropped)
           WHEN w.kind IN ('function', 'procedure') THEN
             EXISTS (SELECT
                       FROM pg_namespace AS n
                       JOIN pg_proc AS p ON p.pronamespace = n.oid AND p.proname = w.name
                      WHERE n.nspname = ANY (w.schemas)
                        AND (w.arguments IS NULL OR p.pronargs = w.arguments))
           WHEN w.kind = 'type' THEN
             EXISTS (SELECT
                       FROM pg_namespace AS n
                       JOIN pg_type AS t ON t.typnamespace = n.oid AND t.typname = w.name
                      WHERE n.nspname = ANY (w.schemas))
           ELSE
             EXISTS (SELECT
                       FROM pg_namespace AS n
                       JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.name
                      WHERE n.nspname = ANY (w.schemas)
                        AND c.relkind::text = ANY (CASE w.kind
                              WHEN 'table' THEN ARRAY['r', 'p', 'f']
                              WHEN 'view' THEN ARRAY['v']
                              WHEN 'materialized view' THEN ARRAY['m']
                              WHEN 'index' THEN ARRAY['i', 'I']
                              WHEN 'sequence' THEN ARRAY['S']
                              ELSE ARRAY[]::text[] END))
         END), '[]') AS existing,
       nullif(current_setting('migration_manager.supabase_versions', true), '')
         AS supabase_versions
  FROM wanted AS w;
