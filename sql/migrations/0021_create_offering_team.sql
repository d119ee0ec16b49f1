-- Which database role offers pushes for which team, and who may offer transactional ones. Until now every producer could offer, and read, as any
-- team, and choose by itself to skip caps, quiet hours and control groups.
CREATE TABLE push.offering_team (
    team text NOT NULL,
    role text NOT NULL,
    may_be_transactional boolean NOT NULL DEFAULT false,
    since timestamptz NOT NULL,
    PRIMARY KEY (team, role)
);
COMMENT ON TABLE push.offering_team IS
'Who may offer pushes under a team''s name and read what became of them: the role that did so first, and those that the owner adds.';
COMMENT ON COLUMN push.offering_team.role IS 'The login as which the team''s program connects.';
COMMENT ON COLUMN push.offering_team.may_be_transactional IS 'Whether it may offer pushes that skip caps, quiet hours and control groups.';

-- Whoever offered before goes on, as before.
INSERT INTO push.offering_team (team, role, may_be_transactional, since)
SELECT
    o.team,
    o.offered_by,
    coalesce(bool_or(r.class = 'transactional'), false),
    min(o.offered_at)
FROM push.offer AS o
LEFT JOIN push.run AS r ON r.source_kind = 'foreign' AND o.offer_id = r.source_id
GROUP BY o.team, o.offered_by;
