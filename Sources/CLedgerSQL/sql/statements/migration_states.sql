-- Every row in the order of application, without the rules' answer and without SQL texts: what
-- stands, what it was made from (the rollback SQL only where that stood in a file of its own), and
-- where the record came from. What was rolled back says when and by whom, and whether somebody only
-- said so, with resolve. A row without a sequence, which a hand has written, comes first.
-- Reads migration_order, or what that reads.
SELECT o.migration_name,
       o.status,
       o.checksum,
       o.rollback_file_checksum,
       o.is_registered,
       (extract(epoch FROM o.rollback_at) * 1000000)::bigint AS rolled_back_at_microseconds,
       o.rollback_by,
       o.is_resolved
  FROM @order@ AS o
 ORDER BY o.sequence NULLS FIRST, o.applied_at NULLS FIRST, o.migration_name COLLATE "C";
