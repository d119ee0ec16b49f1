-- function_ended_answers: of the answers that a taker gives, those that are an end and are kept: the best a position and installation.
-- params: positions smallint[], outcomes smallint[], reasons text[], installation_ids text[], states smallint[]
-- returns: many (push_position smallint, installation_id text, outcome smallint, reason text)
-- writes: nothing
-- why: about pushes that are cancelled or expired meanwhile an answer says nothing. Inlined into finish.
CREATE OR REPLACE FUNCTION push.ended_answers(
    positions smallint[], outcomes smallint[], reasons text[], installation_ids text[], states smallint[]
)
RETURNS TABLE (push_position smallint, installation_id text, outcome smallint, reason text)
LANGUAGE sql IMMUTABLE
AS $$
    SELECT DISTINCT ON (a.position, coalesce(a.installation_id, ''))
        a.position, coalesce(a.installation_id, ''), a.outcome, coalesce(a.reason, '')
    FROM unnest(positions, outcomes, reasons, installation_ids) AS a (position, outcome, reason, installation_id)
    WHERE a.outcome >= 2 AND states[a.position] NOT IN (6, 7)
    ORDER BY a.position, coalesce(a.installation_id, ''), push.rank_outcome(a.outcome)
$$;
REVOKE ALL ON FUNCTION push.ended_answers(smallint[], smallint[], text[], text[], smallint[]) FROM public;
