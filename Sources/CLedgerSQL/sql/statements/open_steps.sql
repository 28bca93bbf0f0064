-- What is half applied or half rolled back: a row for each statement that was begun, in their order.
-- Reads migration_open_steps, or what that reads.
SELECT o.migration_name,
       o.direction,
       o.statement_no,
       o.statement_count,
       o.checksum,
       (extract(epoch FROM o.started_at) * 1000000)::bigint AS started_at_microseconds,
       (extract(epoch FROM o.finished_at) * 1000000)::bigint AS finished_at_microseconds,
       o.error,
       o.observation,
       o.run_id,
       o.is_at_work
  FROM @steps@ AS o
 ORDER BY o.migration_name COLLATE "C", o.direction, o.statement_no;
