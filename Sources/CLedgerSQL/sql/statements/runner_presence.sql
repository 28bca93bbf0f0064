-- Whether another runner keeps a ledger in this database that may be read: then a file without a
-- row of ours may be applied all the same.
SELECT coalesce(
         bool_or(ledger.stranger IS NULL AND ledger.is_readable AND NOT ledger.hides_rows),
         false) AS has_other_runner
  FROM (
@tables@
       ) AS ledger;
