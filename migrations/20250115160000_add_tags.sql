-- Migration: 20250115160000_add_tags.sql
-- Description: Tags of a project, put on its documents
-- Depends on: 20250110102000_create_documents.sql (document_tags points at documents)

CREATE TABLE tags (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  name text NOT NULL CHECK (name = btrim(name) AND name <> ''),
  color text CHECK (color ~ '^#[0-9a-f]{6}$')
);

CREATE UNIQUE INDEX tags_project_id_name_key ON tags (project_id, lower(name));

CREATE TABLE document_tags (
  document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
  tag_id bigint NOT NULL REFERENCES tags ON DELETE CASCADE,
  PRIMARY KEY (document_id, tag_id)
);

CREATE INDEX document_tags_tag_id_idx ON document_tags (tag_id);

-- ROLLBACK START
DROP TABLE document_tags;
DROP TABLE tags;
-- ROLLBACK END
