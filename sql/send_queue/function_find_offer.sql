-- function_find_offer: the run of an offer of one's own team, or a sentence that there is none.
-- params: team text, occasion_key text
-- returns: one (run_id bigint)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.find_offer(team text, occasion_key text) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_run bigint := (
        SELECT r.run_id
        FROM push.offer AS o
        INNER JOIN push.run AS r ON r.source_kind = 'foreign' AND r.source_id = o.offer_id
        WHERE o.team = find_offer.team AND o.occasion_key = find_offer.occasion_key
    );
    complaint text := push.check_team(team, NULL);
BEGIN
    IF complaint IS NOT NULL THEN
        RAISE EXCEPTION '%', complaint USING ERRCODE = 'PQ003';
    END IF;
    IF found_run IS NULL THEN
        RAISE EXCEPTION 'Team % has offered nothing under "%".', team, occasion_key USING ERRCODE = 'PQ003';
    END IF;
    RETURN found_run;
END $$;
REVOKE ALL ON FUNCTION push.find_offer(text, text) FROM public;
