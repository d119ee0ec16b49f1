-- end_control_members: date the end of memberships whose group has ended or no longer reaches that far.
-- params: now timestamptz
-- returns: many (user_id bigint)
-- writes: push.control_member
UPDATE push.control_member AS m SET
    member_until = least(coalesce(g.ends_at, CAST(:now AS timestamptz)), CAST(:now AS timestamptz))
FROM push.control_group AS g
WHERE
    g.control_group_id = m.control_group_id AND m.member_until IS NULL
    AND (g.ends_at <= CAST(:now AS timestamptz) OR push.share_of(m.user_id, g.salt) >= g.share)
RETURNING m.user_id;
