-- list_reader_risks: what the audience role could do beyond reading the company's schemas, as sentences.
-- params: none
-- returns: many (risk text)
-- writes: nothing
SELECT
    'pushline_audience may call ' || string_agg(DISTINCT f.name, ', ' ORDER BY f.name)
    || ': have a superuser run SELECT push.contain_audience_reader()' AS risk
FROM push.reader_risk AS f
WHERE f.is_open_to_reader
HAVING count(*) > 0
UNION ALL
SELECT 'pushline_audience is a superuser: ALTER ROLE pushline_audience NOSUPERUSER'
FROM pg_roles AS r
WHERE r.rolname = 'pushline_audience' AND r.rolsuper
UNION ALL
SELECT format('pushline_audience may change %s.%s: revoke all but SELECT', n.nspname, c.relname)
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND has_table_privilege('pushline_audience', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
UNION ALL
SELECT format('pushline_audience may read push.%s: audiences read the company''s schemas only', c.relname)
FROM pg_class AS c
WHERE
    c.relkind IN ('r', 'p', 'v') AND c.relnamespace = 'push'::regnamespace
    AND has_schema_privilege('pushline_audience', 'push', 'USAGE')
    AND has_table_privilege('pushline_audience', c.oid, 'SELECT')
UNION ALL
SELECT format('pushline_audience may create things in the schema %s: revoke CREATE', n.nspname)
FROM pg_namespace AS n
WHERE n.nspname !~ '^pg_' AND has_schema_privilege('pushline_audience', n.oid, 'CREATE')
