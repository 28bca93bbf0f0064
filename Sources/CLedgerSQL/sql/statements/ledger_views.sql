ARRAY[
  'migration_visibility', 'migration_overview', 'migration_order', 'migration_event_log',
  'migration_open_steps']
