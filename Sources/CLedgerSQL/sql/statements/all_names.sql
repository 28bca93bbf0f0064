-- Every recorded name, to find what a mistyped one was meant to be.
SELECT o.migration_name FROM @extschema@.migration_overview AS o;
