-- Migration: 20250119083000_add_analytics_queue.sql
-- Description: Events wait in a table until a worker has counted them
-- Depends on: 20250106093000_create_users.sql

CREATE SCHEMA analytics;

CREATE TYPE analytics.event_status AS ENUM ('waiting', 'claimed', 'done', 'failed');

CREATE TABLE analytics.events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id uuid REFERENCES users ON DELETE SET NULL,
  name text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  status analytics.event_status NOT NULL DEFAULT 'waiting',
  attempts smallint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  claimed_at timestamptz,
  CHECK ((status = 'waiting') = (claimed_at IS NULL))
);

CREATE INDEX events_waiting_idx ON analytics.events (id) WHERE status = 'waiting';

-- Workers take disjoint batches: a locked row is another worker's.
CREATE FUNCTION analytics.claim_events(p_limit integer DEFAULT 100)
RETURNS SETOF analytics.events
LANGUAGE sql AS $$
  UPDATE analytics.events AS e
  SET status = 'claimed', claimed_at = now(), attempts = e.attempts + 1
  WHERE e.id IN (
    SELECT id FROM analytics.events
    WHERE status = 'waiting'
    ORDER BY id
    LIMIT p_limit
    FOR UPDATE SKIP LOCKED
  )
  RETURNING e.*;
$$;

-- ROLLBACK START
DROP FUNCTION analytics.claim_events(integer);
DROP TABLE analytics.events;
DROP TYPE analytics.event_status;
DROP SCHEMA analytics;
-- ROLLBACK END
