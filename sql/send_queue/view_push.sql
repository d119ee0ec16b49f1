-- view_push: one row a push, for people and BI.
-- params: none
-- returns: many (push_id uuid, run_id bigint, user_id bigint, run_day date, batch_id bigint, position smallint, bucket
--   smallint, variant smallint, language text, class push.class, lane push.lane, not_before timestamptz, state text)
-- writes: nothing
-- why: filter by run_id, or by bucket (push.bucket_of(user)) together with user_id: only those have an index. push_id
--   and user_id are null where the person was erased.
CREATE OR REPLACE VIEW push.push AS
SELECT
    push.push_id(b.run_id, nullif(p.user_id, 0)) AS push_id,
    b.run_id,
    nullif(p.user_id, 0) AS user_id,
    b.run_day,
    b.batch_id,
    p.position::smallint AS position,
    b.bucket,
    b.variant,
    b.language,
    b.class,
    b.lane,
    b.not_before,
    push.name_state(b.status, b.states[p.position]) AS state
FROM push.send_batch AS b
CROSS JOIN LATERAL unnest(b.users) WITH ORDINALITY AS p (user_id, position);
COMMENT ON VIEW push.push IS 'One row a push: who, in which batch, and in which state.';
GRANT SELECT ON push.push TO pushline_planner, pushline_bi;
