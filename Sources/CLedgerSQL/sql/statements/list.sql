-- What `list` shows, newest first. @every_status@: true for rows of every status, false for the
-- applied ones alone; @limit@: a number, or NULL for all.
SELECT o.migration_name,
       o.migration_version,
       o.status,
       (extract(epoch FROM o.applied_at) * 1000000)::bigint AS applied_at_microseconds,
       o.can_rollback,
       o.has_rollback_sql,
       o.reason,
       CASE WHEN o.dependents <> '{}' THEN to_json(o.dependents) END AS dependents
  FROM @extschema@.migration_overview AS o
 WHERE @every_status@ OR o.status = 'applied'
 ORDER BY o.sequence DESC NULLS LAST, o.applied_at DESC NULLS LAST,
          o.migration_name COLLATE "C" DESC
 LIMIT @limit@;
