-- Where we are, in one row. Runs under the user's search_path: plain calls of pg_catalog's
-- functions, no operators. The schemas of that path are kept for later statements of the
-- transaction, which run under pg_catalog alone.
SELECT
  pg_catalog.current_database() AS database,
  current_user AS "user",
  session_user AS session_user,
  pg_catalog.host(pg_catalog.inet_server_addr()) AS server_address,
  pg_catalog.inet_server_port() AS server_port,
  pg_catalog.pg_is_in_recovery() AS is_in_recovery,
  pg_catalog.pg_backend_pid() AS server_process_id,
  pg_catalog.current_setting('server_version_num') AS server_version_num,
  pg_catalog.version() AS version,
  pg_catalog.current_setting('max_locks_per_transaction') AS locks_per_transaction,
  pg_catalog.jsonb_build_array(
    pg_catalog.current_setting('max_connections')::pg_catalog.int4,
    pg_catalog.current_setting('max_prepared_transactions')::pg_catalog.int4,
    pg_catalog.current_setting('max_worker_processes')::pg_catalog.int4,
    pg_catalog.current_setting('max_wal_senders')::pg_catalog.int4,
    pg_catalog.current_setting('autovacuum_max_workers')::pg_catalog.int4) AS lock_holders,
  pg_catalog.current_setting('synchronous_commit') AS synchronous_commit,
  pg_catalog.current_setting('client_connection_check_interval', true) AS connection_check,
  pg_catalog.current_setting('search_path') AS search_path,
  pg_catalog.set_config(
    'migration_manager.schemas',
    pg_catalog.array_to_json(pg_catalog.current_schemas(false))::pg_catalog.text,
    true) AS schemas;
