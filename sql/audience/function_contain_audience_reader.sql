-- function_contain_audience_reader: take from everybody the server's functions with which a mere SELECT could lock,
--      wait, signal or run other SQL.
-- params: none
-- returns: one (revoked integer)
-- writes: nothing
-- why: such functions are open to PUBLIC, and a right cannot be taken from one role alone. So PUBLIC loses them and
--      every role that
--      exists now, except pushline_audience, gets them by name. Roles made later need a grant of their own; Pushline's get
--      it when this is called again. Only what the caller
--      owns is touched: called by a superuser it does all, called by another owner nothing. nextval is not among
--      them: it needs
--      a right on the sequence, which the audience role has not, and other applications' defaults need it.
CREATE OR REPLACE FUNCTION push.contain_audience_reader() RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
DECLARE
    dangerous regprocedure;
    others text;
    ours text;
    is_public boolean;
    revoked integer := 0;
BEGIN
    SELECT
        string_agg(quote_ident(r.rolname), ', '), string_agg(quote_ident(r.rolname), ', ') FILTER (WHERE r.rolname ~ '^pushline_')
    INTO others, ours
    FROM pg_roles AS r
    WHERE r.rolname !~ '^pg_' AND r.rolname <> 'pushline_audience' AND NOT r.rolsuper;
    FOR dangerous, is_public IN
        SELECT f.oid::regprocedure, f.is_public FROM push.reader_risk AS f
        WHERE pg_has_role(current_user, f.owner, 'USAGE')
            -- Not what only superusers may call from the start.
            AND (f.is_public OR has_function_privilege('pushline_planner', f.oid, 'EXECUTE'))
    LOOP
        IF NOT is_public THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', dangerous, ours);
            CONTINUE;
        END IF;
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', dangerous, others);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', dangerous);
        revoked := revoked + 1;
    END LOOP;
    RETURN revoked;
END $$;
REVOKE EXECUTE ON FUNCTION push.contain_audience_reader() FROM public;
COMMENT ON FUNCTION push.contain_audience_reader IS 'Closes the server''s dangerous functions to the audience role; for a superuser to call.';
