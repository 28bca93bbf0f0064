-- Tells the transaction whose run it is, for events of functions that are not told:
-- init, grants and snapshots. @run@: a uuid. @client@: {"os_user", "host", "tool_version",
-- "reason", "details"} as JSON, any key may be absent.
SELECT
  pg_catalog.set_config('migration_manager.run_id', @run@, true),
  pg_catalog.set_config('migration_manager.client', @client@, true);
