-- The last error of each migration that could not be applied and is not applied since: rows
-- (migration_name, error). Whatever went well with the name after that has made the error history.
SELECT DISTINCT ON (failure.migration_name)
       failure.migration_name,
       failure.error AS last_error
  FROM @extschema@.migration_event_log AS failure
 WHERE failure.outcome = 'fail'
   AND failure.operation = 'migrate'
   AND NOT EXISTS (
         SELECT FROM @extschema@.migration_order AS o
          WHERE o.migration_name = failure.migration_name AND o.status <> 'rolled_back')
   AND NOT EXISTS (
         SELECT FROM @extschema@.migration_event_log AS later
          WHERE later.migration_name = failure.migration_name
            AND later.id > failure.id
            AND later.outcome <> 'fail')
 ORDER BY failure.migration_name, failure.id DESC;
