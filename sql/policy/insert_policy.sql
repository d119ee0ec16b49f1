-- insert_policy: a new policy, in force from a moment.
-- params: valid_from timestamptz, made_by text, note text, quiet_from time, quiet_until time, minimum_gap interval
-- returns: one (policy_id integer)
-- writes: policy
INSERT INTO push.policy (valid_from, made_by, note, quiet_from, quiet_until, minimum_gap)
VALUES (
    CAST(:valid_from AS timestamptz),
    CAST(:made_by AS text),
    CAST(:note AS text),
    CAST(:quiet_from AS time),
    CAST(:quiet_until AS time),
    CAST(:minimum_gap AS interval)
)
RETURNING policy_id
