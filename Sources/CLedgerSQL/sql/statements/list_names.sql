-- The names alone, newest first: an index serves it. Placeholders as in list.sql.
SELECT o.migration_name
  FROM @extschema@.migration_order AS o
 WHERE @every_status@ OR o.status = 'applied'
 ORDER BY o.sequence DESC NULLS LAST, o.applied_at DESC NULLS LAST,
          o.migration_name COLLATE "C" DESC
 LIMIT @limit@;
