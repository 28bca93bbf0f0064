-- Migration: 20250110102000_create_documents.sql
-- Description: Documents, and every text they ever had
-- Depends on: 20250108141500_create_projects.sql, 20250106093000_create_users.sql

CREATE TABLE documents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  author_id uuid REFERENCES users ON DELETE SET NULL,
  title text NOT NULL CHECK (title <> ''),
  body text NOT NULL DEFAULT '',
  position integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, position) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE document_revisions (
  document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
  revision integer NOT NULL CHECK (revision > 0),
  title text NOT NULL,
  body text NOT NULL,
  replaced_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (document_id, revision)
);

CREATE TRIGGER documents_set_updated_at
  BEFORE UPDATE ON documents
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE FUNCTION keep_document_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO document_revisions (document_id, revision, title, body)
  SELECT OLD.id, coalesce(max(r.revision), 0) + 1, OLD.title, OLD.body
  FROM document_revisions AS r
  WHERE r.document_id = OLD.id;
  RETURN NULL;
END;
$$;

CREATE TRIGGER documents_keep_revision
  AFTER UPDATE OF title, body ON documents
  FOR EACH ROW
  WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.body IS DISTINCT FROM NEW.body)
  EXECUTE FUNCTION keep_document_revision();

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;

CREATE POLICY documents_members_read ON documents
  FOR SELECT USING (project_role_of(project_id, current_user_id()) IS NOT NULL);

CREATE POLICY documents_editors_write ON documents
  FOR ALL USING (project_role_of(project_id, current_user_id()) IN ('owner', 'editor'));

-- ROLLBACK START
DROP TABLE document_revisions;
DROP TABLE documents;
DROP FUNCTION keep_document_revision();
-- ROLLBACK END
