-- The first look of every connection: is there a whole ledger of this version, all of it one owner's,
-- and may this role use it? One row, 'current'; or an error (22P02) by which the client knows that
-- session_check.sql must look closer and tell what is wrong.
-- @requirement@: 'read' or 'write'.
--
-- Nothing of the ledger is called or read, for the reason that session_check.sql gives: only
-- pg_catalog, behind set_search_path.sql. Plain SQL and few catalogs: a fresh backend has seen none
-- of them, and loading PL/pgSQL and compiling the whole check takes it longer than this.
SELECT CASE
    WHEN
      (
        SELECT count(*) = cardinality(@ledgertables@ || @ledgerviews@)
        FROM pg_class AS class
        WHERE class.relname = ANY (@ledgertables@ || @ledgerviews@)
          AND class.relnamespace = history.relnamespace
          AND class.relowner = history.relowner
          AND class.relkind =
            CASE WHEN class.relname = ANY (@ledgerviews@) THEN 'v' ELSE 'r' END::"char"
          AND class.relhasrules = (class.relkind = 'v')
      )
      AND (
        SELECT
          count(*) = cardinality(@ledgerfunctions@)
          AND bool_and(
            function.proowner = history.relowner
            AND function.proname || '(' || oidvectortypes(function.proargtypes) || ')'
              = ANY (@ledgerfunctions@))
        FROM pg_proc AS function
        WHERE function.proname = ANY (
            ARRAY(SELECT split_part(signature, '(', 1) FROM unnest(@ledgerfunctions@) AS signature))
          AND function.pronamespace = history.relnamespace
      )
      -- Whoever was granted TRIGGER can have code of his own run by whoever writes next.
      AND NOT EXISTS (
        SELECT
        FROM pg_trigger AS trigger
        JOIN pg_proc AS function ON function.oid = trigger.tgfoid
        WHERE trigger.tgrelid = ANY (
            ARRAY(
              SELECT to_regclass(format('%I.%I', @extschemaname@, name))
              FROM unnest(@ledgertables@ || @ledgerviews@) AS name))
          AND NOT trigger.tgisinternal
          AND (
            trigger.tgqual IS NOT NULL
            OR function.pronamespace <> history.relnamespace
            OR function.proowner <> history.relowner
            OR function.proname || '()' <> ALL (@ledgerfunctions@))
      )
      AND (
        current_setting('is_superuser') = 'off'
        OR pg_get_userbyid(history.relowner) = current_user
      )
      -- Here ledger_members.sql is put in, unless a superuser asks.
      AND (
        pg_has_role(history.relowner, 'USAGE')
@members@
      )
    THEN 'current'
    -- Not of literals alone: those would be converted when the statement is planned.
    ELSE ('migration-manager: look closer at ' || current_database())::integer::text
  END AS ledger
FROM (VALUES (true)) AS always
LEFT JOIN pg_class AS history
  ON history.oid = to_regclass(format('%I.migration_history', @extschemaname@))
  AND obj_description(history.oid, 'pg_class')
    LIKE 'migration-manager ledger, version @ledgerversion@:%';
