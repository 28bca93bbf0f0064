-- Did this run's transaction with a migration commit? Its event is there, or it is not. One run
-- writes many; what a person answered in it tells nothing of its end. @run@: the run's uuid. @name@: the
-- migration.
SELECT event.operation, event.outcome
FROM @extschema@.migration_event_log AS event
WHERE event.run_id OPERATOR(pg_catalog.=) @run@::pg_catalog.uuid
  AND event.migration_name OPERATOR(pg_catalog.=) @name@::pg_catalog.text
  AND event.operation OPERATOR(pg_catalog.<>) 'unseen'
ORDER BY event.id;
