-- Migration: 20250108141500_create_projects.sql
-- Description: Projects and who may see and change them
-- Depends on: 20250106093000_create_users.sql

CREATE TYPE project_role AS ENUM ('owner', 'editor', 'reader');

CREATE TABLE projects (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  title text NOT NULL CHECK (title <> ''),
  summary text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE project_members (
  project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  role project_role NOT NULL,
  joined_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, user_id)
);

CREATE INDEX project_members_user_id_idx ON project_members (user_id);
CREATE UNIQUE INDEX project_members_one_owner ON project_members (project_id) WHERE role = 'owner';

CREATE TRIGGER projects_set_updated_at
  BEFORE UPDATE ON projects
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- The application says whom it works for: SET LOCAL app.user_id = '…'.
CREATE FUNCTION current_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.user_id', true), '')::uuid;

-- Runs as its owner: a policy on project_members that read project_members would never end.
CREATE FUNCTION project_role_of(p_project_id uuid, p_user_id uuid) RETURNS project_role
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT m.role
  FROM project_members AS m
  WHERE m.project_id = p_project_id AND m.user_id = p_user_id;
END;

ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE project_members ENABLE ROW LEVEL SECURITY;

CREATE POLICY projects_members_read ON projects
  FOR SELECT USING (project_role_of(id, current_user_id()) IS NOT NULL);

CREATE POLICY projects_editors_write ON projects
  FOR UPDATE USING (project_role_of(id, current_user_id()) IN ('owner', 'editor'));

CREATE POLICY project_members_read ON project_members
  FOR SELECT USING (project_role_of(project_id, current_user_id()) IS NOT NULL);

-- ROLLBACK START
DROP POLICY project_members_read ON project_members;
DROP POLICY projects_editors_write ON projects;
DROP POLICY projects_members_read ON projects;
DROP FUNCTION project_role_of(uuid, uuid);
DROP FUNCTION current_user_id();
DROP TABLE project_members;
DROP TABLE projects;
DROP TYPE project_role;
-- ROLLBACK END
