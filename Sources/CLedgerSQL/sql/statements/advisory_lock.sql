  -- The lock of all runners, by try: see functions/migration_lock.sql.
  DECLARE
    holder pg_catalog.record;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'MM011',
        MESSAGE = format(
          'transaction isolation is %s, not read committed',
          current_setting('transaction_isolation')),
        HINT = 'begin with ''BEGIN ISOLATION LEVEL READ COMMITTED''';
    END IF;

    IF NOT pg_try_advisory_xact_lock(1296918386, hashtext(@extschemaname@)) THEN
      -- Left joins: the holder may have ended meanwhile, or be hidden from this role.
      SELECT
        lock.pid,
        activity.usename AS "user",
        NULLIF(activity.application_name, '') AS application,
        NULLIF(activity.query, '<insufficient privilege>') AS query,
        -- Of every transaction another one, and no secret, as its beginning is to other roles.
        lock.virtualtransaction AS transaction,
        (extract(epoch FROM activity.xact_start) * 1000000)::bigint AS since
      INTO holder
      FROM (VALUES (true)) AS always(found)
      LEFT JOIN pg_locks AS lock
        ON lock.locktype = 'advisory'
        AND lock.granted
        AND lock.classid = 1296918386::oid
        AND lock.objid = (hashtext(@extschemaname@)::bigint & 4294967295)::oid
        AND lock.objsubid = 2
        AND lock.database = (
          SELECT current.oid FROM pg_database AS current WHERE current.datname = current_database())
      LEFT JOIN pg_stat_activity AS activity ON activity.pid = lock.pid
      LIMIT 1;

      RAISE EXCEPTION USING
        ERRCODE = 'MM004',
        MESSAGE = format(
          'another migration run holds the lock on the ledger in schema "%s"', @extschemaname@),
        DETAIL = to_jsonb(holder)::text,
        HINT = 'wait until it has ended, then try again';
    END IF;
  END;
