-- Did this run commit? Its events are there, or they are not. @run@: the run's uuid.
SELECT event.operation, event.outcome
FROM @extschema@.migration_event_log AS event
WHERE event.run_id OPERATOR(pg_catalog.=) @run@::pg_catalog.uuid
ORDER BY event.id;
