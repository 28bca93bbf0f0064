-- Closed by default: takes from every role but the owner what default privileges gave to
-- objects that this transaction made. Older ones are left alone: what an administrator granted
-- on them since is meant. The ones that existed before stand in a setting of the transaction.
DO $ledger$
DECLARE
  existing CONSTANT oid[] := current_setting('migration_manager.existing_objects')::oid[];
  ledger_schema CONSTANT oid := (SELECT oid FROM pg_namespace WHERE nspname = @extschemaname@);
  granted record;
BEGIN
  FOR granted IN
    WITH relation AS (
      SELECT class.oid, class.relkind, class.relname, class.relowner, class.relacl, class.reltype
      FROM pg_class AS class
      WHERE class.relnamespace = ledger_schema
        AND (
          obj_description(class.oid, 'pg_class') ~ '^migration-manager'
          OR class.relname IN ('migration_events_id_seq', 'migration_steps_id_seq'))
    ),
    object AS (
      SELECT
        relation.oid,
        CASE relation.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
        format('%I.%I', @extschemaname@, relation.relname) AS identity,
        relation.relowner AS owner,
        COALESCE(
          relation.relacl,
          acldefault(
            CASE relation.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relation.relowner)
        ) AS privileges
      FROM relation
      UNION ALL
      SELECT
        type.oid, 'TYPE', format('%I.%I', @extschemaname@, type.typname), type.typowner,
        COALESCE(type.typacl, acldefault('T', type.typowner))
      FROM pg_type AS type
      JOIN relation ON relation.reltype = type.oid
      UNION ALL
      SELECT
        function.oid, 'FUNCTION', function.oid::regprocedure::text, function.proowner,
        COALESCE(function.proacl, acldefault('f', function.proowner))
      FROM pg_proc AS function
      WHERE function.pronamespace = ledger_schema
        AND obj_description(function.oid, 'pg_proc') ~ '^migration-manager'
      UNION ALL
      SELECT
        namespace.oid, 'SCHEMA', format('%I', namespace.nspname), namespace.nspowner,
        COALESCE(namespace.nspacl, acldefault('n', namespace.nspowner))
      FROM pg_namespace AS namespace
      WHERE namespace.oid = ledger_schema
    )
    SELECT DISTINCT
      object.kind,
      object.identity,
      CASE privilege.grantee WHEN 0 THEN 'PUBLIC' ELSE privilege.grantee::regrole::text END
        AS grantee
    FROM object
    CROSS JOIN aclexplode(object.privileges) AS privilege
    WHERE object.oid <> ALL (existing)
      AND privilege.grantee <> object.owner
  LOOP
    EXECUTE format(
      'REVOKE ALL ON %s %s FROM %s', granted.kind, granted.identity, granted.grantee);
  END LOOP;
END;
$ledger$;
