-- What check.sql says, in its words, the SQL that a rollback would run, and why the last one failed;
-- newest first.
-- @names@: a text[] literal.
SELECT checked.*,
       h.rollback_sql,
       CASE WHEN checked.status = 'failed' THEN h.notes END AS failure
  FROM (
@check@
       ) AS checked
  JOIN @extschema@.migration_history AS h ON h.migration_name = checked.migration_name
 ORDER BY (h.metadata ->> 'sequence')::numeric DESC NULLS LAST, h.applied_at DESC NULLS LAST,
          h.migration_name COLLATE "C" DESC;
