-- function_let_team_offer: lets a login offer under a team's name, and says whether transactional pushes, too. For the owner.
-- params: team text, role text, may_be_transactional boolean
-- returns: one (let_team_offer void)
-- writes: offering_team
CREATE OR REPLACE FUNCTION push.let_team_offer(team text, role text, may_be_transactional boolean DEFAULT false) RETURNS void
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO push.offering_team AS t (team, role, may_be_transactional, since)
    VALUES (let_team_offer.team, let_team_offer.role, let_team_offer.may_be_transactional, clock_timestamp())
    ON CONFLICT (team, role) DO UPDATE SET may_be_transactional = excluded.may_be_transactional;
END;
REVOKE ALL ON FUNCTION push.let_team_offer(text, text, boolean) FROM public;
