-- Migration: 20250106093000_create_users.sql
-- Description: Accounts, found by e-mail address in any case

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL CHECK (email LIKE '%_@_%'),
  display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 80),
  api_key text UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE users IS 'People who sign in; authors stay when their projects go.';

CREATE UNIQUE INDEX users_email_key ON users (lower(email));

-- Shared by every table with an updated_at column.
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;

CREATE TRIGGER users_set_updated_at
  BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- ROLLBACK START
DROP TABLE users;
DROP FUNCTION set_updated_at();
-- ROLLBACK END
