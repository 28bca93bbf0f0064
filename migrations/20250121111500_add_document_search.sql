-- Migration: 20250121111500_add_document_search.sql
-- Description: Full text search; a hit in the title counts more than one in the body
-- Depends on: 20250110102000_create_documents.sql

ALTER TABLE documents ADD COLUMN search_text tsvector NOT NULL GENERATED ALWAYS AS (
  setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')
) STORED;

CREATE INDEX documents_search_text_idx ON documents USING gin (search_text);

CREATE FUNCTION search_documents(p_query text, p_limit integer DEFAULT 20)
RETURNS TABLE (id uuid, title text, excerpt text)
LANGUAGE sql STABLE AS $$
  SELECT d.id, d.title, ts_headline('english', d.body, q)
  FROM documents AS d, websearch_to_tsquery('english', p_query) AS q
  WHERE d.search_text @@ q
  ORDER BY ts_rank(d.search_text, q) DESC, d.id
  LIMIT p_limit;
$$;

-- This section is commented: runners that send the whole file (psql -f, supabase db push) skip it.
-- ROLLBACK START
-- DROP FUNCTION search_documents(text, integer);
-- -- The index goes with its column.
-- ALTER TABLE documents DROP COLUMN search_text;
-- ROLLBACK END
