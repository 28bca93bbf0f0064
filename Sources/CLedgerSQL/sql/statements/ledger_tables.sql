ARRAY[
  'migration_history', 'migration_dependencies', 'migration_events', 'migration_snapshots',
  'migration_steps', 'migration_lease']
