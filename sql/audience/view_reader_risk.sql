-- view_reader_risk: the server's functions with which a mere SELECT could lock, wait, signal or run other SQL, and to
--      whom they are open.
CREATE OR REPLACE VIEW push.reader_risk AS
SELECT
    p.oid,
    p.proname AS name,
    p.proowner AS owner,
    EXISTS(
        SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'
    ) AS is_public,
    has_function_privilege('pushline_audience', p.oid, 'EXECUTE') AS is_open_to_reader
FROM pg_proc AS p
WHERE
    p.pronamespace = 'pg_catalog'::regnamespace
    AND (
        p.proname ~ '^(pg_(try_)?advisory_.*|pg_notify|set_config|pg_sleep.*|pg_(terminate|cancel)_backend)$'
        OR p.proname ~ '^(pg_export_snapshot|pg_logical_emit_message|pg_read_.*|pg_ls_.*|pg_stat_file)$'
        OR p.proname ~ '^((query|table|schema|database|cursor)_to_xml.*|lowrite|loread)$'
        OR p.proname ~ '^lo_(create|creat|from_bytea|put|import|export|unlink|open|get|truncate.*)$'
    );
COMMENT ON VIEW push.reader_risk IS 'Functions of the server that the audience role must not have.';
