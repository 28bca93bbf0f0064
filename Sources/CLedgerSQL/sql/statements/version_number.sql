-- migration_version_number(migration_version), spelt out for the index.
CASE
  WHEN translate(migration_version, '-_', '') ~ '^[0-9]+$'
    THEN translate(migration_version, '-_', '')::numeric
  ELSE 0
END
