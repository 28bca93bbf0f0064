-- What happened, newest first. @name@: a text literal, or NULL for all; @limit@: a number or NULL.
-- Of one migration also under the names that it had before, each up to the event that took it away,
-- and the event by which the name was given up.
-- Its events are found name by name, kept apart by OFFSET 0: the index on names then serves.
WITH RECURSIVE known(name, before) AS (
  SELECT @name@::text, 9223372036854775807
  UNION
  SELECT renamed.old_name, renamed.id
    FROM known
    CROSS JOIN LATERAL (
           SELECT logged.id, logged.operation, logged.details ->> 'old_name' AS old_name
             FROM @extschema@.migration_event_log AS logged
            WHERE logged.migration_name = known.name
           OFFSET 0
         ) AS renamed
   WHERE renamed.operation = 'rename'
     AND renamed.id < known.before
)
SELECT (extract(epoch FROM event.occurred_at) * 1000000)::bigint AS occurred_at_microseconds,
       event.run_id,
       event.migration_name,
       event.operation,
       event.outcome,
       event.role_name,
       event.os_user,
       event.host,
       event.tool_version,
       (event.duration_ms * 1000)::bigint AS duration_microseconds,
       event.checksum,
       event.up_checksum,
       event.error,
       event.reason,
       event.details
  FROM @extschema@.migration_event_log AS event
 WHERE @name@::text IS NULL
    OR event.id = ANY (
         ARRAY(
           SELECT borne.id
             FROM known
             CROSS JOIN LATERAL (
                    SELECT logged.id
                      FROM @extschema@.migration_event_log AS logged
                     WHERE logged.migration_name = known.name
                    OFFSET 0
                  ) AS borne
            WHERE borne.id < known.before
           UNION
           SELECT renamed.id
             FROM @extschema@.migration_event_log AS renamed
            WHERE renamed.operation = 'rename'
              AND renamed.details ->> 'old_name' = @name@
         ))
 ORDER BY event.id DESC
 LIMIT @limit@;
