-- The last error of each migration that could not be applied and is not applied since: rows
-- (migration_name, error). Whatever went well with the name after that has made the error history.
-- Reads migration_order and migration_event_log, or what they read.
SELECT DISTINCT ON (failure.migration_name)
       failure.migration_name,
       failure.error AS last_error
  FROM @events@ AS failure
 WHERE failure.outcome = 'fail'
   AND failure.operation = 'migrate'
   AND NOT EXISTS (
         SELECT FROM @order@ AS o
          WHERE o.migration_name = failure.migration_name AND o.status <> 'rolled_back')
   AND NOT EXISTS (
         SELECT FROM @events@ AS later
          WHERE later.migration_name = failure.migration_name
            AND later.id > failure.id
            AND later.outcome <> 'fail')
 ORDER BY failure.migration_name, failure.id DESC;
