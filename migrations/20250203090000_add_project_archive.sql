-- Migration: 20250203090000_add_project_archive.sql
-- Description: Archived projects stay readable and refuse changes
-- Depends on: 20250108141500_create_projects.sql

ALTER TABLE projects ADD COLUMN archived_at timestamptz;

CREATE INDEX projects_archived_at_idx ON projects (archived_at) WHERE archived_at IS NOT NULL;

CREATE VIEW active_projects WITH (security_invoker = true) AS
  SELECT p.id, p.title, p.summary, p.updated_at
  FROM projects AS p
  WHERE p.archived_at IS NULL;

ALTER POLICY projects_editors_write ON projects
  USING (
    archived_at IS NULL
    AND project_role_of(id, current_user_id()) IN ('owner', 'editor')
  )
  WITH CHECK (project_role_of(id, current_user_id()) IN ('owner', 'editor'));

-- ROLLBACK START
DROP VIEW active_projects;
DROP POLICY projects_editors_write ON projects;
CREATE POLICY projects_editors_write ON projects
  FOR UPDATE USING (project_role_of(id, current_user_id()) IN ('owner', 'editor'));
ALTER TABLE projects DROP COLUMN archived_at;
-- ROLLBACK END
