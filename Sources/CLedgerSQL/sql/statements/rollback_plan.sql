-- What check.sql says, in its words, and the SQL that a rollback would run.
-- @names@: a text[] literal.
SELECT checked.*,
       h.rollback_sql
  FROM (
@check@
       ) AS checked
  JOIN @extschema@.migration_history AS h ON h.migration_name = checked.migration_name;
