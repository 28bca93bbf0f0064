-- Every migration with the answer to "can it be rolled back", without any SQL text.
-- The rules stand here and nowhere else: migration_guard and the public functions read them.
-- The dependents are grouped once and joined: a full read is a hash join, and a filter on
-- migration_name reaches the grouped side too, where the index on depends_on serves it.
CREATE OR REPLACE VIEW @extschema@.migration_overview WITH (security_barrier) AS
SELECT
  migration.migration_name,
  migration.migration_version,
  migration.status,
  migration.applied_at,
  migration.applied_by,
  migration.rollback_at,
  migration.rollback_by,
  migration.checksum,
  migration.metadata,
  migration.has_rollback_sql,
  migration.dependents,
  migration.status = 'applied'
    AND cardinality(migration.dependents) = 0
    AND migration.has_rollback_sql AS can_rollback,
  CASE
    WHEN migration.status <> 'applied'
      THEN 'Migration status is ' || migration.status || ', not applied'
    WHEN cardinality(migration.dependents) > 0
      THEN 'Cannot rollback: other migrations depend on this one'
    WHEN NOT migration.has_rollback_sql
      THEN 'No rollback SQL defined for this migration'
    ELSE 'Migration can be safely rolled back'
  END AS reason,
  (migration.metadata ->> 'sequence')::numeric AS sequence
FROM (
  SELECT
    history.*,
    COALESCE(dependent.names, '{}') AS dependents,
    -- The first characters nearly always tell, and spare reading a long text from TOAST.
    COALESCE(
      substr(history.rollback_sql, 1, 40) ~ '[^[:space:]]'
        OR history.rollback_sql ~ '[^[:space:]]',
      false) AS has_rollback_sql
  FROM @extschema@.migration_history AS history
  LEFT JOIN (
    SELECT
      dependency.depends_on,
      array_agg(
        dependency.migration_name ORDER BY dependency.migration_name COLLATE "C") AS names
    FROM @extschema@.migration_dependencies AS dependency
    JOIN @extschema@.migration_history AS dependent_history
      ON dependent_history.migration_name = dependency.migration_name
    -- A failed rollback changed nothing: what it should have removed still stands.
    WHERE dependent_history.status <> 'rolled_back'
    GROUP BY dependency.depends_on
  ) AS dependent ON dependent.depends_on = history.migration_name
) AS migration
WHERE (SELECT visibility.visible FROM @extschema@.migration_visibility AS visibility);

COMMENT ON VIEW @extschema@.migration_overview IS
  'migration-manager: every migration, whether it can be rolled back, and why not';
