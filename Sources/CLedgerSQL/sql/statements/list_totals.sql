-- The totals of `list`, which a limit does not change. @every_status@ as in list.sql.
SELECT count(*) AS total,
       count(*) FILTER (WHERE o.can_rollback) AS rollbackable
  FROM @extschema@.migration_overview AS o
 WHERE @every_status@ OR o.status = 'applied';
