-- Every recorded name with its status, in no order.
SELECT o.migration_name, o.status FROM @extschema@.migration_order AS o;
