-- Raises MM004, as the lock does, where another run holds the lease and is alive.
-- Alive is one whose lease has not run out: each of its transactions gives it 30 seconds more. A lone
-- statement may take longer, so is one that is seen to run, or has just ended. On a direct connection
-- its server process is known; where that is gone, so is the run, at once. Behind a pooler it is any
-- whose query names the run. Where this role may not see what the other one does, a process of that
-- role with a transaction open stands for it: pg_locks hides nothing.
-- A dead one on a direct connection may have a message on its way to a server process that waits for it:
-- that process is ended before anybody goes on. Who may not do that does not go on; who only looks, in a
-- transaction that is READ ONLY, leaves it alone.
-- creation.sql and statements/drop_ledger.sql have the same block, where there may be no functions.
CREATE OR REPLACE FUNCTION @extschema@.migration_check_lease()
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $ledger$
DECLARE
  own_run CONSTANT uuid := NULLIF(current_setting('migration_manager.run_id', true), '')::uuid;
  held record;
  backend record;
  is_alive boolean;
BEGIN
  SELECT lease.*
  INTO held
  FROM @extschema@.migration_lease AS lease
  WHERE lease.is_only AND lease.run_id IS DISTINCT FROM own_run;

  -- No RETURN where there is none: it would leave the whole script that has this block.
  SELECT activity.pid, activity.application_name, activity.query, activity.backend_start,
    activity.state IS NULL AND NOT held.is_direct AS is_hidden, served.is_busy
  INTO backend
  FROM pg_stat_activity AS activity
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN COALESCE(activity.state, 'disabled') = 'disabled'
        THEN EXISTS (
          SELECT
          FROM pg_locks AS lock
          WHERE lock.pid = activity.pid AND lock.locktype = 'virtualxid' AND lock.granted)
      ELSE (held.is_direct OR strpos(activity.query, held.run_id::text) > 0)
        AND (
          activity.state = 'active'
          OR activity.state_change > clock_timestamp() - interval '30 seconds')
    END AS is_busy
  ) AS served
  WHERE activity.datname = current_database()
    AND activity.pid <> pg_backend_pid()
    AND CASE
      WHEN held.is_direct
        THEN activity.pid = held.pid
          AND COALESCE(
            activity.backend_start = held.backend_start, activity.usename = held.role_name)
      ELSE activity.usename = held.role_name
    END
  ORDER BY served.is_busy DESC, activity.pid = held.pid DESC
  LIMIT 1;

  is_alive := held.run_id IS NOT NULL
    AND (backend.pid IS NOT NULL OR NOT held.is_direct)
    AND (held.expires_at > clock_timestamp() OR COALESCE(backend.is_busy, false));

  IF held.is_direct AND backend.pid IS NOT NULL AND NOT is_alive
    AND current_setting('transaction_read_only') = 'off'
  THEN
    is_alive := true;
    BEGIN
      FOR attempt IN 1..250 LOOP
        EXIT WHEN backend.backend_start IS NULL
          OR attempt = 1 AND NOT pg_terminate_backend(backend.pid);
        PERFORM pg_sleep(0.02);
        PERFORM pg_stat_clear_snapshot();
        is_alive := EXISTS (
          SELECT
          FROM pg_stat_get_activity(backend.pid) AS process
          WHERE process.backend_start = backend.backend_start);
        EXIT WHEN NOT is_alive;
      END LOOP;
    EXCEPTION
      WHEN insufficient_privilege THEN
        NULL;
    END;
  END IF;

  IF is_alive THEN
    RAISE EXCEPTION USING
      ERRCODE = 'MM004',
      MESSAGE = format(
        'another migration run holds the ledger in schema "%s": it is at statement %s of '
          'migration "%s"',
        @extschemaname@, held.statement_no, held.migration_name),
      DETAIL = jsonb_build_object(
        'pid', CASE
          WHEN held.is_direct OR backend.is_busy AND NOT backend.is_hidden THEN backend.pid
        END,
        'user', held.role_name,
        'application', CASE
          WHEN NOT backend.is_hidden THEN NULLIF(backend.application_name, '')
        END,
        -- Behind a pooler, any process of that role may be it.
        'is_hidden', NULLIF(backend.is_hidden AND held.expires_at <= clock_timestamp(), false),
        'query', CASE
          WHEN held.is_direct OR backend.is_busy
            THEN NULLIF(NULLIF(backend.query, '<insufficient privilege>'), '')
        END,
        -- Of every statement another one: who waits sees that it gets on.
        'transaction', format('%s/%s/%s', held.run_id, held.migration_name, held.statement_no),
        'since', (extract(epoch FROM held.taken_at) * 1000000)::bigint,
        'migration_name', held.migration_name,
        'direction', held.direction,
        'statement', held.statement_no,
        'os_user', NULLIF(held.os_user, ''),
        'host', NULLIF(held.host, ''))::text,
      HINT = 'wait until it has ended, then try again';
  END IF;
END;
$ledger$;

COMMENT ON FUNCTION @extschema@.migration_check_lease() IS
  'migration-manager: raises MM004 where another run holds the lease and is alive';
