-- function_check_team: why whoever is logged in may not offer in a class under a team's name, as a sentence with the way out;
--   null when it may, and when nobody has that name yet.
-- params: team text, class push.class (null: only the name counts)
-- returns: one (check_team text)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.check_team(team text, class push.class) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN push.writes_queue() THEN NULL
        WHEN EXISTS (SELECT FROM push.offering_team AS t WHERE t.team = check_team.team) AND NOT EXISTS (
            SELECT FROM push.offering_team AS t WHERE t.team = check_team.team AND t.role = session_user
        ) THEN format(
            'The name %s belongs to another login than %s: offer under a name of your own. If it is your team, whoever runs Pushline'
            || ' lets you in: SELECT push.let_team_offer(%L, %L)',
            team, session_user, team, session_user
        )
        WHEN class = 'transactional' AND NOT EXISTS (
            SELECT FROM push.offering_team AS t
            WHERE t.team = check_team.team AND t.role = session_user AND t.may_be_transactional
        ) THEN format(
            'Team %s may not offer transactional pushes: they skip caps, quiet hours and control groups. Use class trigger, or whoever runs'
            || ' Pushline allows it: SELECT push.let_team_offer(%L, %L, may_be_transactional => true)',
            team, team, session_user
        )
    END;
END;
REVOKE ALL ON FUNCTION push.check_team(text, push.class) FROM public;
