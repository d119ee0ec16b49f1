-- insert_cap_rule: one cap rule of a new policy; refused when it looks back longer than batches are kept.
-- params: policy_id integer, rule_no smallint, title text, push_class text, tag text, window_kind text, window_length interval, calendar_unit text, week_start smallint, maximum smallint, reserve smallint
-- returns: none
-- writes: cap_rule
INSERT INTO push.cap_rule (
    policy_id, rule_no, title, class, tag, window_kind, window_length, calendar_unit, week_start, maximum, reserve
)
VALUES (
    CAST(:policy_id AS integer),
    CAST(:rule_no AS smallint),
    CAST(:title AS text),
    CAST(CAST(:push_class AS text) AS push.class),
    CAST(:tag AS text),
    CAST(:window_kind AS text),
    CAST(:window_length AS interval),
    CAST(:calendar_unit AS text),
    CAST(:week_start AS smallint),
    CAST(:maximum AS smallint),
    CAST(:reserve AS smallint)
)
