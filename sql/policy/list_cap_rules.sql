-- list_cap_rules: the cap rules of one policy; lengths in hours, so that a week is 168 hours whatever the clock does.
-- params: policy_id integer
-- returns: many (rule_no smallint, title text, push_class text, tag text, window_kind text, window_length interval, calendar_unit text, week_start smallint, maximum smallint, reserve smallint)
-- writes: nothing
SELECT
    c.rule_no,
    c.title,
    c.class::text AS push_class,
    c.tag,
    c.window_kind,
    make_interval(secs => extract(EPOCH FROM c.window_length)::float8) AS window_length,
    c.calendar_unit,
    c.week_start,
    c.maximum,
    c.reserve
FROM push.cap_rule AS c
WHERE c.policy_id = CAST(:policy_id AS integer)
ORDER BY c.rule_no
