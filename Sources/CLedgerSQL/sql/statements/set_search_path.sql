-- From here on nothing that a user made can stand in for a name of PostgreSQL's own.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
