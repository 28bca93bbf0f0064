-- Migration: 20250124094500_hash_api_keys.sql
-- Description: Keep only what is needed to recognise an API key
-- Depends on: 20250106093000_create_users.sql

ALTER TABLE users ADD COLUMN api_key_hash bytea UNIQUE;

UPDATE users SET api_key_hash = sha256(convert_to(api_key, 'UTF8')) WHERE api_key IS NOT NULL;

ALTER TABLE users DROP COLUMN api_key;

-- ROLLBACK IRREVERSIBLE: the keys themselves are gone; bring them back from a backup or issue new ones
