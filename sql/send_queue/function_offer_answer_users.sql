-- function_offer_answer_users: what became of an offer, user by user.
-- params: team text, occasion_key text
-- returns: many (user_id bigint, decision text, sentence text, push_id uuid, not_before timestamptz)
-- writes: nothing
-- why: users not decided yet have no row; erased ones neither.
CREATE OR REPLACE FUNCTION push.offer_answer_users(team text, occasion_key text)
RETURNS TABLE (user_id bigint, decision text, sentence text, push_id uuid, not_before timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    offered_run bigint := push.find_offer(team, occasion_key);
BEGIN
    RETURN QUERY
    SELECT d.user_id, d.decision, d.sentence, d.push_id, d.not_before
    FROM push.decision AS d
    WHERE d.run_id = offered_run AND d.user_id IS NOT NULL
    ORDER BY d.user_id;
END $$;
REVOKE ALL ON FUNCTION push.offer_answer_users(text, text) FROM public;
GRANT EXECUTE ON FUNCTION push.offer_answer_users(text, text) TO pushline_producer, pushline_planner;
