-- offer_pushes: offers pushes of another team to the planner; answers the run.
-- params: team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before
--   timestamptz, expires_at timestamptz, at timestamptz
-- returns: one (run_id bigint)
-- writes: offer, offering_team, run, run_text, audience_block
SELECT push.offer(
    CAST(:team AS text), CAST(:occasion_key AS text), CAST(:class AS push.class), CAST(:lane AS push.lane),
    CAST(:user_ids AS bigint[]), CAST(:content AS jsonb), CAST(:not_before AS timestamptz), CAST(:expires_at AS timestamptz),
    CAST(:at AS timestamptz)
) AS run_id
